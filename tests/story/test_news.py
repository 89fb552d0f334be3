"""What a member hears of a film that takes long, and of one that does not come."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.domain.task import TaskState
from sandbox.discord import Message
from sandbox.services import FOREVER, Fault, Pace, Reply
from tests.story.world import MovableClock, World, card_of


@asynccontextmanager
async def _failing(world: World, after: timedelta) -> AsyncIterator[Message]:
    """Order a film that fails so long after its order; the bot runs while the body does."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        call = await world.ada.slash(world.channel, "video text", prompt="a boat")
        card = await card_of(call).until(lambda shown: "Accepted" in shown.text)
        clock.ahead = after
        world.aivideomaker.fail((await world.task(app)).upstream_id or "")
        app.pipeline.wake("aivideomaker")
        await card.until(lambda shown: "credits are back" in shown.text)
        yield card


async def test_a_late_failure_pings_its_member_once(world: World) -> None:
    """Nobody watches a card for minutes, and an edit notifies nobody: one reply does."""
    async with _failing(world, timedelta(minutes=2)) as card:
        news = await world.channel.until(lambda message: message.reply_to == card)
        assert news.text == f"{world.ada.mention}, this one did not work out; the card says why."
        assert news.pings == [world.ada.user]
    clock = MovableClock()
    clock.ahead = timedelta(minutes=5)
    async with world.bot(clock=clock) as app:
        await app.pipeline.recovery.step()
        assert (await world.task(app)).told
    assert world.channel.messages == [card, news]


async def test_a_quick_failure_is_told_by_the_card_alone(world: World) -> None:
    """Its member still looks at the card: no message is needed."""
    async with _failing(world, timedelta(0)) as card:
        pass
    assert world.channel.messages == [card]


async def test_news_that_a_crash_swallowed_are_told_at_the_next_start(world: World) -> None:
    """The row remembers what is owed."""
    async with _failing(world, timedelta(minutes=2)) as card:
        news = await world.channel.until(lambda message: message.reply_to == card)
    news.delete()
    async with world.bot() as app:
        task = await world.task(app)
        async with app.resources.store.write(task.guild_id) as guild:
            await guild.note(task.id, told=False)
    async with world.bot():
        again = await world.channel.until(lambda message: message.reply_to == card)
        assert again.pings == [world.ada.user]


async def test_a_service_that_asks_for_a_pause_is_named_on_the_card(world: World) -> None:
    """While it waits for its service, the card says when it is tried again."""
    busy = Reply(429, "slow down", {"Retry-After": "60"})
    world.aivideomaker.faults.add(Fault("POST", "*", busy, times=None))
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, "video text", prompt="a boat")
        card = await card_of(call).until(lambda shown: "I try again <t:" in shown.text)
        assert "In the queue" in card.text
        task = await world.task(app)
        assert task.state is TaskState.QUEUED
        assert task.due_at is not None
        assert f"<t:{int(task.due_at.timestamp())}:R>" in card.text
