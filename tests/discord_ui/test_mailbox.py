"""The mailbox at a local Discord: cards edited on the right way, films posted once and found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.task import Task
from bot.errors import CannotPost, Failure, FilmTooLarge, Unreachable
from bot.pipeline.ports import CardView, Mailbox, Posted, Route
from sandbox.discord import (
    Answer,
    Channel,
    Discord,
    Fault,
    Guild,
    Member,
    Message,
    Permissions,
    Reset,
    Upload,
)
from tests.discord_ui.building import S, task
from tests.discord_ui.house import House, house_in
from tests.pipeline.doubles import FILM

BY_TOKEN = "/webhooks/{application}/{token}/messages/{message}"
BY_BOT = "/channels/{channel}/messages/{message}"
SEND = "/channels/{channel}/messages"
MIB = 1024 * 1024


@pytest.fixture
async def card(house: House, channel: Channel, ada: Member) -> Message:
    """Ada's card, its id and token known to the Desk."""
    call = await ada.slash(channel, "video text", prompt="a fox")
    await house.settled()
    assert call.message is not None
    return call.message


@pytest.fixture
async def ordered(house: House, card: Message, ada: Member) -> Task:
    """The task of the card."""
    async with house.store.read(ada.guild.id) as rows:
        (found,) = await rows.tasks_of(ada.id, limit=2)
    assert found.card_message_id == card.id
    return found


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Put a film on disk."""
    path = tmp_path / "film.mp4"
    path.write_bytes(FILM)
    return path


def _edits(world: Discord) -> list[str]:
    return [request.route for request in world.requests if request.method == "PATCH"]


def _recently() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


async def _shown(house: House, seen: CardView) -> None:
    """Refresh and wait until the edit was made."""
    house.mailbox.refresh(seen)
    await house.mailbox.close(timedelta(seconds=5))


async def test_it_is_the_pipelines_mailbox(house: House) -> None:
    """The pipeline's protocol is met (mypy reads this line)."""
    mailbox: Mailbox = house.mailbox
    assert mailbox is house.mailbox


async def test_a_card_is_edited_by_its_token_while_that_lives(
    house: House, world: Discord, card: Message, ordered: Task
) -> None:
    """The token's way needs no permission; what was shown is reported once."""
    running = CardView(replace(ordered, state=S.RUNNING))
    house.screen.cards.clear()
    await _shown(house, running)
    assert "Being filmed" in card.text
    assert _edits(world) == [BY_TOKEN]
    digest = house.painter.digest(running)
    assert [(ordered.guild_id, ordered.id, digest)] == house.screen.cards


@pytest.mark.parametrize("dead", ["expired at Discord", "erased from the row"])
async def test_a_card_is_edited_as_the_bot_afterwards(
    house: House, world: Discord, card: Message, ordered: Task, dead: str
) -> None:
    """A token that died early or was erased changes nothing for the member."""
    world.expire_tokens()
    token = None if dead.startswith("erased") else ordered.token
    await _shown(house, CardView(replace(ordered, state=S.RUNNING, token=token)))
    assert "Being filmed" in card.text
    assert _edits(world)[-1] == BY_BOT


async def test_nothing_is_edited_that_did_not_change(
    house: House, world: Discord, ordered: Task
) -> None:
    """The same look twice is one edit; a look that the row knows of is none."""
    running = CardView(replace(ordered, state=S.RUNNING))
    await _shown(house, running)
    await _shown(house, CardView(replace(ordered, state=S.RUNNING, attempts=3)))
    digest = house.painter.digest(CardView(replace(ordered, state=S.RENDERED)))
    other = replace(ordered, id="f" * 12, state=S.RENDERED)
    known = house.painter.digest(CardView(other))
    await _shown(house, CardView(replace(other, card_shown=known)))
    assert len(_edits(world)) == 1
    assert known == digest


@pytest.mark.parametrize("fault", [Answer(503), Reset(), Answer(500, {"code": 0})])
async def test_an_edit_survives_troubles(
    house: House, world: Discord, card: Message, ordered: Task, fault: Answer | Reset
) -> None:
    """Broken connections and 5xx cost time, not the card."""
    world.faults.add(Fault("PATCH", BY_BOT, fault))
    await _shown(house, CardView(replace(ordered, state=S.RUNNING, token=None)))
    assert "Being filmed" in card.text


