"""Step 4: one look moves every task along, and troubles of the service harm none."""

from datetime import timedelta

import pytest

from bot.domain.task import TaskState
from bot.errors import Failure, RateLimited, Unauthorised, Unavailable
from bot.providers.base import JobStatus, Sighting
from tests.pipeline.rig import GUILD, Rig

P = "aivideomaker"


async def test_a_failed_job_leaves_the_balance_as_before(rig: Rig) -> None:
    """No film, no charge; the card says why."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.FAILED, failure=Failure.CONTENT, detail="no")
    await rig.take(rig.poller)

    card = rig.mailbox.cards[task.id][-1].task
    assert (card.state, card.failure, card.detail) == (TaskState.FAILED, Failure.CONTENT, "no")
    assert await rig.left() == 500


async def test_what_the_service_charged_replaces_the_hold(rig: Rig) -> None:
    """The service's figure counts, also while the film is being made."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.RUNNING, charged=15)
    await rig.take(rig.poller)

    assert await rig.left() == 485
    await rig.finish(task)
    assert await rig.ledger(task) == [("hold", -5), ("adjust", -10), ("settle", 0)]


async def test_a_word_that_nobody_knows_changes_nothing(rig: Rig) -> None:
    """An unknown status is neither success nor failure."""
    task = await rig.place()
    await rig.take(rig.submitter)
    for status in (JobStatus.UNKNOWN, JobStatus.RUNNING, JobStatus.UNKNOWN, JobStatus.WAITING):
        rig.provider.now_is("job-1", status)
        await rig.take(rig.poller)

    assert await rig.state(task) is TaskState.RUNNING


async def test_a_card_is_edited_only_when_something_visible_changed(rig: Rig) -> None:
    """Ten looks that see the same ask for one edit."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.RUNNING, progress=40)
    before = len(rig.mailbox.cards[task.id])
    for _ in range(10):
        await rig.take(rig.poller)

    assert len(rig.mailbox.cards[task.id]) == before + 1


@pytest.mark.parametrize(
    "error", [RateLimited(P, timedelta(seconds=42)), Unauthorised(P), Unavailable(P, "502")]
)
async def test_trouble_with_the_service_fails_no_task(
    rig: Rig, error: RateLimited | Unauthorised | Unavailable
) -> None:
    """A service in trouble is asked again later; its tasks stay as they are."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.look_error = error
    rest = await rig.take(rig.poller)
    assert rest >= timedelta(seconds=1)
    assert await rig.state(task) is TaskState.SUBMITTED

    rig.provider.look_error = None
    await rig.finish(task)
    assert await rig.state(task) is TaskState.DELIVERED


async def test_a_cancel_that_came_too_late_goes_on(rig: Rig) -> None:
    """The service was already at work: the film is made and delivered."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.after_cancel = JobStatus.RUNNING
    await rig.desk.cancel(rig.caller(), task.id)
    await rig.take(rig.poller)
    assert await rig.state(task) is TaskState.RUNNING

    await rig.finish(task)
    assert await rig.state(task) is TaskState.DELIVERED


async def test_a_cancel_that_cannot_be_carried_out_stops_no_look(rig: Rig) -> None:
    """A service that fails on one cancel is still looked at, and the wish is repeated calmly."""
    wish, other = await rig.place(), await rig.place()
    await rig.take(rig.submitter)
    await rig.desk.cancel(rig.caller(), wish.id)
    rig.provider.cancel_error = Unavailable(P, "500")
    rig.provider.now_is("job-2", JobStatus.DONE, result_url="https://cdn/film.mp4")
    for _ in range(10):
        await rig.take(rig.poller)

    assert await rig.state(other) is TaskState.RENDERED
    assert len(rig.provider.cancelled) == 1
    for _ in range(10):
        await rig.take(rig.poller)
    assert len(rig.provider.cancelled) == 2


async def test_a_cancel_is_not_asked_for_with_another_key(rig: Rig) -> None:
    """Under the new key the job's id may be that of somebody else's job."""
    task = await rig.place()
    await rig.take(rig.submitter)
    await rig.desk.cancel(rig.caller(), task.id)
    async with rig.store.write(GUILD) as guild:
        await guild.note(task.id, key_fingerprint="the old key's")
    await rig.take(rig.poller)
    assert rig.provider.cancelled == []


async def test_many_wishes_hold_up_no_look(rig: Rig) -> None:
    """Each cancel takes queries of the same limit: a few are asked for between two looks."""
    wishes = [await rig.place() for _ in range(8)]
    done = await rig.place()
    while len(rig.provider.submitted) < 9:
        await rig.take(rig.submitter)
    for wish in wishes:
        await rig.desk.cancel(rig.caller(), wish.id)
    rig.provider.now_is("job-9", JobStatus.DONE, result_url="https://cdn/film.mp4")
    rest = await rig.take(rig.poller)

    assert (len(rig.provider.cancelled), await rig.state(done)) == (3, TaskState.RENDERED)
    assert rest == timedelta(0)
    await rig.take(rig.poller, rig.poller)
    assert {await rig.state(wish) for wish in wishes} == {TaskState.CANCELLED}


async def test_a_job_of_another_key_is_not_forgotten_but_out_of_sight(rig: Rig) -> None:
    """After a change of keys only the old key could see it: the operator is told, none released."""
    task = await rig.place()
    await rig.take(rig.submitter)
    async with rig.store.write(GUILD) as guild:
        await guild.note(task.id, key_fingerprint="the old key's")
    rig.provider.now_is("job-1", JobStatus.EXPIRED, failure=Failure.FORGOTTEN)
    await rig.take(rig.poller)

    stored = await rig.task(task)
    assert (stored.state, stored.flagged) == (TaskState.SUBMITTED, True)
    assert rig.provider.looks == 0
    assert await rig.left() == 495


async def test_of_several_films_the_one_that_waits_longest_goes_first(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list tells of the newest first; they are written down, and so delivered, oldest first."""
    for _ in range(3):
        await rig.place()
        await rig.take(rig.submitter)
    await rig.take(rig.poller)
    for number in (1, 2, 3):
        rig.provider.now_is(f"job-{number}", JobStatus.DONE, result_url="https://cdn/film.mp4")
    newest_first = [rig.provider.jobs[f"job-{number}"] for number in (3, 2, 1)]

    async def look(*_: object) -> list[Sighting]:
        return newest_first

    monkeypatch.setattr(rig.provider, "look", look)
    rig.moved.clear()
    await rig.take(rig.poller)
    assert [task.upstream_id for task in rig.moved] == ["job-1", "job-2", "job-3"]


async def test_how_late_the_looks_are_can_be_told_at_any_time(rig: Rig) -> None:
    """Not at all with nothing in flight, nor for what cannot be seen; else, how late the latest."""
    nothing = timedelta(0)
    assert rig.poller.lag == nothing
    unsent = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(unsent.id, TaskState.SENDING, now=rig.clock.now())
    await rig.poller.step()
    rig.clock.turn(timedelta(seconds=30))
    assert rig.poller.lag == nothing

    await rig.place()
    await rig.take(rig.submitter, rig.poller)
    assert rig.poller.lag == nothing
    rig.clock.turn(timedelta(seconds=5))
    assert rig.poller.lag == timedelta(seconds=4)
