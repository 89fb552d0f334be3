"""The workers' view across guilds: what is due, waiting, running, left over."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.task import ENDED, Task, TaskState
from bot.errors import Failure
from bot.store import Fate, Store, watched
from tests.store.building import GUILD, MEMBER, NOW, S, place

A, B = "aivideomaker", "apigo"
MINUTE = timedelta(minutes=1)


def ids(tasks: Iterable[Task]) -> list[str]:
    """Return the ids, in order."""
    return [task.id for task in tasks]


async def put(store: Store, state: TaskState = S.QUEUED, *, guild: int = GUILD, **changes) -> Task:
    """Record a task in some guild and lead it to ``state``."""
    async with store.write(guild) as opened:
        return await place(opened, state, **changes)


async def one_in_each_state(store: Store, **changes) -> dict[TaskState, Task]:
    """Record one task in every state, and one UNCONFIRMED that is written off."""
    tasks = {state: await put(store, state, **changes) for state in TaskState}
    lost = await put(store, S.UNCONFIRMED, **changes)
    async with store.write(GUILD) as guild:
        await guild.write_off(lost.id, now=NOW, failure=Failure.LOST)
    return tasks


async def test_in_flight_counts_what_the_service_may_be_at_work_on(store: Store) -> None:
    """SENDING, SUBMITTED, RUNNING and UNCONFIRMED count until they are written off."""
    await one_in_each_state(store)
    await put(store, S.RUNNING, provider=B)
    assert (await store.work.in_flight(A), await store.work.in_flight(B)) == (4, 1)


async def test_in_flight_counts_what_is_about_to_be_sent(store: Store) -> None:
    """A task that the Submitter has begun with counts once, before and after it is SENDING."""
    waiting, sending = await put(store), await put(store, S.SENDING)
    also = [waiting.id, sending.id, "unknown"]
    assert await store.work.in_flight(A, also=also) == 2


async def test_films_are_delivered_in_rounds_of_all_servers(store: Store) -> None:
    """From each server the oldest first; not what is paused, under way, or of a full server."""
    first = await put(store, S.RENDERED)
    second = await put(store, S.RENDERED, now=NOW + MINUTE)
    await put(store, S.RENDERED, now=NOW + MINUTE, due_at=NOW + 9 * MINUTE)
    other = await put(store, S.RENDERED, guild=GUILD + 1, now=NOW + 2 * MINUTE)
    now = NOW + 3 * MINUTE
    assert await store.work.rendered(now=now, limit=9) == [first, other, second]
    assert await store.work.rendered(now=now, limit=1, without=[first.id]) == [second]
    assert await store.work.rendered(now=now, limit=9, full=[GUILD]) == [other]


async def test_watched_is_what_the_service_is_at_work_on(store: Store) -> None:
    """What is being sent, too: its webhook may come before the answer. Others are not read."""
    tasks = await one_in_each_state(store)
    there = [tasks[state] for state in (S.SENDING, S.SUBMITTED, S.RUNNING)]
    found = await store.work.watched(A)
    assert sorted(found, key=str) == sorted(map(watched, there), key=str)
    assert await store.work.watched(B) == []


async def test_what_is_watched_of_a_task_is_what_its_row_says(store: Store) -> None:
    """Read from the rows or heard of a write, it is the same."""
    async with store.write(GUILD) as guild:
        full = await place(
            guild,
            S.RUNNING,
            upstream_id="job",
            key_fingerprint="key",
            hook_hash="hash",
            flagged=True,
            cancel_asked_by=MEMBER,
            charged=7,
            progress=40,
        )
    (read,) = await store.work.watched(A)
    assert read == watched(full)
    assert (read.upstream_id, read.hook_hash, read.cancel_asked) == ("job", "hash", True)
    assert (read.charged, read.progress, read.flagged) == (7, 40, True)


async def test_every_write_is_told_of_once_it_is_committed(store: Store) -> None:
    """New, moved, noted; not what is rolled back, nor while others could not read it yet."""
    heard: list[tuple[str, S]] = []
    store.tell(lambda task: heard.append((task.id, task.state)))
    async with store.write(GUILD) as guild:
        task = await place(guild, S.SENDING)
        assert heard == []
    assert heard == [(task.id, S.QUEUED), (task.id, S.SENDING)]
    async with store.write(GUILD) as guild:
        await guild.note(task.id, progress=1)
        await guild.move(task.id, S.DELIVERED, now=NOW)
    assert heard[2:] == [(task.id, S.SENDING)]
    with pytest.raises(ZeroDivisionError):
        await _move_and_stumble(store, task)
    assert len(heard) == 3


async def _move_and_stumble(store: Store, task: Task) -> None:
    async with store.write(GUILD) as guild:
        await guild.move(task.id, S.SUBMITTED, now=NOW)
        raise ZeroDivisionError


async def test_in_state_oldest_first_and_due_where_asked(store: Store) -> None:
    """Courier and Recovery take what is due; without ``now`` all are shown."""
    late = await put(store, S.RENDERED, now=NOW + MINUTE, due_at=NOW + MINUTE)
    due = await put(store, S.RENDERED, due_at=NOW)
    kept = await put(store, S.KEPT, now=NOW - MINUTE)
    await put(store)
    assert await store.work.in_state(S.RENDERED) == [due, late]
    assert await store.work.in_state(S.RENDERED, now=NOW) == [due]
    assert await store.work.in_state(S.RENDERED, S.KEPT, limit=2) == [kept, due]


async def test_cardless_tasks_are_found(store: Store) -> None:
    """A task whose card never appeared is cancelled after a while."""
    old = await put(store)
    await put(store, now=NOW + MINUTE)
    await put(store, card_message_id=5)
    await put(store, S.SENDING)
    assert await store.work.cardless(before=NOW) == [old]


async def test_what_ended_lately_is_found(store: Store) -> None:
    """After a restart the cards of what just ended are repaired, also of what was written off."""
    await put(store, S.DELIVERED)
    late = await put(store, S.DELIVERED, now=NOW + 2 * MINUTE)
    failed = await put(store, S.FAILED, now=NOW + MINUTE)
    lost = await put(store, S.UNCONFIRMED)
    async with store.write(GUILD) as guild:
        await guild.write_off(lost.id, now=NOW + 3 * MINUTE, failure=Failure.LOST)
    found = await store.work.ended_since(NOW + MINUTE, 10)
    assert ids(found) == ids([lost, late, failed])
    assert ids(await store.work.ended_since(NOW + MINUTE, 1)) == ids([lost])


async def test_claimed_ids_are_those_a_new_job_could_be_mistaken_for(store: Store) -> None:
    """A job made since then that a task of ours owns is not the one whose answer was lost."""
    await put(store, S.RUNNING, now=NOW - 9 * MINUTE, upstream_id="running")
    await put(store, S.FAILED, now=NOW, upstream_id="just failed")
    await put(store, S.FAILED, now=NOW - MINUTE, upstream_id="failed before")
    await put(store, S.RUNNING, provider=B, upstream_id="elsewhere")
    await put(store, S.RUNNING)
    claimed = await store.work.claimed_upstream_ids(A, NOW)
    assert claimed == {"running", "just failed"}


async def test_lost_tasks_are_those_to_search_for_now(store: Store) -> None:
    """Of one provider, due, oldest first; also those whose credits went back already."""
    later = await put(store, S.UNCONFIRMED, now=NOW + MINUTE)
    first = await put(store, S.UNCONFIRMED, guild=GUILD + 1)
    async with store.write(GUILD + 1) as guild:
        await guild.write_off(first.id, now=NOW, failure=Failure.LOST)
    await put(store, S.UNCONFIRMED, due_at=NOW + 9 * MINUTE)
    await put(store, S.UNCONFIRMED, provider=B)
    await put(store, S.SENDING)
    now = NOW + 2 * MINUTE
    assert ids(await store.work.lost(A, now=now, since=NOW)) == ids([first, later])
    assert ids(await store.work.lost(A, now=now, since=NOW, limit=1)) == [first.id]


async def test_what_was_lost_long_ago_is_in_nobodys_way(store: Store) -> None:
    """However many were written off: the search takes those sent since some instant only."""
    for _ in range(3):
        await put(store, S.UNCONFIRMED, now=NOW - MINUTE)
    waited = await put(store, now=NOW - 9 * MINUTE)
    async with store.write(GUILD) as guild:
        await guild.move(waited.id, S.SENDING, now=NOW)
        await guild.move(waited.id, S.UNCONFIRMED, now=NOW)
    assert ids(await store.work.lost(A, now=NOW, since=NOW, limit=3)) == [waited.id]


async def test_given_up_are_the_lost_that_nobody_wrote_off(store: Store) -> None:
    """When no search ever got an answer, the credits still go back at last."""
    old = await put(store, S.UNCONFIRMED, now=NOW - MINUTE)
    await put(store, S.UNCONFIRMED)
    await put(store, S.SENDING, now=NOW - MINUTE)
    assert ids(await store.work.given_up(NOW)) == [old.id]
    async with store.write(GUILD) as guild:
        await guild.write_off(old.id, now=NOW, failure=Failure.LOST)
    assert await store.work.given_up(NOW) == []


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, True),
        ({"guild": GUILD + 1}, True),
        ({"duration": timedelta(seconds=8)}, True),
        ({"state": S.SUBMITTED}, False),
        ({"provider": B}, False),
        ({"model": "i2v"}, False),
        ({"prompts": ("a cat", "on a surfboard")}, False),
    ],
    ids=str,
)
async def test_a_task_being_sent_may_be_taken_for_a_lost_one(
    store: Store, other: dict[str, Any], alike: bool
) -> None:
    """While another task of the same provider, model and prompts is sent, no job is adopted."""
    lost = await put(store, S.UNCONFIRMED)
    await put(store, **{"state": S.SENDING, **other})
    assert await store.work.sending_like(lost) is alike


async def test_a_task_is_not_taken_for_itself(store: Store) -> None:
    """A task that is being sent has no twin for that."""
    task = await put(store, S.SENDING)
    assert not await store.work.sending_like(task)


async def test_stuck_tasks_were_submitted_long_ago(store: Store) -> None:
    """No service is waited for without end; what counts is when it took the task."""
    old = [await put(store, state, now=NOW - MINUTE) for state in (S.SUBMITTED, S.RUNNING)]
    for state in (S.SENDING, S.RENDERED, S.DELIVERED):
        await put(store, state, now=NOW - MINUTE)
    waited = await put(store, now=NOW - 9 * MINUTE)
    async with store.write(GUILD) as guild:
        await guild.move(waited.id, S.SENDING, now=NOW)
        await guild.move(waited.id, S.SUBMITTED, now=NOW)
    assert sorted(ids(await store.work.stuck(NOW))) == sorted(ids(old))


async def test_orphaned_tasks_wait_for_a_provider_that_is_gone(store: Store) -> None:
    """Whatever has not ended, of a provider that has no key any more."""
    tasks = await one_in_each_state(store, provider=B)
    await put(store)
    waiting = [task.id for state, task in tasks.items() if state not in ENDED]
    assert sorted(ids(await store.work.orphaned({A}))) == sorted(waiting)
    assert await store.work.orphaned([A, B]) == []
    assert len(await store.work.orphaned([])) == len(waiting) + 1


async def test_workers_learn_how_long_they_may_rest(store: Store) -> None:
    """The next instant at which something in a state becomes due, of one provider or of any."""
    for minutes, provider in ((-1, A), (0, A), (3, A), (2, A), (1, B)):
        await put(store, due_at=NOW + minutes * MINUTE, provider=provider)
    await put(store)
    assert await store.work.next_due(S.QUEUED, A, now=NOW) == NOW + 2 * MINUTE
    assert await store.work.next_due(S.QUEUED, now=NOW) == NOW + MINUTE
    assert await store.work.next_due(S.QUEUED, now=NOW + 3 * MINUTE) is None
    assert await store.work.next_due(S.RENDERED, now=NOW) is None


async def test_flagged_tasks_are_listed(store: Store) -> None:
    """``check`` shows the operator what to look at, the latest first: old ones hide no new one."""
    tasks = await one_in_each_state(store)
    marked = await put(store, flagged=True, now=NOW + MINUTE)
    flagged = await store.work.flagged()
    assert flagged[0] == marked
    assert tasks[S.EXPIRED].id in ids(flagged)
    assert len(flagged) == 3
    assert await store.work.flagged(limit=1) == [marked]
    assert await store.work.count_flagged() == 3


def _on_disk(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.glob("clapboard.db*"))


async def test_erased_tokens_leave_the_disk(store: Store, tmp_path: Path) -> None:
    """Neither the file nor its write-ahead log holds an erased token, however often it moved."""
    folder = tmp_path / "data"
    for number in range(40):
        token = f"canary-token-{number}-" + "x" * 200
        task = await put(store, token=token, token_expires_at=NOW)
        async with store.write(GUILD) as guild:
            await guild.note(task.id, attempts=number, detail="d" * 200)
    assert _on_disk(folder, "canary-token")
    async with store.read(GUILD) as reader:  # a reader that sees the old rows is in the way
        await reader.tasks_of(None, limit=1)
        await store.work.erase_tokens(before=NOW)
    await store.work.erase_tokens(before=NOW)
    assert not _on_disk(folder, "canary-token")


async def test_states_are_counted(store: Store) -> None:
    """``/metrics`` shows how many tasks stand where."""
    assert await store.work.counts() == {}
    await one_in_each_state(store)
    expected = dict.fromkeys(TaskState, 1) | {S.UNCONFIRMED: 2}
    assert await store.work.counts() == expected


async def test_tokens_are_erased_when_they_have_expired(store: Store) -> None:
    """Interaction tokens live in one column, for as long as they are worth something."""
    expired = await put(store, token="secret", token_expires_at=NOW)
    alive = await put(store, guild=GUILD + 1, token="secret", token_expires_at=NOW + MINUTE)
    assert await store.work.erase_tokens(before=NOW) == 1
    assert await store.work.erase_tokens(before=NOW) == 0
    async with store.read(GUILD) as guild:
        row = await guild.task(expired.id)
    assert row is not None
    assert (row.token, row.token_expires_at) == (None, None)
    async with store.read(GUILD + 1) as guild:
        assert await guild.task(alive.id) == alive


async def test_durations_are_learned_from_our_own_films(store: Store) -> None:
    """How long it usually takes: submitted to rendered, per model and length, latest first."""
    for minutes, changes in (
        (1, {}),
        (2, {}),
        (3, {}),
        (4, {"model": "i2v"}),
        (5, {"duration": timedelta(seconds=8)}),
    ):
        task = await put(store, S.RUNNING, **changes)
        async with store.write(GUILD) as guild:
            await guild.move(task.id, S.RENDERED, now=NOW + minutes * MINUTE)
    five = timedelta(seconds=5)
    assert await store.work.durations("t2v", five) == [3 * MINUTE, 2 * MINUTE, MINUTE]
    assert await store.work.durations("t2v", five, limit=1) == [3 * MINUTE]
    assert await store.work.durations("lv", five) == []


async def test_the_lengths_beside_one_are_those_ever_ordered(store: Store) -> None:
    """The next shorter and the next longer of the same model, where there are any."""
    for length in (5, 8, 15, 20):
        await put(store, S.RUNNING, duration=timedelta(seconds=length))
    await put(store, S.RUNNING, model="lv", duration=timedelta(seconds=10))

    async def beside(length: int) -> list[float]:
        found = await store.work.lengths_beside("t2v", timedelta(seconds=length))
        return [other.total_seconds() for other in found]

    assert await beside(10) == [8, 15]
    assert await beside(5) == [8]
    assert await beside(20) == [15]
    assert await store.work.lengths_beside("sora-2", timedelta(seconds=4)) == []


async def test_the_fate_of_many_tasks(store: Store) -> None:
    """Tidying asks, for whatever files it finds, whether their tasks ended, and when."""
    delivered = await put(store, S.DELIVERED, now=NOW + MINUTE)
    kept = await put(store, S.KEPT, guild=GUILD + 1)
    waiting = await put(store, S.RENDERED)
    await put(store, S.FAILED)
    unknown = [f"unknown-{number}" for number in range(2000)]
    assert await store.work.fates([waiting.id, *unknown, kept.id, delivered.id]) == {
        delivered.id: Fate(S.DELIVERED, NOW + MINUTE),
        kept.id: Fate(S.KEPT, NOW),
        waiting.id: Fate(S.RENDERED, None),
    }
    assert await store.work.fates([]) == {}


async def test_many_tasks_come_whole(store: Store) -> None:
    """More rows than one batch: none is missing, none comes twice."""
    async with store.write(GUILD) as guild:
        placed = [await place(guild) for _ in range(450)]
    found = await store.work.in_state(S.QUEUED)
    assert sorted(ids(found)) == sorted(ids(placed))
