"""The workers' view across guilds: what is due, waiting, running, left over."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.task import ENDED, Task, TaskState
from bot.errors import Failure
from bot.store import Fate, Store
from tests.store.building import GUILD, NOW, S, place

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


async def test_queued_tasks_have_a_card_and_are_due(store: Store) -> None:
    """The Submitter takes what can be sent now, of its provider, from all guilds, oldest first."""
    second = await put(store, now=NOW + MINUTE, card_message_id=1)
    first = await put(store, guild=GUILD + 1, card_message_id=1, due_at=NOW)
    await put(store)  # no card yet
    await put(store, card_message_id=2, due_at=NOW + MINUTE)
    await put(store, card_message_id=3, provider=B)
    await put(store, S.SENDING, card_message_id=4)
    assert await store.work.queued(A, now=NOW, limit=10) == [first, second]
    assert await store.work.queued(A, now=NOW, limit=1) == [first]


async def test_places_are_the_order_of_the_queue(store: Store) -> None:
    """A card's place counts everybody who waits for the same provider, of all guilds."""
    third = await put(store, now=NOW + 2 * MINUTE)
    first = await put(store, guild=GUILD + 1)
    second = await put(store, now=NOW + MINUTE, due_at=NOW + 9 * MINUTE)
    await put(store, provider=B)
    await put(store, S.RUNNING)
    assert await store.work.places(A) == ids([first, second, third])


async def test_in_flight_counts_what_the_service_may_be_at_work_on(store: Store) -> None:
    """SENDING, SUBMITTED, RUNNING and UNCONFIRMED count until they are written off."""
    await one_in_each_state(store)
    await put(store, S.RUNNING, provider=B)
    assert (await store.work.in_flight(A), await store.work.in_flight(B)) == (4, 1)


async def test_watched_are_submitted_and_running(store: Store) -> None:
    """The Poller looks for what the service has, first submitted first."""
    later = await put(store, S.RUNNING, now=NOW + MINUTE)
    tasks = await one_in_each_state(store)
    both = sorted([tasks[S.SUBMITTED], tasks[S.RUNNING]], key=lambda task: task.id)
    assert await store.work.watched(A) == [*both, later]
    assert await store.work.watched(B) == []


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


async def test_a_hook_finds_its_task(store: Store) -> None:
    """A webhook is known by provider and hashed secret, in whichever guild."""
    task = await put(store, S.RUNNING, guild=GUILD + 1, hook_hash="h")
    assert await store.work.by_hook(A, "h") == task
    assert await store.work.by_hook(B, "h") is None
    assert await store.work.by_hook(A, "other") is None


async def test_a_hook_dies_with_its_task(store: Store) -> None:
    """A secret is good until the task ends; a lost job that was written off may still call."""
    for state, task in (await one_in_each_state(store, provider=B)).items():
        async with store.write(GUILD) as guild:
            await guild.note(task.id, hook_hash=state.value)
        found = await store.work.by_hook(B, state.value)
        assert (found is None) == (state in ENDED)
    async with store.write(GUILD) as guild:
        lost = await place(guild, S.UNCONFIRMED, hook_hash="lost")
        await guild.write_off(lost.id, now=NOW, failure=Failure.LOST)
    assert await store.work.by_hook(A, "lost") is not None


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
