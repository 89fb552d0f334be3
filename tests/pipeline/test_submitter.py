"""Step 3: a task is sent exactly once, and every answer is remembered."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.task import Task, TaskState
from bot.domain.turns import Place
from bot.errors import (
    Declined,
    Failure,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    StoreUnavailable,
    Unauthorised,
)
from bot.pipeline.line import EVERY
from bot.providers.base import JobStatus, Sighting
from tests.pipeline.rig import BEN, Rig

P = "aivideomaker"
WAITING = Sighting("job-1", JobStatus.WAITING)


async def test_a_task_without_a_card_is_not_sent(rig: Rig) -> None:
    """Who saw no card may ask again, so nothing is sent before the card is stored."""
    task = await rig.place(card=False)
    await rig.take(rig.submitter)
    assert rig.provider.submitted == []

    rig.clock.turn(timedelta(seconds=61))
    await rig.take(rig.recovery)

    assert (await rig.task(task)).failure is Failure.NO_CARD
    assert await rig.left() == 500


@pytest.mark.parametrize(
    ("error", "failure", "flagged"),
    [
        (Declined(P, Failure.CONTENT, "not that"), Failure.CONTENT, False),
        (Declined(P, Failure.SERVICE_CREDITS), Failure.SERVICE_CREDITS, True),
        (Declined(P, Failure.MODEL_CLOSED), Failure.MODEL_CLOSED, False),
        (Unauthorised(P), Failure.SERVICE_KEY, True),
    ],
)
async def test_a_clear_no_gives_the_credits_back(
    rig: Rig, error: ProviderError, failure: Failure, *, flagged: bool
) -> None:
    """A refused task is released at once, with the reason; it is not sent again."""
    task = await rig.place()
    rig.provider.submit_error = error
    await rig.take(rig.submitter)
    await rig.take(rig.submitter)

    stored = await rig.task(task)
    assert (stored.state, stored.failure, stored.flagged) == (TaskState.REFUSED, failure, flagged)
    assert len(rig.provider.submitted) == 1
    assert await rig.ledger(task) == [("hold", -5), ("release", 5)]


async def test_a_closed_model_leaves_the_menus(rig: Rig) -> None:
    """A model that its service calls unknown is not offered any more."""
    await rig.place()
    rig.provider.submit_error = Declined(P, Failure.MODEL_CLOSED)
    await rig.take(rig.submitter)

    assert not rig.catalog.on_sale("t2v")


@pytest.mark.parametrize("error", [NotSent(P), RateLimited(P, timedelta(seconds=30))])
async def test_what_never_left_is_sent_again(rig: Rig, error: ProviderError) -> None:
    """Where no job can exist, the task waits its turn and is sent again."""
    task = await rig.place()
    rig.provider.submit_error = error
    await rig.take(rig.submitter)
    assert await rig.state(task) is TaskState.QUEUED

    rig.provider.submit_error = None
    await rig.take(rig.submitter)
    assert len(rig.provider.submitted) == 1  # not before its time

    rig.clock.turn(timedelta(seconds=31))
    await rig.take(rig.submitter)
    assert await rig.state(task) is TaskState.SUBMITTED


async def test_a_service_that_stays_away_costs_nothing(rig: Rig) -> None:
    """After half an hour of trying the credits go back."""
    task = await rig.place()
    rig.provider.submit_error = NotSent(P)
    for _ in range(60):
        await rig.take(rig.submitter)
        rig.clock.turn(timedelta(minutes=1))

    assert await rig.state(task) is TaskState.REFUSED
    assert await rig.left() == 500


async def test_a_lost_answer_is_never_sent_again(rig: Rig) -> None:
    """Held while it is searched for; found, it goes on as if nothing had happened."""
    task = await rig.place()
    rig.provider.submit_error = OutcomeUnknown(P)
    await rig.take(rig.submitter)
    assert await rig.state(task) is TaskState.UNCONFIRMED
    assert await rig.left() == 495

    rig.provider.found = rig.provider.jobs.setdefault("job-1", WAITING)
    rig.clock.turn(timedelta(seconds=20))
    await rig.take(rig.search)
    await rig.finish(task)

    assert await rig.state(task) is TaskState.DELIVERED
    assert len(rig.provider.submitted) == 1
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]


async def test_a_lost_job_is_released_and_still_delivered_if_it_turns_up(rig: Rig) -> None:
    """Not found: told, released, flagged. Found later: delivered at no charge."""
    task = await rig.place()
    rig.provider.submit_error = OutcomeUnknown(P)
    await rig.take(rig.submitter)
    for _ in range(2):
        rig.clock.turn(timedelta(minutes=1))
        await rig.take(rig.search)
    lost = await rig.task(task)
    assert (lost.failure, lost.flagged, await rig.left()) == (Failure.LOST, True, 500)

    rig.provider.found = rig.provider.jobs.setdefault("job-1", WAITING)
    rig.clock.turn(timedelta(minutes=11))
    await rig.take(rig.search)
    await rig.finish(task)

    assert await rig.state(task) is TaskState.DELIVERED
    assert await rig.left() == 500


async def test_only_so_many_are_in_flight(rigs: Callable[..., Rig]) -> None:
    """More tasks wait in line, and their cards say at which place and why."""
    rig = rigs(in_flight=2)
    tasks = [await rig.place() for _ in range(5)]
    await rig.take(rig.submitter, rig.submitter, rig.line)

    assert len(rig.provider.submitted) == 2
    shown = [rig.mailbox.cards[task.id][-1].place for task in tasks[2:]]
    assert shown == [Place(1, own=2), Place(2, own=3), Place(3, own=4)]

    await rig.finish(tasks[0])
    rig.clock.turn(EVERY)
    await rig.take(rig.submitter, rig.line)
    assert len(rig.provider.submitted) == 3
    shown = [rig.mailbox.cards[task.id][-1].place for task in tasks[3:]]
    assert shown == [Place(1, own=2), Place(2, own=3)]


async def test_a_greedy_member_does_not_hold_up_the_others(rigs: Callable[..., Rig]) -> None:
    """Who orders first, and however much, has one turn a round like everybody."""
    rig = rigs(in_flight=1)
    greedy = [await rig.place() for _ in range(4)]
    await rig.take(rig.submitter)
    modest = [await rig.place(BEN) for _ in range(2)]
    for task in (greedy[0], modest[0], greedy[1]):
        await rig.finish(task)
        await rig.take(rig.submitter)

    sent = [assignment.task_id for assignment in rig.provider.submitted]
    assert sent == [greedy[0].id, modest[0].id, greedy[1].id, modest[1].id]


async def test_a_newcomer_does_not_break_the_limit(
    rigs: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that is about to be sent has its place, also when another gets before it in line."""
    rig = rigs(in_flight=1)
    await rig.finish(await _sent(rig))
    await rig.place()
    about_to_be_sent, go_on = asyncio.Event(), asyncio.Event()
    move = rig.submitter._moves.quietly

    async def slowly(*args: Any, **changes: Any) -> Any:
        about_to_be_sent.set()
        await go_on.wait()
        return await move(*args, **changes)

    monkeypatch.setattr(rig.submitter._moves, "quietly", slowly)
    await rig.submitter.step()
    await about_to_be_sent.wait()
    await rig.place(BEN)
    await rig.submitter.step()
    go_on.set()
    await rig.submitter.settled()

    assert await rig.store.work.in_flight(P) == 1


