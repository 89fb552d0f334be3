"""The database file, its one writer and its readers.

Serves ``store.py`` and ``work_queue.py``. Hands out transactions and translates the driver's
troubles into ours. Never knows a table.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import URL, CursorResult, Executable, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BrokenInvariant, StoreUnavailable
from bot.store.driver import dialling

T = TypeVar("T")

READERS = 4
"""Connections that may read at once; each is a thread."""
BUSY_SECONDS = 5
"""How long to wait for another process that has the file locked."""

PATIENT = f"busy_timeout = {BUSY_SECONDS * 1000}"
PRAGMAS = (
    PATIENT,
    "journal_mode = WAL",  # readers and the writer do not wait for one another
    "foreign_keys = ON",
    # FULL, not NORMAL: in WAL mode NORMAL may forget the last commits when the power fails. "About
    # to send" forgotten means a video bought twice, an upstream id forgotten a paid video lost.
    "synchronous = FULL",
    "secure_delete = ON",  # what is erased is overwritten: an interaction token is a secret
)


class Transaction:
    """One open transaction. Its statements run one after the other, each to its end."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement, with ``values`` for what it left open; with many, once for each.

        Its rows have been fetched when this returns.
        """
        return await finish(self._connection.execute(statement, values))


class Database:
    """One SQLite file: one writer connection, one transaction at a time, and a pool of readers.

    The writer's lock is what makes "look, then hold" one step: between ``BEGIN IMMEDIATE`` and the
    commit nobody else writes, in this process (the lock) or in another (the database). On
    PostgreSQL a lock per guild (``pg_advisory_xact_lock``) at the same place would do it.
    """

    def __init__(self, url: URL) -> None:
        # At DEBUG aiosqlite logs statements with their parameters: prompts, tokens.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        self._lock = asyncio.Lock()
        self._writer = _engine(url, "BEGIN IMMEDIATE", PRAGMAS, connections=1)
        self._readers = _engine(url, "BEGIN", (*PRAGMAS, "query_only = ON"), connections=READERS)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Open a write transaction; any exception, also a cancellation, rolls it back.

        (A cancellation that arrives during the commit itself comes too late.)

        Raises:
            StoreUnavailable: the file cannot be written (disk full, locked by another process).
            BrokenInvariant: a constraint of the schema was violated.
        """
        async with self._lock, _transaction(self._writer) as transaction:
            yield transaction

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Open a read transaction: everything read in it is one moment's truth.

        Raises:
            StoreUnavailable: the file cannot be read.
        """
        async with _transaction(self._readers) as transaction:
            yield transaction

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            StoreUnavailable: it answers with an error.
        """
        async with self.reading() as transaction:
            await transaction.execute(text("SELECT version_num FROM alembic_version"))

    async def forget(self) -> bool:
        """Fold the write-ahead log into the file and empty it: it holds whatever was overwritten.

        Returns:
            Whether that is done; a reader may have been in the way.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        async with self._lock, self._writer.connect() as connection:
            with _translated():
                return await finish(_checkpoint(connection))

    async def close(self) -> None:
        """Close all connections; the last one folds the write-ahead log into the file."""
        await self._readers.dispose()
        await self._writer.dispose()


async def finish(operation: Coroutine[Any, Any, T]) -> T:
    """Await a database operation to its end, even when cancelled; the cancellation follows then.

    A statement runs in a thread and cannot be stopped. Were it abandoned, its connection would
    keep the lock on the file, and everybody would wait for it. None takes longer than the busy
    timeout.
    """
    task = asyncio.create_task(operation)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    task.exception()  # seen: nothing is left to complain about
    raise cancelled


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[Transaction]:
    connection = engine.connect()
    with _translated():
        try:
            await finish(connection.start())
            yield Transaction(connection)
            await finish(_commit(connection))
        finally:
            if connection.sync_connection is not None and not connection.closed:
                await finish(connection.close())  # rolls back what is not committed


async def _commit(connection: AsyncConnection) -> None:
    await connection.commit()
    await connection.close()


async def _checkpoint(connection: AsyncConnection) -> bool:
    """Empty the write-ahead log, unless a reader needs it: nobody is kept waiting for this.

    It must be outside any transaction, so it goes past SQLAlchemy, which would begin one.
    """
    raw = await connection.get_raw_connection()
    driver: aiosqlite.Connection = raw.driver_connection  # type: ignore[assignment] # any driver's
    await driver.execute("PRAGMA busy_timeout = 0")
    try:
        async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as answer:
            row = await answer.fetchone()
    finally:
        await driver.execute(f"PRAGMA {PATIENT}")
    return row is not None and row[0] == 0


def _engine(url: URL, begin: str, pragmas: tuple[str, ...], *, connections: int) -> AsyncEngine:
    return create_async_engine(
        url,
        async_creator=dialling(url, begin, pragmas),
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error's text goes to the log, and parameters hold tokens
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise BrokenInvariant(f"the schema forbids it: {error.orig}") from error
    except (DBAPIError, PoolExhausted, sqlite3.OperationalError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"the database is in trouble: {cause}") from error