async def test_a_deleted_card_is_left_alone(
    house: House, world: Discord, card: Message, ordered: Task
) -> None:
    """After one 404 nothing more is asked: Discord counts such requests against us."""
    card.delete()
    for state in (S.SUBMITTED, S.RUNNING, S.RENDERED):
        await _shown(house, CardView(replace(ordered, state=state, token=None)))
    assert _edits(world) == [BY_BOT]


async def test_an_edit_that_is_not_taken_closes_no_card(
    house: House, world: Discord, card: Message, ordered: Task
) -> None:
    """A 400 is about what was said, not about the place: the next state is shown."""
    world.faults.add(Fault("PATCH", BY_BOT, Answer(400, {"code": 50035, "message": "Invalid"})))
    for state in (S.RUNNING, S.RENDERED):
        await _shown(house, CardView(replace(ordered, state=state, token=None)))
    assert "on its way here" in card.text


@pytest.mark.parametrize("token", [True, False], ids=["by token", "as the bot"])
async def test_an_edit_that_automod_blocks_is_made_without_the_words(
    house: House, world: Discord, card: Message, ordered: Task, *, token: bool
) -> None:
    """The state is worth more than the prompt; what was shown counts as shown."""
    blocked = Answer(400, {"code": 200000, "message": "Message was blocked"})
    world.faults.add(Fault("PATCH", BY_TOKEN if token else BY_BOT, blocked))
    known = ordered if token else replace(ordered, token=None)
    running = CardView(replace(known, state=S.RUNNING))
    await _shown(house, running)
    await _shown(house, running)
    assert "Being filmed" in card.text
    assert "a fox" not in card.text
    assert len(_edits(world)) == 2


@pytest.fixture
def failed(ordered: Task) -> Task:
    """The task, failed two minutes after its order."""
    ended_at = ordered.created_at + timedelta(minutes=2)
    return replace(ordered, state=S.FAILED, failure=Failure.SERVICE_FAILED, ended_at=ended_at)


async def test_a_late_failure_is_told_by_a_message_of_its_own(
    house: House, channel: Channel, card: Message, failed: Task, ada: Member
) -> None:
    """An edit notifies nobody: a reply pings the requester alone, once, and it is noted."""
    for _ in range(2):
        await _shown(house, CardView(failed))
    (told,) = [message for message in channel.messages if message != card]
    assert (told.reply_to, told.pings) == (card, [ada.user])
    assert "the card says why" in told.text
    assert (failed.guild_id, failed.id) in house.screen.news
    await _shown(house, CardView(replace(failed, told=True)))
    assert len(house.screen.news) == 2


async def test_where_we_may_not_write_a_failure_is_told_by_the_card_alone(
    house: House, world: Discord, channel: Channel, card: Message, failed: Task
) -> None:
    """A closed channel is asked once; nothing is tried for ever."""
    world.faults.add(Fault("POST", SEND, Answer(403, {"code": 50013}), times=0))
    await _shown(house, CardView(failed))
    assert "tried and failed" in card.text
    assert channel.messages == [card]
    assert house.screen.news == [(failed.guild_id, failed.id)]


async def test_news_survive_a_discord_in_trouble(
    house: House, world: Discord, channel: Channel, card: Message, failed: Task
) -> None:
    """A 503 costs time, not the message."""
    world.faults.add(Fault("POST", SEND, Answer(503)))
    await _shown(house, CardView(failed))
    assert len([message for message in channel.messages if message != card]) == 1


async def test_a_film_is_a_reply_that_pings_its_requester_alone(
    house: House, channel: Channel, card: Message, ordered: Task, film: Path, ada: Member
) -> None:
    """A new plain message with the MP4, named after the task, as a reply to the card."""
    posted = await house.mailbox.post(ordered, film, Route.REPLY)
    message = channel.messages[-1]
    assert Posted(channel.id, message.id, Route.REPLY) == posted
    assert card == message.reply_to
    assert [ada.user] == message.pings
    (attached,) = message.attachments
    assert (attached.name, attached.data) == (f"a-fox-{ordered.id}.mp4", FILM)


@pytest.mark.usefixtures("channel")
async def test_a_film_posted_twice_is_one_message(house: House, ordered: Task, film: Path) -> None:
    """Discord's nonce catches a repetition that follows at once."""
    first = await house.mailbox.post(ordered, film, Route.REPLY)
    assert first == await house.mailbox.post(ordered, film, Route.REPLY)


