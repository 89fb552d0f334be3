"""Life after the interaction: its token dies, the bot restarts, and nothing is lost."""

from datetime import timedelta

import pytest

from sandbox.discord import Message, Upload
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, MovableClock, World, card_of, picture

QUARTER = timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _patient_service(world: World) -> None:
    world.aivideomaker.pace = Pace(queued=FOREVER, hold=True)


async def _accepted(world: World) -> Message:
    call = await world.ada.slash(world.channel, "video text", prompt="a boat")
    return await card_of(call).until(lambda shown: "Accepted" in shown.text)


def _edits(world: World, *, bot: bool) -> int:
    """Count the edits of messages that succeeded, with the bot's token or an interaction's."""
    return sum(
        each.method == "PATCH" and each.status == 200 and each.bot is bot
        for each in world.discord.requests
    )


async def test_a_token_that_dies_early_is_no_loss(world: World) -> None:
    """Discord calls it invalid before its time: the same edit goes the bot's own way."""
    async with world.bot() as app:
        card = await _accepted(world)
        assert _edits(world, bot=True) == 0
        world.discord.expire_tokens()
        by_token = _edits(world, bot=False)
        upstream_id = (await world.task(app)).upstream_id or ""
        world.aivideomaker.begin(upstream_id)
        await card.until(lambda shown: "Being filmed" in shown.text)
        world.aivideomaker.finish(upstream_id)
        await world.film_of(card)

        assert "Done" in card.text
        assert _edits(world, bot=False) == by_token
        assert _edits(world, bot=True) > 0


async def test_after_a_quarter_of_an_hour_the_token_is_not_used(world: World) -> None:
    """The bot knows when it dies: not one request is made with it afterwards."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        card = await _accepted(world)
        token = (await world.task(app)).token
        assert token is not None
        clock.ahead = QUARTER
        before = len(world.discord.requests)
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        app.pipeline.wake("aivideomaker")
        await world.film_of(card)
        assert not any(token in each.path for each in world.discord.requests[before:])


async def test_the_token_is_erased(world: World) -> None:
    """Fifteen minutes after the command nothing of its token is left in the database."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await _accepted(world)
        token = (await world.task(app)).token or ""
        assert token.encode() in _database(world)
        clock.ahead = QUARTER
        await app.pipeline.recovery.step()
        task = await world.task(app)
        assert (task.token, task.token_expires_at) == (None, None)


def _database(world: World) -> bytes:
    return b"".join(path.read_bytes() for path in world.folder.glob("clapboard.db*"))


async def test_buttons_work_with_a_dead_token_and_after_a_restart(world: World) -> None:
    """The button needs nothing of the command that made the card."""
    async with world.bot():
        card = await _accepted(world)
    world.discord.expire_tokens()
    async with world.bot() as app:
        await world.ada.click(card, "Cancel")
        await card.until(lambda shown: "credits are back" in shown.text)
        assert await world.left(app) == FULL_POOL


async def test_a_film_that_got_ready_while_the_bot_was_away(world: World) -> None:
    """It is posted once after the start, though card, token and command are long past."""
    async with world.bot() as app:
        card = await _accepted(world)
        upstream_id = (await world.task(app)).upstream_id or ""
    world.discord.expire_tokens()
    world.aivideomaker.finish(upstream_id)
    clock = MovableClock()
    clock.ahead = QUARTER
    async with world.bot(clock=clock) as app:
        await world.film_of(card)
        assert await world.left(app) == FULL_POOL - 5
        assert world.aivideomaker.count("POST") == 1
        films = [m for m in world.channel.messages if m.attachments]
        assert len(films) == 1


async def test_a_picture_is_not_fetched_again(world: World) -> None:
    """Discord's links expire; what was ordered is sent from the bot's own copy."""
    async with world.bot(aivideomaker_in_flight=1) as app:
        await _accepted(world)
        call = await world.ada.slash(
            world.channel, "video image", image=Upload("boat.png", picture()), prompt="it sails"
        )
        card = card_of(await call.answered())
        first = (await world.tasks(app))[-1].upstream_id or ""
    world.discord.expire_links()
    async with world.bot(aivideomaker_in_flight=1) as app:
        world.aivideomaker.finish(first)
        await card.until(lambda shown: "Accepted" in shown.text)
        assert world.aivideomaker.creates[-1].picture is not None
