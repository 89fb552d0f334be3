"""Step 3, when an answer was lost: the job is looked for, and money never waits for ever."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.task import Task, TaskState
from bot.errors import (
    ClapboardError,
    Declined,
    Failure,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Refused,
    Unauthorised,
    Unavailable,
)
from bot.pipeline.outcomes import TRIES
from bot.pipeline.search import REPEAT_WITHIN
from bot.providers.base import JobStatus, Sighting
from tests.pipeline.rig import GUILD, Rig

P = "aivideomaker"
WAITING = Sighting("job-1", JobStatus.WAITING)


async def _lost(rig: Rig) -> Task:
    task = await rig.place()
    rig.provider.submit_error = OutcomeUnknown(P)
    await rig.take(rig.submitter)
    rig.provider.submit_error = None
    assert await rig.state(task) is TaskState.UNCONFIRMED
    return task


@pytest.mark.parametrize("error", [Unavailable(P, "no list"), Unauthorised(P)])
async def test_a_search_that_never_works_ends_after_a_day(
    rig: Rig, error: Unavailable | Unauthorised
) -> None:
    """A service that cannot be asked for a day keeps neither credits nor a place in the queue."""
    task = await _lost(rig)
    rig.provider.find_error = error
    for _ in range(26):
        rig.clock.turn(timedelta(hours=1))
        await rig.take(rig.search, rig.recovery)

    lost = await rig.task(task)
    assert (lost.failure, lost.flagged) == (Failure.LOST, True)
    assert await rig.left() == 500
    assert await rig.store.work.in_flight(P) == 0


async def test_a_bot_that_was_off_for_days_releases_what_it_cannot_find(rig: Rig) -> None:
    """A send that was interrupted days ago is told, released and flagged."""
    task = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SENDING, now=rig.clock.now())
    rig.clock.turn(timedelta(days=3))
    await rig.restart()
    await rig.take(rig.recovery, rig.search)

    assert (await rig.task(task)).failure is Failure.LOST
    assert await rig.left() == 500


async def test_a_service_in_trouble_is_searched_again_later(rig: Rig) -> None:
    """A failed search counts for nothing: the task is neither found nor given up."""
    task = await _lost(rig)
    rig.provider.find_error = Unavailable(P, "502")
    for _ in range(10):
        rig.clock.turn(timedelta(minutes=2))
        await rig.take(rig.search)
    assert (await rig.task(task)).failure is None

    rig.provider.find_error = None
    rig.provider.found = rig.provider.jobs.setdefault("job-1", WAITING)
    rig.clock.turn(timedelta(minutes=2))
    await rig.take(rig.search)
    assert await rig.state(task) is TaskState.SUBMITTED


async def test_no_job_is_adopted_while_its_twin_is_being_sent(rig: Rig) -> None:
    """The job that the list shows may be that of a like order which is being sent right now."""
    task = await _lost(rig)
    twin = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(twin.id, TaskState.SENDING, now=rig.clock.now())
    rig.provider.found = rig.provider.jobs.setdefault("job-1", WAITING)
    rig.clock.turn(timedelta(minutes=1))
    await rig.take(rig.search)

    assert await rig.state(task) is TaskState.UNCONFIRMED
    assert rig.provider.searched == []


async def test_waiting_for_a_twin_is_no_search(rig: Rig) -> None:
    """However long the twin took: then it is looked for, twice, before its member is told."""
    task = await _lost(rig)
    twin = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(twin.id, TaskState.SENDING, now=rig.clock.now())
    for _ in range(3):
        rig.clock.turn(timedelta(minutes=1))
        await rig.take(rig.search)
    async with rig.store.write(GUILD) as guild:
        await guild.move(twin.id, TaskState.REFUSED, now=rig.clock.now(), failure=Failure.CONTENT)

    for searched in (1, 2):
        assert not (await rig.task(task)).given_up
        rig.clock.turn(timedelta(minutes=1))
        await rig.take(rig.search)
        assert len(rig.provider.searched) == searched
    assert (await rig.task(task)).given_up
    assert await rig.left() == 500


async def test_jobs_that_are_ours_are_named_in_the_search(rig: Rig) -> None:
    """What another task already owns is not adopted a second time."""
    other = await rig.place(prompt="something else")
    await rig.take(rig.submitter)
    task = await _lost(rig)
    rig.clock.turn(timedelta(minutes=1))
    await rig.take(rig.search)

    (lost,) = rig.provider.searched
    assert lost.assignment.task_id == task.id
    assert lost.claimed == {(await rig.task(other)).upstream_id}
    assert lost.sent_at == (await rig.task(task)).sending_at


async def _sought_twice(rig: Rig) -> None:
    for _ in range(2):
        rig.clock.turn(timedelta(minutes=1))
        await rig.take(rig.search)


async def test_where_repeats_are_known_the_same_create_goes_out_once_more(rig: Rig) -> None:
    """Lost and found nowhere: the very same create is sent again, and paid once."""
    task = await _lost(rig)
    rig.provider.knows_repeats = True
    sent_at = (await rig.task(task)).sending_at
    await _sought_twice(rig)
    assert await rig.state(task) is TaskState.QUEUED
    assert [kind for kind, _ in await rig.ledger(task)] == ["hold"]
    await rig.take(rig.submitter)

    first, second = rig.provider.submitted
    assert first == second
    assert (await rig.task(task)).sending_at == sent_at
    await rig.finish(task)
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]


async def test_a_create_is_repeated_once_and_never_again(rig: Rig) -> None:
    """An answer that is lost twice ends as one that was lost at a service that knows no repeats."""
    task = await _lost(rig)
    rig.provider.knows_repeats = True
    rig.provider.submit_error = OutcomeUnknown(P)
    for _ in range(5):
        await _sought_twice(rig)
        await rig.take(rig.submitter)

    lost = await rig.task(task)
    assert (lost.state, lost.failure, lost.flagged) == (TaskState.UNCONFIRMED, Failure.LOST, True)
    assert len(rig.provider.submitted) == 2
    assert await rig.left() == 500


async def test_what_was_given_up_is_not_sent_again(rig: Rig) -> None:
    """The bot died when the credits were back and the search not yet written down."""
    task = await _lost(rig)
    rig.clock.turn(timedelta(minutes=1))
    await rig.take(rig.search)
    async with rig.store.write(GUILD) as guild:
        await guild.write_off(task.id, now=rig.clock.now(), failure=Failure.LOST)
    await rig.restart()
    rig.provider.knows_repeats = True
    await _sought_twice(rig)
    assert (await rig.task(task)).given_up
    assert await rig.left() == 500


@pytest.mark.parametrize("obstacle", ["no proof", "another key", "an hour ago", "model closed"])
async def test_nothing_is_repeated_unless_it_is_provably_safe(rig: Rig, obstacle: str) -> None:
    """No proof, another key, an hour gone by, or a model that was closed: it is written off."""
    task = await _lost(rig)
    rig.provider.knows_repeats = obstacle != "no proof"
    if obstacle == "another key":
        await _set(rig, task, key_fingerprint="another key's")
    if obstacle == "an hour ago":
        rig.clock.turn(REPEAT_WITHIN)
    if obstacle == "model closed":
        rig.catalog.withdraw(task.model, "its service calls it unknown")
    await _sought_twice(rig)

    assert (await rig.task(task)).given_up
    await rig.take(rig.submitter)
    assert len(rig.provider.submitted) == 1


REFUSALS = [Declined(P, Failure.CONTENT), Unauthorised(P), NotSent(P)]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
async def test_a_refused_repeat_says_nothing_of_the_first_create(
    rig: Rig, error: ClapboardError
) -> None:
    """Only a job ends the doubt: whatever else is answered, the first one is looked for on."""
    task = await _repeated(rig, error, times=TRIES + 1)
    assert await rig.state(task) is TaskState.UNCONFIRMED
    await _sought_twice(rig)
    assert (await rig.task(task)).given_up

    rig.provider.found = rig.provider.jobs.setdefault("job-1", WAITING)
    rig.clock.turn(timedelta(minutes=11))
    await rig.take(rig.search)
    await rig.finish(task)
    assert await rig.state(task) is TaskState.DELIVERED
    assert await rig.left() == 500


async def test_a_repeat_that_must_wait_is_not_cancelled_and_not_forgotten(rig: Rig) -> None:
    """While a job may exist nobody cancels; without a key or a model the operator is told."""
    task = await _repeated(rig, RateLimited(P, timedelta(minutes=5)), times=1)
    assert await rig.state(task) is TaskState.QUEUED
    with pytest.raises(Refused) as refused:
        await rig.desk.cancel(rig.caller(), task.id)
    assert refused.value.code is Refusal.NOT_KNOWN_YET
    assert not rig.mailbox.cards[task.id][-1].can_cancel

    rig.catalog.withdraw(task.model, "its service calls it unknown")
    rig.clock.turn(timedelta(minutes=6))
    await rig.take(rig.submitter)
    refused_task = await rig.task(task)
    assert (refused_task.failure, refused_task.flagged) == (Failure.MODEL_CLOSED, True)


async def _repeated(rig: Rig, error: ClapboardError, *, times: int) -> Task:
    """Lose a task's create, and let ``error`` answer its repetition, so many times."""
    task = await _lost(rig)
    rig.provider.knows_repeats = True
    await _sought_twice(rig)
    rig.provider.submit_error = error
    for _ in range(times):
        await rig.take(rig.submitter)
        rig.clock.turn(timedelta(minutes=6 if times > 1 else 0))
    return task


async def _set(rig: Rig, task: Task, **changes: Any) -> None:
    async with rig.store.write(GUILD) as guild:
        await guild.note(task.id, **changes)
