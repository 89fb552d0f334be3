"""Step 4, when it looks: calm, quick, hinted by webhooks, and what it looks at."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.task import Task, TaskState
from bot.errors import Unavailable
from bot.providers.base import Job, JobStatus, Sighting
from tests.pipeline.rig import GUILD, Rig

FILM = "https://cdn/film.mp4"


def seconds(number: float) -> timedelta:
    """Say it shortly."""
    return timedelta(seconds=number)


async def sent(rig: Rig, times: int = 1, **fields: Any) -> list[Task]:
    """Order films and send the orders; they are the last jobs the service made."""
    tasks = [await rig.place(**fields) for _ in range(times)]
    while len(rig.provider.submitted) < rig.orders:
        await rig.take(rig.submitter)
    return [await rig.task(task) for task in tasks]


async def with_hook(rig: Rig, task: Task) -> str:
    """Let a job's service have been given an address; return the hash of its secret."""
    hook_hash = hashlib.sha256(task.id.encode()).hexdigest()
    async with rig.store.write(GUILD) as guild:
        await guild.note(task.id, hook_hash=hook_hash)
    return hook_hash


def done(rig: Rig, task: Task) -> None:
    """Let the next look see the film."""
    assert task.upstream_id is not None
    rig.provider.now_is(task.upstream_id, JobStatus.DONE, result_url=FILM)


async def history(rig: Rig, **fields: Any) -> None:
    """Let five films have taken 100 seconds."""
    tasks = await sent(rig, 5, **fields)
    rig.clock.turn(seconds(100))
    for task in tasks:
        done(rig, task)
    await rig.poller.step()
    rig.clock.turn(seconds(90))  # what was learned before is not believed for longer than a minute


async def looks(rig: Rig, during: timedelta) -> list[float]:
    """Let the Poller run for so long; return the seconds after which it looked."""
    began, found = rig.clock.monotonic(), []
    while (passed := rig.clock.monotonic() - began) <= during:
        before = rig.provider.looks
        rest = await rig.poller.step()
        if rig.provider.looks > before:
            found.append(passed.total_seconds())
        rig.clock.turn(max(rest, timedelta(milliseconds=1)))
    return found


async def test_calm_while_nothing_can_be_ready_quick_when_something_may_be(rig: Rig) -> None:
    """Films of this kind took 100 seconds: five looks in the first 78, then one a second."""
    await history(rig)
    await sent(rig)
    found = await looks(rig, seconds(100))

    assert [round(at) for at in found if at < 77.5] == [15, 30, 45, 60, 75]
    quick = [at for at in found if at >= 77.5]
    assert len(quick) == pytest.approx(22, abs=1)


@pytest.mark.parametrize(
    ("known", "ordered", "calm"), [(5, 8, [15, 30, 45, 60, 75]), (8, 5, [15, 30, 45, 48])]
)
async def test_a_film_of_another_length_is_paced_by_what_is_known(
    rig: Rig, known: int, ordered: int, calm: list[int]
) -> None:
    """They took 100 s: a longer film takes no less, and one of 5 s where 8 s are known 62 s."""
    await history(rig, duration=seconds(known))
    (task,) = await sent(rig, duration=seconds(ordered))
    found = await looks(rig, seconds(80))
    assert [round(at) for at in found][: len(calm)] == calm
    assert (await rig.cards.view(task)).usual is None  # people are told what is known, no guesses


async def test_without_history_looks_are_quick_from_the_start(rig: Rig) -> None:
    """Nobody knows yet how long it takes: no film waits for its look."""
    await sent(rig)
    assert len(await looks(rig, seconds(60))) == pytest.approx(60, abs=1)


async def test_with_nothing_in_flight_nobody_looks(rig: Rig) -> None:
    """An idle bot asks no service anything, and wakes once a minute."""
    assert await looks(rig, timedelta(minutes=10)) == []
    assert await rig.poller.step() >= seconds(50)


