"""aiosqlite with fewer trips: a statement and all its rows are one errand for its thread.

Serves ``engine.py``. By itself aiosqlite goes to its thread and back for each of begin, cursor,
execute, fetch and close, and every trip waits for its turn in the event loop: the busier the bot,
the longer each transaction would keep the one writer. Never changes what a statement means or
raises.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL
from typing_extensions import override

Values = Sequence[object] | Mapping[str, object]


class Cursor:
    """What SQLAlchemy needs of an aiosqlite cursor: here only ``execute`` makes a trip."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Values = ()) -> Self:
        """Run a statement and fetch its rows."""
        await self._connection.within(self._run, statement, values)
        return self

    async def executemany(self, statement: str, rows: Sequence[Values]) -> Self:
        """Run a statement once for each row of values."""
        await self._connection.within(self._run_many, statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it was closed in the thread."""

    def _run(self, database: sqlite3.Connection, statement: str, values: Values) -> None:
        cursor = database.execute(statement, values)
        self._rows = cursor.fetchall()
        self._take(cursor)

    def _run_many(
        self, database: sqlite3.Connection, statement: str, rows: Sequence[Values]
    ) -> None:
        self._take(database.executemany(statement, rows))

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that makes one trip for a statement, and none in vain.

    A transaction begins with its first statement. Python's sqlite3 would do so too, but deferred,
    and only before some statements; ``_open`` has told it to leave that to us.
    """

    @override
    def __init__(self, connector: Callable[[], sqlite3.Connection], begin: str) -> None:
        """Take what opens the database, and the words that begin a transaction."""
        super().__init__(connector, iter_chunk_size=1)
        self._begin = begin
        self._thread.daemon = True  # no crash waits for it; as SQLAlchemy does

    @override
    def cursor(self) -> Cursor:  # type: ignore[override]  # all that SQLAlchemy asks of one
        return Cursor(self)

    @override
    async def commit(self) -> None:
        """Commit; what cannot be committed is rolled back, or it would be in the next one's way."""
        await self._execute(_commit, self._conn)  # type: ignore[no-untyped-call]  # theirs

    @override
    async def rollback(self) -> None:
        if self.in_transaction:  # asked each time a connection comes back to its pool
            await super().rollback()

    async def within(self, work: Callable[..., None], *values: object) -> None:
        """Run ``work`` in the thread, with the database first, in a transaction."""
        await self._execute(self._within, work, *values)  # type: ignore[no-untyped-call]  # theirs

    def _within(self, work: Callable[..., None], *values: object) -> None:
        if not self._conn.in_transaction:
            self._conn.execute(self._begin)
        work(self._conn, *values)


def dialling(
    url: URL, begin: str, pragmas: Iterable[str]
) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """Return what opens connections to ``url``, for SQLAlchemy's ``async_creator``.

    Every transaction starts with ``begin``, every connection with ``pragmas``.
    """
    places, options = url.get_dialect()().create_connect_args(url)
    connect = partial(sqlite3.connect, *places, **options)

    async def dial() -> aiosqlite.Connection:
        return await Connection(partial(_open, connect, pragmas), begin)

    return dial


def _open(connect: Callable[[], sqlite3.Connection], pragmas: Iterable[str]) -> sqlite3.Connection:
    database = connect()
    try:
        database.isolation_level = None
        for pragma in pragmas:
            database.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _commit(database: sqlite3.Connection) -> None:
    try:
        database.commit()
    except sqlite3.Error:
        database.rollback()
        raise
