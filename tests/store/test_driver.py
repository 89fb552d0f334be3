"""How statements get to the database's thread."""

from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from bot.errors import StoreUnavailable
from bot.store.engine import Database
from bot.store.migrate import database_url


@pytest.fixture
async def database(tmp_path):
    """A database with one table."""
    database = Database(database_url(f"sqlite+aiosqlite:///{tmp_path}/some.db"))
    async with database.writing() as transaction:
        await transaction.execute(text("CREATE TABLE some (number INTEGER)"))
    yield database
    await database.close()


@pytest.fixture
def trips(monkeypatch) -> list[str]:
    """What goes to a database's thread, as it goes."""
    taken: list[str] = []
    really: Any = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, work: Any, *args: Any, **more: Any) -> Any:
        taken.append(getattr(work, "__name__", "work"))
        return await really(self, work, *args, **more)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return taken


async def test_a_statement_is_one_trip(database, trips):
    """A transaction goes to its thread once for each statement, and to commit."""
    async with database.writing() as transaction:
        await transaction.execute(text("INSERT INTO some VALUES (1), (2)"))
        found = await transaction.execute(text("SELECT number FROM some ORDER BY number"))
    assert found.scalars().all() == [1, 2]
    assert len(trips) == 3


async def test_rows_and_counts_are_as_ever(database):
    """What a statement returned, and how many rows it met, is known after it."""
    async with database.writing() as transaction:
        statement = "INSERT INTO some VALUES (1), (2), (3) RETURNING number"
        added = await transaction.execute(text(statement))
        changed = await transaction.execute(text("UPDATE some SET number = 7 WHERE number > 1"))
        nothing = await transaction.execute(text("SELECT number FROM some WHERE number = 8"))
    assert added.scalars().all() == [1, 2, 3]
    assert changed.rowcount == 2
    assert nothing.all() == []


async def test_a_transaction_that_fails_leaves_nothing(database):
    """What was not committed is rolled back, and the connection is as good as new."""

    async def half() -> None:
        async with database.writing() as transaction:
            await transaction.execute(text("INSERT INTO some VALUES (1)"))
            await transaction.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(StoreUnavailable):
        await half()
    async with database.writing() as transaction:
        left = await transaction.execute(text("SELECT count(*) FROM some"))
    assert left.scalar_one() == 0