async def test_a_webhook_makes_its_job_due_at_once(rig: Rig) -> None:
    """Minutes before the next look: that job is asked about, the others only where it is free."""
    await history(rig)
    await announced(rig)
    told, other = await sent(rig, 2)
    hook = await with_hook(rig, told)
    rig.clock.turn(seconds(90))
    await rig.poller.step()
    assert await rig.poller.step() > seconds(10)
    done(rig, told)
    rig.poller.hint(hook)
    await rig.poller.step()

    assert await rig.state(told) is TaskState.RENDERED
    assert rig.provider.looked_at[-1] == ([told.upstream_id], [other.upstream_id])


async def test_webhooks_of_beginnings_are_looked_at_together(rig: Rig) -> None:
    """While nothing can be ready: five seconds later, in one look, and not again at once."""
    await history(rig)
    tasks = await sent(rig, 3)
    hooks = [await with_hook(rig, task) for task in tasks]
    await rig.poller.step()
    for task, hook in zip(tasks, hooks, strict=True):
        rig.provider.now_is(str(task.upstream_id), JobStatus.RUNNING)
        rig.poller.hint(hook)
    found = await looks(rig, seconds(18))

    assert [round(at) for at in found] == [5]
    assert {await rig.state(task) for task in tasks} == {TaskState.RUNNING}


async def test_a_webhook_that_runs_ahead_of_the_books_is_not_forgotten(rig: Rig) -> None:
    """The service's own answer is not there yet: it is asked for each second, half a minute."""
    await history(rig)
    await announced(rig)
    (task,) = await sent(rig)
    hook = await with_hook(rig, task)
    rig.clock.turn(seconds(90))
    rig.poller.hint(hook)
    found = await looks(rig, seconds(40))

    assert len([at for at in found if at <= 30.5]) == pytest.approx(31, abs=1)
    assert len([at for at in found if at > 30.5]) <= 1


async def test_a_webhook_may_be_quicker_than_the_answer_to_the_create(rig: Rig) -> None:
    """It waits for the job's id, and is heeded then."""
    task = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SENDING, now=rig.clock.now(), hook_hash="early")
    rig.poller.hint("early")
    assert await rig.poller.step() > seconds(10)
    rig.provider.now_is("job-early", JobStatus.DONE, result_url=FILM)
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SUBMITTED, now=rig.clock.now(), upstream_id="job-early")
    await rig.poller.step()
    assert await rig.state(task) is TaskState.RENDERED


