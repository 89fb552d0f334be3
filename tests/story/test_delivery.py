"""How a film reaches its member where the plain way is closed: too large, or not permitted."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.task import TaskState
from sandbox.discord import Fault, Message, Permissions, Reset
from sandbox.services import FOREVER, Films, Pace
from tests.story.world import FULL_POOL, MovableClock, World, card_of, open_world, seconds_of

LIMIT = 10 * 1024 * 1024


def _forbid(world: World, permissions: Permissions) -> None:
    me = world.guild.me
    assert me is not None
    world.channel.set_permissions(me, deny=permissions)


async def _ordered(world: World, prompt: str = "a boat") -> Message:
    return card_of(await world.ada.slash(world.channel, "video text", prompt=prompt))


async def _state(world: World, app: App) -> TaskState:
    return (await world.task(app)).state


async def test_a_film_above_the_limit_is_made_to_fit(world: World) -> None:
    """A smaller copy is posted, and the receipt says so; `/video show` has all of it."""
    async with world.bot() as app:
        card = await _ordered(world, "a boat [big]")
        film = await world.film_of(card)

        assert film.size < LIMIT
        assert round(seconds_of(film)) == 5
        assert "Made smaller to fit this server" in card.text
        task = await world.task(app)
        assert (task.film_bytes, task.film_fitted) == (12_000_000, True)
        shown = await world.shown(world.ada, task.id)
        assert "The film in full quality" in shown.text
        assert round(seconds_of(shown.private[0].attachments[0])) == 5
        assert "`/video show`" not in card.text


async def test_a_boosted_server_gets_the_whole_film(world: World) -> None:
    """Where the server's limit allows it, the film is posted as it is."""
    guild = world.discord.add_guild("Boosted", boost_tier=2)
    channel, ada = guild.add_channel("films"), guild.add_member(world.ada)
    async with world.bot():
        card = card_of(await ada.slash(channel, "video text", prompt="a boat [big]"))
        film = await world.film_of(card)
        assert film.size == 12_000_000
        assert "Made smaller" not in card.text


@pytest.mark.parametrize(
    "missing",
    [
        Permissions.ATTACH_FILES,
        Permissions.READ_MESSAGE_HISTORY,
        Permissions.SEND_MESSAGES,
        Permissions.VIEW_CHANNEL,
    ],
)
async def test_without_a_permission_the_film_is_in_the_card(
    world: World, missing: Permissions
) -> None:
    """The card's own way needs none of them while its token lives: the film plays inside it."""
    _forbid(world, missing)
    async with world.bot() as app:
        card = await (await _ordered(world)).until(lambda shown: bool(shown.attachments))

        assert round(seconds_of(card.attachments[0])) == 5
        assert "Done" in card.text
        assert world.channel.messages == [card]
        assert world.ada.direct_messages == []
        history = (await world.ada.slash(world.channel, "video list")).text
        assert card.jump_url in history
        assert await world.left(app) == FULL_POOL - 5


async def _too_late_for_the_card(world: World, app: App, prompt: str = "a boat") -> Message:
    """Let a film be ready once neither channel nor card is open to the bot any more."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    card = await _ordered(world, prompt)
    await card.until(lambda shown: "Accepted" in shown.text)
    world.discord.expire_tokens()
    _forbid(world, Permissions.VIEW_CHANNEL)
    world.aivideomaker.finish((await world.task(app)).upstream_id or "")
    return card


async def test_with_no_way_into_the_channel_it_is_sent_directly(world: World) -> None:
    """A direct message says where the film belongs and brings it."""
    async with world.bot() as app:
        await _too_late_for_the_card(world, app)
        message = await world.ada.dm.until(lambda shown: bool(shown.attachments))

        assert f"<#{world.channel.id}>" in message.text
        assert round(seconds_of(message.attachments[0])) == 5
        assert [m for m in world.channel.messages if m.attachments] == []


async def test_with_no_way_at_all_it_is_kept(world: World) -> None:
    """Closed direct messages too: the film waits for `/video show`, and is paid for once."""
    world.ada.user.dms_open = False
    async with world.bot() as app:
        await _too_late_for_the_card(world, app)
        while await _state(world, app) is not TaskState.KEPT:
            continue  # nothing is left to see it on
        task = await world.task(app)
        shown = await world.shown(world.ada, task.id)

        assert round(seconds_of(shown.private[0].attachments[0])) == 5
        assert "I could not post it here" in shown.text
        assert await world.left(app) == FULL_POOL - 5


@pytest.fixture
async def narrow(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world that takes no film at all, whatever it says about its limits."""
    async with open_world(tmp_path, films=films, upload_limit=400) as opened:
        yield opened


async def test_what_fits_nowhere_is_kept(narrow: World) -> None:
    """Discord refuses every size: the card says that `/video show` has the film."""
    async with narrow.bot() as app:
        card = await _ordered(narrow)
        await card.until(lambda shown: "`/video show` has it for you" in shown.text)
        assert await _state(narrow, app) is TaskState.KEPT
        shown = await narrow.shown(narrow.ada, (await narrow.task(app)).id)
        assert "too large to attach" in shown.text
        assert "Made smaller" not in card.text
        assert await narrow.left(app) == FULL_POOL - 5


async def test_a_film_whose_posting_was_not_confirmed_is_posted_once(world: World) -> None:
    """The connection broke after Discord had taken the film: it is found, not posted again."""
    lost = Fault("POST", "/channels/{channel}/messages", Reset(after_effect=True))
    world.discord.faults.add(lost)
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        card = await _ordered(world)
        film = await world.film_message(card)
        clock.ahead = timedelta(minutes=1)
        while await _state(world, app) is not TaskState.DELIVERED:
            app.pipeline.courier.wake()
        await card.until(lambda shown: film.jump_url in shown.text)
        assert world.channel.messages == [card, film]


async def test_a_deleted_card_does_not_cost_the_film(world: World) -> None:
    """A moderator removed the card: the film comes on its own, and nothing is posted twice."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        card = await _ordered(world)
        await card.until(lambda shown: "Accepted" in shown.text)
        card.delete()
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        film = await world.channel.until(lambda shown: bool(shown.attachments))
        assert film.pings == [world.ada.user]


async def test_a_thread_that_was_archived_opens_for_its_film(world: World) -> None:
    """An archived thread opens again when the film is posted; the receipt follows."""
    thread = world.channel.add_thread("boats")
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        card = card_of(await world.ada.slash(thread, "video text", prompt="a boat"))
        await card.until(lambda shown: "Accepted" in shown.text)
        thread.archive()
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        await world.film_message(card)
        assert not thread.archived
