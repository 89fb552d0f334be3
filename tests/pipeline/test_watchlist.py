"""What the Poller keeps in memory is what the rows say, whoever wrote them."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.domain.task import Task, TaskState
from bot.errors import Failure
from bot.providers.base import JobStatus
from bot.store import Store
from tests.pipeline.rig import GUILD, Rig

FILM = "https://cdn/film.mp4"
QUICK = timedelta(seconds=1)


async def sent(rig: Rig, times: int = 1) -> list[Task]:
    """Order films and send the orders."""
    tasks = [await rig.place() for _ in range(times)]
    while len(rig.provider.submitted) < rig.orders:
        await rig.take(rig.submitter)
    return [await rig.task(task) for task in tasks]


def _ids(rig: Rig) -> list[str]:
    """Return what the last look was for, those seen for free included."""
    due, also = rig.provider.looked_at[-1]
    return sorted(due + also)


@contextmanager
def statements(store: Store) -> Iterator[Counter[str]]:
    """Count the statements about tasks while the body runs, by their first word."""
    counted: Counter[str] = Counter()
    engines = [store._database._readers.sync_engine, store._database._writer.sync_engine]

    def count(_c: object, _cursor: object, sql: str, *_: object) -> None:
        if "tasks" in sql:
            counted[sql.split(maxsplit=1)[0]] += 1

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    yield counted
    for engine in engines:
        event.remove(engine, "before_cursor_execute", count)


async def test_what_others_move_is_heard_of_at_once(rig: Rig) -> None:
    """One that Recovery gave up is not looked at any more; one that the Search found is."""
    given_up, lost, stays = await sent(rig, 3)
    await rig.take(rig.poller)
    async with rig.store.write(GUILD) as guild:
        await guild.move(given_up.id, TaskState.EXPIRED, now=rig.clock.now())
    await rig.take(rig.poller)
    assert _ids(rig) == sorted([lost.upstream_id or "", stays.upstream_id or ""])


async def test_a_job_written_off_that_turns_up_is_watched(rig: Rig) -> None:
    """Its member has the credits back, and gets the film all the same."""
    task = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SENDING, now=rig.clock.now())
        await guild.move(task.id, TaskState.UNCONFIRMED, now=rig.clock.now())
        await guild.write_off(task.id, now=rig.clock.now(), failure=Failure.LOST)
    await rig.take(rig.poller)
    assert rig.provider.looks == 0

    rig.provider.now_is("late", JobStatus.DONE, result_url=FILM)
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SUBMITTED, now=rig.clock.now(), upstream_id="late")
    await rig.take(rig.poller)
    assert await rig.state(task) is TaskState.RENDERED


async def test_a_write_that_was_missed_is_found_in_the_rows(rig: Rig) -> None:
    """Whatever the list missed, it knows a minute later."""
    given_up, stays = await sent(rig, 2)
    await rig.take(rig.poller)
    rig.store._listeners.clear()
    async with rig.store.write(GUILD) as guild:
        await guild.move(given_up.id, TaskState.EXPIRED, now=rig.clock.now())
    await rig.take(rig.poller)
    assert len(_ids(rig)) == 2
    rig.clock.turn(timedelta(minutes=1))
    await rig.take(rig.poller)
    assert _ids(rig) == [stays.upstream_id]


async def test_a_move_that_comes_too_late_sends_the_list_back_to_the_rows(rig: Rig) -> None:
    """The store refuses it, and the list does not try it again and again."""
    (task,) = await sent(rig)
    await rig.take(rig.poller)
    rig.store._listeners.clear()
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.EXPIRED, now=rig.clock.now())
    rig.provider.now_is(str(task.upstream_id), JobStatus.DONE, result_url=FILM)
    await rig.take(rig.poller)
    looks = rig.provider.looks
    for _ in range(5):
        await rig.take(rig.poller)

    assert rig.provider.looks == looks
    assert await rig.state(task) is TaskState.EXPIRED


async def test_what_is_written_while_the_rows_are_read_is_newer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that ends, and one that begins, between the question and its answer."""
    ends, stays = await sent(rig, 2)
    asked = rig.store.work.watched

    async def slowly(provider: str) -> object:
        rows = await asked(provider)
        async with rig.store.write(GUILD) as guild:
            await guild.move(ends.id, TaskState.EXPIRED, now=rig.clock.now())
        begins.extend(await sent(rig))
        return rows

    begins: list[Task] = []
    monkeypatch.setattr(rig.store.work, "watched", slowly)
    await rig.take(rig.poller)
    await rig.take(rig.poller)
    assert _ids(rig) == sorted([str(stays.upstream_id), str(begins[0].upstream_id)])


