"""`/video` orders, played by members at a local Discord against the real Desk and database."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.discord_ui.words import words_for
from bot.errors import Refusal, StoreUnavailable
from sandbox.discord import Answer, Channel, Discord, Fault, Member, Upload
from tests.cogs.asking import caller, only_task, tasks_of
from tests.cogs.pictures import picture
from tests.discord_ui.house import House, discord_at, house_in

CALLBACK = "/interactions/{interaction}/{token}/callback"
ORIGINAL = "/webhooks/{application}/{token}/messages/@original"


async def test_a_sentence_becomes_a_card_at_once(
    house: House, channel: Channel, ada: Member
) -> None:
    """The first answer to `/video text` is the card, public, and its id and token are stored."""
    call = await ada.slash(channel, "video text", prompt="a fox in the snow")
    assert call.message is not None
    for fact in ("a fox in the snow", "5 credits", ada.mention, "In the queue"):
        assert fact in call.message.text
    task = await only_task(house, ada)
    assert task.card_message_id == call.message.id
    assert task.token == call.interaction.token
    seen = house.painter.digest(await house.desk.view(caller(ada), task.id))
    assert [(task.guild_id, task.id, seen)] == house.screen.cards
    assert call.message.pings == []


async def test_every_option_reaches_the_desk(house: House, channel: Channel, ada: Member) -> None:
    """Model, shape and length are taken as asked for."""
    options = {"model": "t2v_v3", "aspect": "9:16", "duration": 10}
    await ada.slash(channel, "video text", prompt="a fox", **options)
    task = await only_task(house, ada)
    assert (task.model, task.aspect, task.duration) == ("t2v_v3", "9:16", timedelta(seconds=10))
    assert task.locale == "en-US"


async def test_a_picture_becomes_a_card(house: House, channel: Channel, ada: Member) -> None:
    """`/video image` takes an attachment; the first answer is the card."""
    call = await ada.slash(channel, "video image", image=picture(), prompt="it runs")
    assert call.message is not None
    assert "it runs" in (await call.answered()).text
    assert (await only_task(house, ada)).picture is not None


async def test_a_long_film_takes_shots(house: House, channel: Channel, ada: Member) -> None:
    """`/video long` takes a picture and a sentence a shot, in their order."""
    call = await ada.slash(channel, "video long", image=picture(), shot1="one", shot2="two")
    assert "one" in (await call.answered()).text
    assert (await only_task(house, ada)).prompts == ("one", "two")


@pytest.mark.parametrize(
    ("command", "options", "code"),
    [
        ("video text", {"prompt": "  "}, Refusal.EMPTY_PROMPT),
        ("video text", {"prompt": "x" * 6000}, Refusal.PROMPT_TOO_LONG),
        ("video text", {"prompt": "x", "model": "`@everyone`"}, Refusal.UNKNOWN_MODEL),
        ("video text", {"prompt": "x", "model": "i2v"}, Refusal.WRONG_DOOR),
        ("video text", {"prompt": "x", "aspect": "4:3"}, Refusal.WRONG_ASPECT),
        ("video text", {"prompt": "x", "duration": 6}, Refusal.WRONG_DURATION),
        ("video text", {"prompt": "x", "duration": -(2**53) + 1}, Refusal.WRONG_DURATION),
        ("video text", {"prompt": "x", "duration": 2**53 - 1}, Refusal.WRONG_DURATION),
        ("video show", {"id": "nonsense"}, Refusal.UNKNOWN_TASK),
        ("video cancel", {"id": "0123456789ab"}, Refusal.UNKNOWN_TASK),
        ("video image", {"image": Upload("a.png", b"not a picture")}, Refusal.NOT_A_PICTURE),
    ],
)
async def test_bad_input_is_refused_kindly_and_privately(
    house: House,
    channel: Channel,
    ada: Member,
    command: str,
    options: dict[str, Any],
    code: Refusal,
) -> None:
    """Whatever is wrong with an option, its member alone reads what to do; nothing is held."""
    call = await (await ada.slash(channel, command, **options)).answered()
    (answer,) = call.private
    beginning = words_for("en").refusals[code][-1].split("{", 1)[0].split(" ", 1)[0]
    assert answer.text.startswith((beginning, "`", "I don't", "That"))
    assert "wrong on my side" not in answer.text
    assert call.message is None
    assert await tasks_of(house, ada) == []


async def test_without_credits_the_answer_is_private(
    house: House, channel: Channel, ada: Member
) -> None:
    """A balance is told to its owner only, with what to do."""
    for _ in range(2):
        await ada.slash(channel, "video text", prompt="x", model="t2v_v3", duration=10)
    await house.accounts.set_server(caller(ada), 100, None)
    call = await ada.slash(channel, "video text", prompt="x")
    assert call.message is None
    assert "costs 5 credits and the server has -100 left" in call.private[0].text
    assert "/quota grant" in call.private[0].text


async def test_a_slow_picture_thinks_in_public_and_becomes_the_card(
    world: Discord, channel: Channel, ada: Member, tmp_path: Path
) -> None:
    """Slower than two seconds: a public "thinking", later the card; the id is stored."""
    async with house_in(world, tmp_path, patience=timedelta(0)) as house:
        call = await ada.slash(channel, "video image", image=picture(), prompt="it runs")
        assert call.message is not None
        await call.answered()
        assert "it runs" in call.message.text
        assert (await only_task(house, ada)).card_message_id == call.message.id


async def test_a_slow_bad_picture_leaves_nothing_in_public(
    world: Discord, channel: Channel, ada: Member, tmp_path: Path
) -> None:
    """A "thinking" whose order is refused is removed, and the reason told privately."""
    async with house_in(world, tmp_path, patience=timedelta(0)):
        call = await ada.slash(channel, "video image", image=Upload("a.png", b"no"))
        await call.until(lambda seen: bool(seen.private))
        assert call.message is None
        assert "picture" in call.private[0].text
        assert channel.messages == []


async def test_a_card_whose_confirmation_was_lost_is_found(
    house: House, world: Discord, channel: Channel, ada: Member
) -> None:
    """The connection broke after Discord had shown the card: its id is asked for."""
    lost = Answer(400, {"code": 40060, "message": "acknowledged"}, after_effect=True)
    world.faults.add(Fault("POST", CALLBACK, lost))
    call = await ada.slash(channel, "video text", prompt="a fox")
    assert call.message is not None
    assert (await only_task(house, ada)).card_message_id == call.message.id
    assert house.screen.cards == []


@pytest.mark.parametrize("slow", [False, True])
async def test_an_order_that_automod_blocks_still_has_its_card(
    world: Discord, channel: Channel, ada: Member, tmp_path: Path, slow: bool
) -> None:
    """The words of a prompt may be forbidden here: the card does without them."""
    blocked = Answer(400, {"code": 200000, "message": "Message was blocked"})
    way = ("PATCH", ORIGINAL) if slow else ("POST", CALLBACK)
    world.faults.add(Fault(*way, blocked))
    async with house_in(world, tmp_path, patience=timedelta(0 if slow else 2)) as house:
        call = await ada.slash(channel, "video image", image=picture(), prompt="it runs")
        assert "In the queue" in (await call.answered()).text
        assert call.message is not None
        assert "it runs" not in call.message.text
        assert "AutoMod" in call.message.text
        assert (await only_task(house, ada)).card_message_id == call.message.id


async def test_an_order_whose_card_never_appeared_is_left_to_recovery(tmp_path: Path) -> None:
    """Answered too late for Discord: the task stays without a card and is never sent."""
    unknown = Answer(404, {"code": 10062, "message": "Unknown interaction"})
    async with discord_at(ack_deadline=timedelta(milliseconds=200)) as world:
        guild = world.add_guild("Studio")
        world.faults.add(Fault("POST", CALLBACK, unknown, times=0))
        ada = guild.add_member("Ada")
        async with house_in(world, tmp_path) as house:
            call = await ada.slash(guild.add_channel("general"), "video text", prompt="a fox")
            assert call.failed
            assert (await only_task(house, ada)).card_message_id is None


async def test_a_database_that_is_away_is_no_bug_to_a_member(
    house: House, channel: Channel, ada: Member
) -> None:
    """The member reads that nothing was charged and when to try again."""
    house.desk.place = AsyncMock(side_effect=StoreUnavailable("disk full"))  # type: ignore[method-assign] # its fault
    call = await ada.slash(channel, "video text", prompt="a fox")
    assert call.message is None
    assert "ry again in a minute" in call.private[0].text


async def test_a_bug_gives_a_reference_and_no_traceback(
    house: House, channel: Channel, ada: Member, caplog: pytest.LogCaptureFixture
) -> None:
    """Unforeseen: the member gets a reference, the log the same one with the traceback."""
    house.desk.place = AsyncMock(side_effect=ZeroDivisionError("a detail"))  # type: ignore[method-assign] # a bug
    call = await ada.slash(channel, "video text", prompt="a fox")
    (answer,) = call.private
    reference = answer.text.split("`")[1]
    assert "a detail" not in answer.text
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text
