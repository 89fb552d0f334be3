"""Many at once: no credit is spent twice, and a transaction that is cut off leaves nothing."""

import asyncio
import sqlite3
import types
from collections.abc import AsyncIterator, Callable, Container, Coroutine, Generator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import insert, text

from bot.domain.quota import LedgerKind, Standing
from bot.errors import BrokenInvariant, Refused, StoreUnavailable
from bot.store import Store
from bot.store import engine as database
from bot.store.schema import ledger
from tests.store.building import GUILD, MEMBER, NOW, S, make_rule, make_task, place

T = TypeVar("T")
COST = 5
OF_NO_TASK: dict[str, Any] = {
    "guild_id": GUILD,
    "seq": 1,
    "kind": LedgerKind.HOLD,
    "task_id": "none",
    "credits": 0,
    "pool_grants": 0,
    "member_grants": 0,
    "at": NOW,
    "counted_at": NOW,
}
"""A row of the ledger that points to a task which is not there."""


@pytest.fixture
async def impatient(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """Open a store that waits for nobody: a lock that was left behind is an error at once."""
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "busy_timeout = 0"))
    opened = await Store.open(url, default_credits=500)
    yield opened
    await opened.close()


async def order(store: Store, key: str, *, guild_id: int = GUILD) -> bool:
    """Do what the Desk does; tell whether the order was admitted."""
    async with store.write(guild_id) as guild:
        if await guild.task_by_order(key) is not None:
            return False
        standing = await guild.standing(MEMBER, (1,), now=NOW)
        await asyncio.sleep(0)  # others get their chance between the look and the hold
        try:
            draw = standing.draw(COST)
        except Refused:
            return False
        await guild.add(make_task(guild_id=guild_id, order_key=key), draw, now=NOW)
        return True


async def standing_of(store: Store) -> Standing:
    """Ask where the member stands, in a transaction of its own."""
    async with store.read(GUILD) as guild:
        return await guild.standing(MEMBER, (1,), now=NOW)


