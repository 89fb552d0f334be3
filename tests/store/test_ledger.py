"""What each step of a task means in the ledger."""

from datetime import timedelta

import pytest

from bot.domain.quota import Draw, LedgerEntry, LedgerKind
from bot.domain.task import TaskState
from bot.errors import Failure
from bot.store import GuildStore, Store
from tests.store.building import ADMIN, GUILD, MEMBER, NOW, S, make_task, place

K = LedgerKind
LATER = NOW + timedelta(minutes=3)


async def facts(guild: GuildStore, task_id: str) -> list[tuple[LedgerKind, int]]:
    """Return what the ledger says about a task, oldest first."""
    return [(entry.kind, entry.credits) for entry in await guild.ledger_of(task_id)]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.QUEUED, [(K.HOLD, -5)]),
        (S.SENDING, [(K.HOLD, -5)]),
        (S.SUBMITTED, [(K.HOLD, -5)]),
        (S.RUNNING, [(K.HOLD, -5)]),
        (S.RENDERED, [(K.HOLD, -5)]),
        (S.UNCONFIRMED, [(K.HOLD, -5)]),
        (S.DELIVERED, [(K.HOLD, -5), (K.SETTLE, 0)]),
        (S.KEPT, [(K.HOLD, -5), (K.SETTLE, 0)]),
        (S.REFUSED, [(K.HOLD, -5), (K.RELEASE, 5)]),
        (S.FAILED, [(K.HOLD, -5), (K.RELEASE, 5)]),
        (S.CANCELLED, [(K.HOLD, -5), (K.RELEASE, 5)]),
        (S.EXPIRED, [(K.HOLD, -5), (K.RELEASE, 5)]),
    ],
)
async def test_each_state_has_its_meaning(
    store: Store, state: TaskState, expected: list[tuple[LedgerKind, int]]
) -> None:
    """Held until it ends; spent where there is a film, given back where there is none."""
    async with store.write(GUILD) as guild:
        task = await place(guild, state)
        assert await facts(guild, task.id) == expected


async def test_a_kept_film_that_is_delivered_later_is_settled_once(store: Store) -> None:
    """KEPT → DELIVERED means nothing in the ledger."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.KEPT)
        await guild.move(task.id, S.DELIVERED, now=LATER)
        assert await facts(guild, task.id) == [(K.HOLD, -5), (K.SETTLE, 0)]


@pytest.mark.parametrize(("charged", "more"), [(8, -3), (2, 3), (0, 5)])
async def test_what_the_service_charged_replaces_the_hold(
    store: Store, charged: int, more: int
) -> None:
    """An adjustment is written with the move that learned of it."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.SENDING)
        moved = await guild.move(task.id, S.SUBMITTED, now=LATER, charged=charged)
        assert moved is not None
        assert moved.charged == charged
        assert await facts(guild, task.id) == [(K.HOLD, -5), (K.ADJUST, more)]


async def test_the_price_charged_needs_no_adjustment(store: Store) -> None:
    """Charged as expected, or charged the same again: no row."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.SENDING)
        await guild.move(task.id, S.SUBMITTED, now=LATER, charged=5)
        await guild.note(task.id, now=LATER, charged=7)
        await guild.note(task.id, now=LATER, charged=7)
        await guild.move(task.id, S.RUNNING, now=LATER, charged=7)
        await guild.note(task.id, now=LATER, charged=None)
        assert await facts(guild, task.id) == [(K.HOLD, -5), (K.ADJUST, -2)]


async def test_a_release_gives_back_what_is_held_after_adjustments(store: Store) -> None:
    """A task that failed after it was charged differently costs nothing, exactly."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.SENDING)
        await guild.move(task.id, S.SUBMITTED, now=NOW, charged=9)
        await guild.move(task.id, S.FAILED, now=LATER, charged=2)
        assert await facts(guild, task.id) == [
            (K.HOLD, -5),
            (K.ADJUST, -4),
            (K.ADJUST, 7),
            (K.RELEASE, 2),
        ]


async def test_a_charge_learned_after_the_end_counts_where_a_film_was_made(store: Store) -> None:
    """Settled tasks are still adjusted; released ones are not."""
    async with store.write(GUILD) as guild:
        delivered, failed = await place(guild, S.DELIVERED), await place(guild, S.FAILED)
        await guild.note(delivered.id, now=LATER, charged=6)
        await guild.note(failed.id, now=LATER, charged=6)
        assert await facts(guild, delivered.id) == [(K.HOLD, -5), (K.SETTLE, 0), (K.ADJUST, -1)]
        assert await facts(guild, failed.id) == [(K.HOLD, -5), (K.RELEASE, 5)]


@pytest.mark.parametrize(
    ("end", "rows"), [(S.DELIVERED, [(K.SETTLE, 0)]), (S.FAILED, []), (S.EXPIRED, [])]
)
async def test_a_written_off_task_that_turns_up_costs_nothing(
    store: Store, end: TaskState, rows: list[tuple[LedgerKind, int]]
) -> None:
    """Released when written off: no adjustment, settled at 0, nothing given back twice."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.UNCONFIRMED)
        await guild.write_off(task.id, now=NOW, failure=Failure.LOST)
        await guild.move(task.id, S.SUBMITTED, now=LATER, charged=9)
        await guild.move(task.id, S.RENDERED, now=LATER, charged=9)
        await guild.move(task.id, end, now=LATER)
        assert await facts(guild, task.id) == [(K.HOLD, -5), (K.RELEASE, 5), *rows]


async def test_history_is_newest_first_and_names_who(store: Store) -> None:
    """``/quota history``: who, what, when; a cancellation names who asked for it."""
    async with store.write(GUILD) as guild:
        task = make_task()
        await guild.add(task, Draw(5, 0, 0), now=NOW)
        await guild.grant(credits=50, member_id=None, actor_id=ADMIN, now=NOW)
        await guild.grant(credits=-3, member_id=MEMBER, actor_id=ADMIN, now=NOW)
        await guild.move(task.id, S.CANCELLED, now=LATER, cancel_asked_by=ADMIN)
        assert await guild.history(limit=10) == [
            LedgerEntry(K.RELEASE, 5, MEMBER, task.id, ADMIN, LATER),
            LedgerEntry(K.GRANT, -3, MEMBER, None, ADMIN, NOW),
            LedgerEntry(K.GRANT, 50, None, None, ADMIN, NOW),
            LedgerEntry(K.HOLD, -5, MEMBER, task.id, MEMBER, NOW),
        ]
        assert len(await guild.history(limit=2)) == 2