async def _sent(rig: Rig) -> Task:
    task = await rig.place()
    await rig.take(rig.submitter)
    return task


async def test_a_try_that_failed_is_no_turn(rigs: Callable[..., Rig]) -> None:
    """A service that could not be reached costs nobody their place in the round."""
    rig = rigs(in_flight=1)
    first, second = await rig.place(), await rig.place(BEN)
    rig.provider.submit_error = RateLimited(P, timedelta(seconds=5))
    await rig.take(rig.submitter)
    rig.provider.submit_error = None
    rig.clock.turn(timedelta(seconds=6))
    await rig.take(rig.submitter)

    assert [await rig.state(task) for task in (first, second)] == [
        TaskState.SUBMITTED,
        TaskState.QUEUED,
    ]


async def test_waiting_in_our_own_queue_is_no_failure_of_the_service(rig: Rig) -> None:
    """A task that waited an hour for its turn survives a 429, however many there are."""
    task = await rig.place()
    rig.clock.turn(timedelta(hours=1))
    rig.provider.submit_error = RateLimited(P, timedelta(seconds=2))
    for _ in range(50):
        await rig.take(rig.submitter)
        rig.clock.turn(timedelta(seconds=3))
    assert await rig.state(task) is TaskState.QUEUED

    rig.provider.submit_error = None
    await rig.take(rig.submitter)
    assert await rig.state(task) is TaskState.SUBMITTED


async def test_a_rest_is_no_longer_than_until_the_next_try(rig: Rig) -> None:
    """A task that waits a second for its next try is not left for a minute."""
    await rig.place()
    rig.provider.submit_error = NotSent(P)
    await rig.take(rig.submitter)
    rest = await rig.take(rig.submitter)

    assert rest <= timedelta(seconds=2)


async def test_one_task_that_stumbles_takes_no_other_with_it(rig: Rig) -> None:
    """A bug while one task is sent neither stops its neighbours nor loses a job they made."""
    tasks = [await rig.place(prompt=prompt) for prompt in ("boom", "boat", "kite")]
    rig.provider.bug_at = "boom"
    await rig.take(rig.submitter)
    states = [await rig.state(task) for task in tasks]

    assert states == [TaskState.UNCONFIRMED, TaskState.SUBMITTED, TaskState.SUBMITTED]


async def test_an_outcome_is_written_down_however_long_it_takes(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upstream id of a paid job survives a database that cannot be written for a while."""
    task = await rig.place()
    writable, failures = rig.store.write, [StoreUnavailable("locked")] * 3

    def write(guild_id: int) -> Any:
        if rig.provider.submitted and failures:
            raise failures.pop()
        return writable(guild_id)

    monkeypatch.setattr(rig.store, "write", write)
    await rig.take(rig.submitter)

    assert (await rig.task(task)).upstream_id == "job-1"
