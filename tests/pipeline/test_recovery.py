"""Step 6: whatever was left half-way ends well, without a hand."""

from datetime import timedelta

import pytest

from bot.domain.task import TaskState
from bot.errors import Failure, Unreachable
from bot.providers.base import JobStatus
from tests.pipeline.rig import GUILD, Rig


async def test_a_card_that_appears_in_the_last_moment_counts(rig: Rig) -> None:
    """Only a task that still has no card is given up."""
    task = await rig.place(card=False)
    rig.clock.turn(timedelta(seconds=61))
    await rig.desk.shown(task, message_id=7)
    await rig.take(rig.recovery)

    assert await rig.state(task) is TaskState.QUEUED


async def test_a_card_that_nobody_wrote_down_is_found_again(rig: Rig) -> None:
    """A crash right after the first answer leaves a card in the channel: its film still comes."""
    task = await rig.place(card=False)
    rig.mailbox.shown_cards[task.id] = 77
    await rig.restart()
    await rig.take(rig.recovery, rig.submitter)

    assert (await rig.task(task)).card_message_id == 77
    assert await rig.state(task) is TaskState.SUBMITTED


async def test_a_card_is_given_up_only_when_discord_says_there_is_none(rig: Rig) -> None:
    """While Discord is in trouble nothing is known; afterwards the credits go back."""
    task = await rig.place(card=False)
    rig.mailbox.trouble = Unreachable("down")
    rig.clock.turn(timedelta(minutes=2))
    await rig.take(rig.recovery)
    assert await rig.state(task) is TaskState.QUEUED

    rig.mailbox.trouble = None
    await rig.take(rig.recovery)
    assert (await rig.task(task)).failure is Failure.NO_CARD
    assert await rig.left() == 500


async def test_tokens_are_erased_when_they_die(rig: Rig) -> None:
    """An interaction token leaves the database after its fifteen minutes."""
    task = await rig.place(card=False)
    expires = rig.clock.now() + timedelta(minutes=15)
    await rig.desk.shown(task, message_id=7, token="secret", token_expires_at=expires)
    assert (await rig.task(task)).token == "secret"

    rig.clock.turn(timedelta(minutes=15, seconds=1))
    await rig.take(rig.recovery)
    assert (await rig.task(task)).token is None


async def test_what_waits_for_a_service_without_a_key_is_released(rig: Rig) -> None:
    """After the key was taken out of the settings, queued tasks say so and cost nothing."""
    task = await rig.place()
    rig.recovery._providers = ()
    await rig.take(rig.recovery)

    assert (await rig.task(task)).failure is Failure.SERVICE_OFF
    assert await rig.left() == 500


@pytest.mark.parametrize("state", [TaskState.SUBMITTED, TaskState.RUNNING, TaskState.RENDERED])
async def test_what_a_service_without_a_key_has_made_waits_for_the_key(
    rig: Rig, state: TaskState
) -> None:
    """One start with a typing error in the settings loses no film that is being made."""
    task = await rig.place()
    await rig.take(rig.submitter)
    if state is not TaskState.SUBMITTED:
        async with rig.store.write(GUILD) as guild:
            await guild.move(task.id, state, now=rig.clock.now())
    providers, rig.recovery._providers, rig.fetcher._providers = rig.recovery._providers, (), {}
    for _ in range(5):
        rig.clock.turn(timedelta(hours=1))
        await rig.take(rig.recovery, rig.courier)
    stored = await rig.task(task)
    assert (stored.state, stored.flagged) == (state, True)

    rig.recovery._providers = providers
    await rig.restart()
    rig.clock.turn(timedelta(hours=1))
    await rig.finish(task)
    assert await rig.state(task) is TaskState.DELIVERED


async def test_a_job_that_never_ends_is_ended(rig: Rig) -> None:
    """After two days the credits go back, whatever the service says it is still doing."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.UNKNOWN)
    rig.clock.turn(timedelta(hours=47))
    await rig.take(rig.poller, rig.recovery)
    assert await rig.state(task) is TaskState.SUBMITTED

    rig.clock.turn(timedelta(hours=2))
    await rig.take(rig.poller, rig.recovery)
    assert await rig.state(task) is TaskState.EXPIRED
    assert await rig.left() == 500


async def test_slowness_is_told_and_nothing_is_given_up(rig: Rig) -> None:
    """A video of 45 minutes is called slow on its card, and delivered."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.RUNNING)
    await rig.take(rig.poller)
    rig.clock.turn(timedelta(minutes=45))
    await rig.take(rig.recovery)
    assert rig.mailbox.cards[task.id][-1].slow

    await rig.finish(task)
    assert await rig.state(task) is TaskState.DELIVERED