async def test_a_look_without_room_for_all_who_were_hinted_is_followed_by_another(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five told of at once, a service that answers for two a look: three looks, ahead of others."""
    await sent(rig, 5)
    told = await sent(rig, 5)
    hooks = [await with_hook(rig, task) for task in told]
    rig.provider.jobs = {key: rig.provider.jobs[key] for key in (str(t.upstream_id) for t in told)}
    await rig.take(rig.poller)  # the others were never seen: they are the latest
    for task, hook in zip(told, hooks, strict=True):
        done(rig, task)
        rig.poller.hint(hook)

    async def two(due: Sequence[Job], _also: Sequence[Job]) -> list[Sighting]:
        asked.extend(job.upstream_id for job in due[:2])
        return [rig.provider.jobs[key] for key in asked[-2:] if key in rig.provider.jobs]

    asked: list[str] = []
    monkeypatch.setattr(rig.provider, "look", two)
    for _ in range(3):
        await rig.take(rig.poller)
    assert asked == [task.upstream_id for task in told]
    assert {await rig.state(task) for task in told} == {TaskState.RENDERED}


async def announced(rig: Rig, times: int = 3) -> None:
    """Let films be told of by webhooks and found finished."""
    for task in await sent(rig, times):
        hook = await with_hook(rig, task)
        rig.clock.turn(seconds(100))
        done(rig, task)
        rig.poller.hint(hook)
        await rig.poller.step()


async def test_looks_are_slower_while_webhooks_arrive(rig: Rig) -> None:
    """Nothing waits for a look any more, so four a minute are enough."""
    await history(rig)
    await announced(rig)
    (task,) = await sent(rig)
    await with_hook(rig, task)
    rig.clock.turn(seconds(90))
    await rig.poller.step()
    assert len(await looks(rig, seconds(60))) <= 5


async def test_looks_are_quick_again_as_soon_as_one_is_missed(rig: Rig) -> None:
    """Films found finished that no webhook told of: webhooks cannot be relied on."""
    await history(rig)
    await announced(rig)
    silent, other = await sent(rig, 2)
    for task in (silent, other):
        await with_hook(rig, task)
    rig.clock.turn(seconds(90))
    await rig.poller.step()
    done(rig, silent)
    await looks(rig, seconds(16))
    assert await rig.state(silent) is TaskState.RENDERED
    assert len(await looks(rig, seconds(30))) == pytest.approx(30, abs=2)


async def test_webhooks_for_several_during_a_look_are_one_look(rig: Rig) -> None:
    """The look that follows is for all of them: five films in a second are one list."""
    await history(rig)
    tasks = await sent(rig, 5)
    hooks = [await with_hook(rig, task) for task in tasks]
    rig.clock.turn(seconds(90))
    await rig.poller.step()
    before, rig.provider.turn_in = rig.provider.looks, seconds(0.6)
    for task, hook in zip(tasks, hooks, strict=True):
        done(rig, task)
        rig.poller.hint(hook)
        assert await rig.poller.step() == seconds(0.6)
    rig.provider.turn_in = seconds(0)
    await rig.poller.step()

    assert rig.provider.looks == before + 1
    assert {await rig.state(task) for task in tasks} == {TaskState.RENDERED}


async def test_what_is_seen_for_free_need_not_be_asked_for(rig: Rig) -> None:
    """A list shows jobs that are not due: their next look is moved on."""
    await history(rig)
    first = (await sent(rig))[0]
    rig.clock.turn(seconds(7))
    second = (await sent(rig))[0]
    assert [round(at) for at in await looks(rig, seconds(30))] == [8, 23]
    assert rig.provider.looked_at[-2] == ([first.upstream_id], [second.upstream_id])


async def test_what_was_not_seen_stays_due_and_comes_first(rig: Rig) -> None:
    """A service that answers for two jobs a look is asked for each of ten in its turn."""
    tasks = await sent(rig, 10)
    provider, rounds = rig.provider, 20
    ids = [str(task.upstream_id) for task in tasks]
    asked = dict.fromkeys(ids, 0)
    for _ in range(rounds):
        rig.clock.turn(seconds(1))
        provider.jobs.clear()
        await rig.poller.step()  # this one shows nothing and tells the order
        for upstream_id in provider.looked_at[-1][0][:2]:
            asked[upstream_id] += 1
            provider.now_is(upstream_id, JobStatus.WAITING)
        rig.clock.turn(seconds(1))
        await rig.poller.step()

    assert set(asked.values()) == {2 * rounds // len(ids)}


async def test_the_pressing_are_asked_more_often_and_none_is_left_out(rig: Rig) -> None:
    """Where not all can be asked in time: those that may be ready come first, the calm at times."""
    await history(rig)
    old = await sent(rig, 2)
    rig.clock.turn(seconds(90))
    young = await sent(rig, 2)
    first: list[str] = []
    for _ in range(36):
        rig.clock.turn(seconds(1))
        rig.provider.jobs.clear()
        await rig.poller.step()
        first.append(rig.provider.looked_at[-1][0][0])
        rig.provider.now_is(first[-1], JobStatus.WAITING)
        rig.clock.turn(seconds(1))
        await rig.poller.step()

    pressing = {str(task.upstream_id) for task in old}
    calm = {str(task.upstream_id) for task in young}
    assert pressing | calm <= set(first)
    assert sum(upstream_id in pressing for upstream_id in first) > len(first) / 2


async def test_trouble_keeps_what_is_due(rig: Rig) -> None:
    """A look in vain counts for nothing: the next one is for the same jobs, a webhook included."""
    await history(rig)
    (task,) = await sent(rig)
    rig.clock.turn(seconds(90))
    rig.poller.hint(await with_hook(rig, task))
    rig.provider.look_error = Unavailable("aivideomaker", "502")
    pauses = [await rig.poller.step() for _ in range(8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == seconds(60)

    rig.provider.look_error = None
    done(rig, task)
    await rig.poller.step()
    assert await rig.state(task) is TaskState.RENDERED