async def test_a_film_whose_confirmation_was_lost_is_found(
    house: House, world: Discord, channel: Channel, ordered: Task, film: Path
) -> None:
    """The connection broke after the upload: the channel's history tells."""
    assert await house.mailbox.find(ordered, _recently()) is None
    world.faults.add(Fault("POST", SEND, Reset(after_effect=True)))
    with pytest.raises(Unreachable):
        await house.mailbox.post(ordered, film, Route.REPLY)
    found = await house.mailbox.find(ordered, _recently())
    assert Posted(channel.id, channel.messages[-1].id, Route.REPLY) == found
    assert await house.mailbox.find(replace(ordered, id="f" * 12), _recently()) is None


async def test_a_stranger_cannot_pass_off_a_film(
    house: House, channel: Channel, ordered: Task, ada: Member
) -> None:
    """Somebody else's file with the right name is not our film."""
    await ada.say(channel, uploads=[Upload(f"a-fox-{ordered.id}.mp4", FILM)])
    assert await house.mailbox.find(ordered, _recently()) is None


@pytest.mark.parametrize("token", [True, False], ids=["by token", "as the bot"])
async def test_a_film_can_play_inside_its_card(
    house: House, card: Message, ordered: Task, film: Path, *, token: bool
) -> None:
    """Edited in, twice without harm; found there; a later refresh does not take it out."""
    known = ordered if token else replace(ordered, token=None)
    posted = await house.mailbox.post(known, film, Route.CARD)
    assert posted == await house.mailbox.post(known, film, Route.CARD)
    assert Posted(card.channel.id, card.id, Route.CARD) == posted
    assert posted == await house.mailbox.find(known, _recently())
    delivered = replace(
        known, state=S.DELIVERED, film_channel_id=card.channel.id, film_message_id=card.id
    )
    await _shown(house, CardView(delivered))
    assert [file.data for file in card.attachments] == [FILM]
    assert "Done" in card.text
    assert str(card.attachments[0].id) in str(card.components)


async def test_a_film_cut_short_does_not_stay_in_a_card_that_was_taken_down(
    house: House, world: Discord, card: Message, ordered: Task, film: Path, ada: Member
) -> None:
    """The upload got through and nobody knew: the next edit takes the file out as well."""
    world.faults.add(Fault("PATCH", BY_TOKEN, Reset(after_effect=True)))
    with pytest.raises(Unreachable):
        await house.mailbox.post(ordered, film, Route.CARD)
    assert card.attachments
    taken_down = replace(ordered, state=S.RENDERED, withdrawn_by=ada.id, withdrawn_at=_recently())
    await _shown(house, CardView(taken_down))
    assert "Taken down" in card.text
    assert card.attachments == []


async def test_a_film_can_go_directly_to_its_member(
    house: House, ordered: Task, film: Path, ada: Member
) -> None:
    """Where nothing else is open, a direct message; it is found there too."""
    posted = await house.mailbox.post(ordered, film, Route.DIRECT)
    (message,) = ada.direct_messages
    assert Posted(ada.dm.id, message.id, Route.DIRECT) == posted
    assert message.buttons == []  # what one can do stands on the card, in the server
    assert posted == await house.mailbox.find(ordered, _recently())


@pytest.mark.parametrize(
    ("denied", "token", "routes"),
    [
        (Permissions.NONE, True, [Route.REPLY, Route.CARD, Route.DIRECT]),
        (Permissions.SEND_MESSAGES, True, [Route.CARD, Route.DIRECT]),
        (Permissions.READ_MESSAGE_HISTORY, True, [Route.CARD, Route.DIRECT]),
        (Permissions.ATTACH_FILES, True, [Route.CARD, Route.DIRECT]),
        (Permissions.ATTACH_FILES, False, [Route.CARD, Route.DIRECT]),
        (Permissions.VIEW_CHANNEL, True, [Route.CARD, Route.DIRECT]),
        (Permissions.VIEW_CHANNEL, False, [Route.DIRECT]),
        (Permissions.SEND_MESSAGES, False, [Route.CARD, Route.DIRECT]),
    ],
)
async def test_the_open_routes_follow_our_permissions(
    house: House,
    channel: Channel,
    guild: Guild,
    ordered: Task,
    denied: Permissions,
    token: bool,
    routes: list[Route],
) -> None:
    """Replying needs history, because a crash would have to be cleared up in it."""
    me = guild.me
    assert me is not None
    await house.heard("guild_channel_update", lambda: channel.set_permissions(me, deny=denied))
    known = ordered if token else replace(ordered, token=None)
    assert routes == await house.mailbox.routes(known)


