"""`/video text`, from the command to the film; what stands on the card meanwhile."""

import re
from typing import Any

import pytest

from bot.domain.task import TaskState
from sandbox.discord import Message
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, World, card_of


async def test_the_first_answer_is_the_card(world: World) -> None:
    """The first answer is the card, in public: prompt, model, length, shape, cost, requester.

    It names no balance, pings nobody, and lets the requester cancel.
    """
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot():
        call = await world.ada.slash(world.channel, "video text", prompt="a paper boat")
        card = card_of(call)

        assert not call.failed
        for fact in ("a paper boat", "Text to Video", "5 s", "16:9", "5 credits"):
            assert fact in card.text
        assert world.ada.mention in card.text
        assert "495" not in re.sub(r"<[^>]*>", "", card.text)  # ids are no figures
        assert card.pings == []
        await card.until(lambda shown: "Accepted by the video service" in shown.text)
        assert [button.label for button in card.buttons] == ["Cancel"]


async def test_the_film_is_a_message_that_calls_its_requester(world: World) -> None:
    """The film replies to the card, pings the requester alone, and is named after its task."""
    async with world.bot() as app:
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="A paper boat!"))
        message = await world.film_message(card)
        await card.until(lambda shown: message.jump_url in shown.text)
        task = await world.task(app)

        assert message.pings == [world.ada.user]
        assert [file.name for file in message.attachments] == [f"a-paper-boat-{task.id}.mp4"]
        assert card.pings == []
        assert card.buttons == []
        assert "Done" in card.text


async def test_a_film_costs_its_price_once(world: World) -> None:
    """One hold when it is ordered, settled when it is there; the shown state is the row's."""
    async with world.bot() as app:
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))

        assert (await world.task(app)).state is TaskState.DELIVERED
        facts = [(entry.kind.value, entry.credits) for entry in await world.ledger(app)]
        assert facts == [("hold", -5), ("settle", 0)]
        assert await world.left(app) == FULL_POOL - 5
        assert len(world.aivideomaker.creates) == 1


async def test_a_thread_is_a_channel(world: World) -> None:
    """Card and film of a command used in a thread stand in that thread."""
    thread = world.channel.add_thread("boats")
    async with world.bot():
        call = await world.ada.slash(thread, "video text", prompt="a paper boat")
        await world.film(call)

        assert len(thread.messages) == 2
        assert world.channel.messages == []


HOSTILE = (
    "@everyone <@{ben}> <@&{role}> **loud** # big `tick ||gone|| [here](https://evil.example)"
    " <t:0:R> https://evil.example"
)


async def test_a_prompt_cannot_ping_or_break_the_card(world: World) -> None:
    """Mentions, markdown, timestamps and links in a prompt are shown as typed, and do nothing."""
    role = world.guild.add_role("Crew")
    role.mentionable = True
    prompt = HOSTILE.format(ben=world.ben.id, role=role.id)
    async with world.bot():
        card = card_of(await world.ada.slash(world.channel, "video text", prompt=prompt))
        film = await world.film_message(card)
        await card.until(lambda shown: film.jump_url in shown.text)

        assert card.pings == []
        assert film.pings == [world.ada.user]
        for live in ("@everyone", f"<@{world.ben.id}>", "**loud**", "||gone||", "https://evil"):
            assert live not in _unescaped(card)
            assert live not in film.text
        assert world.aivideomaker.requests[0].json["prompt"] == prompt  # type: ignore[index] # a dict


def _unescaped(message: Message) -> str:
    r"""What is left of a text once every escaped sign (``\*``) is gone."""
    pairs = message.text.split("\\")
    return pairs[0] + "".join(part[1:] for part in pairs[1:])


async def test_a_later_line_of_a_prompt_is_no_heading(world: World) -> None:
    """Line breaks of a prompt are gone from the card, so no line of it can be a heading."""
    async with world.bot():
        prompt = "a boat\n# shouting\n> quoting\n- listing"
        card = card_of(await world.ada.slash(world.channel, "video text", prompt=prompt))
        assert "a boat # shouting" in card.text.splitlines()[0].replace("\\", "")


async def test_models_are_offered_with_prices(world: World) -> None:
    """While the model is typed, the list has what the command takes, each with its lowest price."""
    async with world.bot():
        text = await world.ada.autocomplete(world.channel, "video text", focused="model")
        image = await world.ada.autocomplete(world.channel, "video image", focused="model")
        typed = await world.ada.autocomplete(
            world.channel, "video text", focused="model", model="sora"
        )

        assert [choice.value for choice in text] == ["t2v", "t2v_v3", "sora-2"]
        assert [choice.value for choice in image] == ["i2v", "i2v_v3", "sora-2"]
        assert [choice.value for choice in typed] == ["sora-2"]
        prices = ["from 5 credits", "from 50 credits", "from 40 credits"]
        for choice, price in zip(text, prices, strict=True):
            assert price in choice.name


@pytest.mark.parametrize(
    ("chosen", "aspects", "lengths"),
    [
        ({}, ["16:9", "9:16", "1:1"], [(5, 5), (8, 8)]),
        (
            {"model": "t2v_v3"},
            ["16:9", "9:16", "1:1"],
            [(5, 50), (10, 100), (15, 150), (20, 200)],
        ),
        ({"model": "sora-2"}, ["16:9", "9:16"], [(4, 40), (8, 80), (12, 120)]),
    ],
)
async def test_shape_and_length_depend_on_the_model(
    world: World, chosen: dict[str, Any], aspects: list[str], lengths: list[tuple[int, int]]
) -> None:
    """Only what the chosen (or default) model makes is offered; each length has its price."""
    async with world.bot():
        shapes = await world.ada.autocomplete(
            world.channel, "video text", focused="aspect", **chosen
        )
        times = await world.ada.autocomplete(
            world.channel, "video text", focused="duration", **chosen
        )

        assert [choice.value for choice in shapes] == aspects
        assert [choice.value for choice in times] == [seconds for seconds, _ in lengths]
        names = [f"{seconds} s, {price} credits" for seconds, price in lengths]
        assert [choice.name for choice in times] == names