async def test_forty_orders_against_credits_for_ten(store: Store) -> None:
    """Exactly ten of forty concurrent orders are admitted, and the pool is empty, not below."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(make_rule("server", 10 * COST))
    admitted = await asyncio.gather(*(order(store, f"interaction:{n}") for n in range(40)))
    assert sum(admitted) == 10
    assert (await standing_of(store)).pool.left == 0


async def test_the_same_order_many_times_is_one_task(store: Store) -> None:
    """Discord may deliver an event twice, a member may press twice."""
    admitted = await asyncio.gather(*(order(store, "message:1") for _ in range(20)))
    assert sum(admitted) == 1
    assert (await standing_of(store)).pool.held == COST


async def test_guilds_do_not_count_for_each_other(store: Store) -> None:
    """Concurrent orders in several guilds: each has its own pool."""
    orders = [order(store, f"message:{n}", guild_id=GUILD + n % 4) for n in range(40)]
    assert all(await asyncio.gather(*orders))
    assert (await standing_of(store)).pool.spent == 10 * COST


async def test_one_of_many_workers_moves_a_task(store: Store) -> None:
    """However many see the row: one moves it."""
    async with store.write(GUILD) as guild:
        task = await place(guild)

    async def claim() -> bool:
        async with store.write(GUILD) as guild:
            return await guild.move(task.id, S.SENDING, now=NOW) is not None

    assert sum(await asyncio.gather(*(claim() for _ in range(10)))) == 1


async def test_an_exception_undoes_everything(store: Store) -> None:
    """A transaction is whole or was not."""

    async def fail() -> None:
        async with store.write(GUILD) as guild:
            await place(guild, S.RUNNING)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read(GUILD) as guild:
        assert await guild.tasks_of(None, limit=1) == []
        assert await guild.history(limit=1) == []


async def test_what_cannot_be_committed_is_not_in_the_next_ones_way(store: Store) -> None:
    """A commit that fails leaves nothing open: whoever writes next begins anew."""

    async def hold_for_no_task() -> None:
        async with store._database.writing() as transaction:
            await transaction.execute(text("PRAGMA defer_foreign_keys = ON"))
            await transaction.execute(insert(ledger).values(OF_NO_TASK))

    with pytest.raises(BrokenInvariant):
        await hold_for_no_task()
    assert await order(store, "message:1")


async def test_cancelled_in_the_middle_it_undoes_everything(store: Store) -> None:
    """A cancellation between two statements rolls back and lets the next one in."""
    added = asyncio.Event()

    async def stuck() -> None:
        async with store.write(GUILD) as guild:
            await place(guild)
            added.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await added.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        assert await order(store, "message:1")
    assert (await standing_of(store)).pool.held == COST


@pytest.mark.parametrize("cancels", [1, 2, 3])
async def test_cancelled_anywhere_it_leaves_no_lock_and_no_half(
    impatient: Store, cancels: int
) -> None:
    """At whichever await the cancellation strikes: the store goes on, task and hold agree."""
    outcomes: list[object] = []
    while True not in outcomes:
        cuts = range(len(outcomes), len(outcomes) + cancels)
        ordering = asyncio.create_task(cut(order(impatient, f"message:{len(outcomes)}"), cuts))
        outcomes += await asyncio.gather(ordering, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {asyncio.CancelledError, bool}
    assert len(outcomes) > 8
    async with impatient.read(GUILD) as guild:
        tasks, facts = await guild.tasks_of(None, limit=200), await guild.history(limit=200)
    assert {task.id for task in tasks} == {fact.task_id for fact in facts}
    assert 1 <= len(tasks) == len(facts) <= 3


async def test_cancelled_readers_come_back_to_their_pool(impatient: Store) -> None:
    """At whichever await a reader is cancelled, others can read, and nothing holds the file."""
    outcomes: list[object] = []
    while not outcomes or isinstance(outcomes[-1], asyncio.CancelledError):
        reading = asyncio.create_task(cut(standing_of(impatient), range(len(outcomes), 99)))
        outcomes += await asyncio.gather(reading, return_exceptions=True)
    assert len(outcomes) > database.READERS
    assert isinstance(outcomes[-1], Standing)


@types.coroutine
def cut(coroutine: Coroutine[Any, Any, T], cuts: Container[int]) -> Generator[Any, Any, T]:
    """Run ``coroutine``; each time it waits, counted from 0, that ``cuts`` names, cancel it."""
    resume: Callable[[Any], Any] = coroutine.send
    received: Any = None
    for step in count():
        try:
            future = resume(received)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return] # a StopIteration carries anything
        task = asyncio.current_task()
        if step in cuts and task is not None:
            task.cancel()
        try:
            received, resume = (yield future), coroutine.send
        except BaseException as error:  # noqa: BLE001 - whatever arrives is handed in
            received, resume = error, coroutine.throw
    raise AssertionError


async def test_reading_does_not_wait_for_the_writer(store: Store) -> None:
    """While a transaction is open, readers see the truth of before it."""
    async with store.write(GUILD) as guild:
        await place(guild)
        assert (await standing_of(store)).pool.held == 0
    assert (await standing_of(store)).pool.held == COST


async def test_a_read_is_one_moments_truth(store: Store) -> None:
    """What is read in one transaction belongs together, whatever is written meanwhile."""
    async with store.read(GUILD) as before:
        assert await before.tasks_of(None, limit=1) == []
        assert await order(store, "message:1")
        assert (await before.standing(MEMBER, (), now=NOW)).pool.held == 0


async def test_a_file_that_another_process_holds_is_unavailable(
    impatient: Store, tmp_path: Path
) -> None:
    """Locked by somebody else for too long: an error of ours, and the store goes on afterwards."""
    with closing(sqlite3.connect(tmp_path / "data" / "clapboard.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await order(impatient, "message:1")
    assert await order(impatient, "message:1")


async def test_from_the_first_look_on_nobody_else_writes(store: Store, tmp_path: Path) -> None:
    """Between the look and the hold no other process can take the same credits."""
    with closing(sqlite3.connect(tmp_path / "data" / "clapboard.db", timeout=0)) as other:
        async with store.write(GUILD) as guild:
            await guild.standing(MEMBER, (), now=NOW)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")


async def test_about_to_send_survives_a_power_cut(store: Store) -> None:
    """Every commit is on disk before it returns: a forgotten "about to send" would pay twice."""
    async with store._database.writing() as transaction:
        found = [
            (await transaction.execute(text(f"PRAGMA {pragma}"))).scalar_one()
            for pragma in ("synchronous", "journal_mode", "foreign_keys")
        ]
    assert found == [2, "wal", 1]