async def test_a_restart_takes_up_all_that_is_under_way(rig: Rig) -> None:
    """From the rows alone, and each is looked at at once."""
    tasks = await sent(rig, 3)
    rig.clock.turn(timedelta(minutes=2))
    await rig.restart()
    await rig.take(rig.poller)
    assert sorted(rig.provider.looked_at[-1][0]) == sorted(str(t.upstream_id) for t in tasks)


async def test_one_job_may_be_waited_for_by_two(rig: Rig) -> None:
    """A service that answered a repeated create with the job it had made: both get the film."""
    one, two = await sent(rig, 2)
    async with rig.store.write(GUILD) as guild:
        await guild.note(two.id, upstream_id=one.upstream_id)
    rig.provider.now_is(str(one.upstream_id), JobStatus.DONE, result_url=FILM)
    await rig.take(rig.poller)
    assert {await rig.state(one), await rig.state(two)} == {TaskState.RENDERED}


async def test_the_operator_is_told_once_of_another_key(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when the task is written again, and after the rows were read again."""
    (task,) = await sent(rig)
    async with rig.store.write(GUILD) as guild:
        await guild.note(task.id, key_fingerprint="the old key's")
    for _ in range(3):
        await rig.take(rig.poller)
        rig.clock.turn(timedelta(minutes=2))
    assert [record.message for record in caplog.records].count(
        "it was ordered with another key"
    ) == 1
    assert rig.provider.looks == 0


async def test_the_first_film_does_not_wait_for_the_last(rig: Rig) -> None:
    """The Courier is woken after each; what began, or moved on a little, is written after them."""
    tasks = await sent(rig, 50)
    for number, task in enumerate(tasks):
        status = JobStatus.DONE if number in (20, 40) else JobStatus.RUNNING
        rig.provider.now_is(str(task.upstream_id), status, result_url=FILM)
    rig.moved.clear()
    await rig.take(rig.poller)
    states = [task.state for task in rig.moved]
    assert states == [TaskState.RENDERED] * 2 + [TaskState.RUNNING] * 40

    await rig.take(rig.poller)
    assert Counter(task.state for task in rig.moved)[TaskState.RUNNING] == 48


async def test_a_step_with_nothing_due_touches_no_row(rig: Rig, tmp_path: Path) -> None:
    """Thousands in flight cost one reading a minute, and a look that shows nothing new none."""
    (task,) = await sent(rig)
    _multiply(tmp_path / "clapboard.db", 2000)
    await rig.restart()
    await rig.take(rig.poller)
    assert len(_ids(rig)) == 2001
    rig.provider.jobs |= dict.fromkeys(_ids(rig), rig.provider.jobs[str(task.upstream_id)])
    with statements(rig.store) as counted:
        looks = rig.provider.looks
        assert await rig.poller.step() > timedelta(0)
        assert rig.provider.looks == looks
        for _ in range(5):
            await rig.take(rig.poller)
        assert rig.provider.looks == looks + 5
    assert counted == {}


def _multiply(path: Path, times: int) -> None:
    """Repeat the only task, each with a job of its own."""
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(tasks)")]
        new = {"id": "'id-' || n", "order_key": "'message:' || n", "upstream_id": "'job:' || n"}
        values = ", ".join(new.get(name, name) for name in names)
        numbers = "SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers LIMIT ?"
        rows = f"SELECT {values} FROM tasks, numbers"  # noqa: S608 - our own names
        connection.execute(
            f"WITH RECURSIVE numbers AS ({numbers}) INSERT INTO tasks {rows}", (times,)
        )