async def test_a_deleted_channel_leaves_direct_messages(
    house: House, channel: Channel, ordered: Task
) -> None:
    """Gone for good: the token is useless too, but the member can be written to."""
    await house.heard("guild_channel_delete", channel.delete)
    assert await house.mailbox.routes(replace(ordered, token=None)) == [Route.DIRECT]


async def test_a_locked_thread_takes_no_reply(
    house: House, channel: Channel, ordered: Task
) -> None:
    """Archived, writing opens it again; locked as well, nobody may."""
    threads: list[Channel] = []
    await house.heard("thread_join", lambda: threads.append(channel.add_thread("films")))
    here = replace(ordered, channel_id=threads[0].id)
    assert Route.REPLY in await house.mailbox.routes(here)
    await house.heard("raw_thread_update", threads[0].archive)
    assert Route.REPLY in await house.mailbox.routes(here)
    await house.heard("raw_thread_update", lambda: threads[0].archive(locked=True))
    assert Route.REPLY not in await house.mailbox.routes(here)


async def test_the_size_limit_is_the_servers_but_for_direct_messages(
    world: Discord, tmp_path: Path
) -> None:
    """Boosted servers take more; a margin stays."""
    boosted = world.add_guild("Boosted", boost_tier=2)
    async with house_in(world, tmp_path) as house:
        here = task(guild_id=boosted.id)
        assert 49 * MIB < house.mailbox.size_limit(here, Route.REPLY) < 50 * MIB
        assert 9 * MIB < house.mailbox.size_limit(here, Route.DIRECT) < 10 * MIB
        assert 9 * MIB < house.mailbox.size_limit(task(guild_id=1), Route.REPLY) < 10 * MIB


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(413, "Request Entity Too Large"), FilmTooLarge),
        (Answer(400, {"code": 40005, "message": "too large"}), FilmTooLarge),
        (Answer(403, {"code": 50013, "message": "Missing Permissions"}), CannotPost),
        (Answer(404, {"code": 10003, "message": "Unknown Channel"}), CannotPost),
        (Answer(400, {"code": 50083, "message": "Thread is archived"}), CannotPost),
        (Answer(503, "down"), Unreachable),
        (Answer(429, "banned by Cloudflare"), Unreachable),
    ],
)
async def test_what_discord_answers_is_told_apart(
    house: House, world: Discord, ordered: Task, film: Path, answer: Answer, error: type[Exception]
) -> None:
    """Try again, take another way, make it smaller: each answer means one of them."""
    world.faults.add(Fault("POST", SEND, answer))
    with pytest.raises(error) as caught:
        await house.mailbox.post(ordered, film, Route.REPLY)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("key", ["interaction:{call}", "form:{call}", "draft:0a1b2c3d4e5f"])
async def test_a_card_whose_id_was_not_written_down_is_found(
    house: House, card: Message, ordered: Task, key: str
) -> None:
    """Whatever the order came by: a command, a form, or a form that was opened on a draft."""
    order_key = key.format(call=ordered.order_key.partition(":")[2])
    lost = replace(ordered, order_key=order_key, card_message_id=None)
    assert await house.mailbox.find_card(lost) == card.id
    assert await house.mailbox.find_card(replace(lost, id="f" * 12)) is None


async def test_a_search_that_fails_is_no_answer(
    house: House, world: Discord, ordered: Task
) -> None:
    """While Discord is away nobody can say that the film is not there."""
    world.faults.add(Fault("GET", SEND, Answer(503)))
    with pytest.raises(Unreachable):
        await house.mailbox.find(ordered, _recently())


async def test_a_server_we_left_still_has_direct_messages(
    house: House, guild: Guild, ordered: Task
) -> None:
    """After a kick no channel is left, only the try to write directly."""
    await house.heard("guild_remove", guild.remove_bot)
    assert await house.mailbox.routes(replace(ordered, token=None)) == [Route.DIRECT]
