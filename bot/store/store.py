"""The store's front door: open, migrate, hand out transactions, close.

Serves every step of the story. Never holds a transaction open longer than its ``async with`` body,
in which nobody may wait for a network.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from bot.domain.task import Task
from bot.store.engine import Database
from bot.store.guild_store import GuildStore
from bot.store.migrate import database_url, migrate
from bot.store.work_queue import WorkQueue


class Store:
    """Tasks, ledger and quotas of all guilds in one database."""

    def __init__(self, database: Database, *, default_credits: int) -> None:
        self._database = database
        self._default_credits = default_credits
        self._work = WorkQueue(database)
        self._listeners: list[Callable[[Task], None]] = []

    @classmethod
    async def open(cls, url: str, *, default_credits: int) -> Self:
        """Open the database at ``url``, created or brought to the present schema.

        ``default_credits`` is the monthly pool of a server that has set none.

        Raises:
            ConfigurationError: it cannot be used; one sentence with the remedy.
        """
        address = database_url(url)
        await asyncio.to_thread(migrate, address)
        return cls(Database(address), default_credits=default_credits)

    async def close(self) -> None:
        """Close all connections."""
        await self._database.close()

    @asynccontextmanager
    async def write(self, guild_id: int) -> AsyncIterator[GuildStore]:
        """Open a write transaction for one guild; there is one at a time.

        It commits when the body ends, and rolls back on any exception and on cancellation.

        Raises:
            StoreUnavailable: the database cannot be written now.
        """
        async with self._database.writing() as transaction:
            guild = GuildStore(transaction, guild_id, self._default_credits)
            yield guild
        for task in guild.written:
            for listener in self._listeners:
                listener(task)

    def tell(self, listener: Callable[[Task], None]) -> None:
        """Let ``listener`` hear of every task that is written from now on, once it is committed.

        Nobody writes a task past this, but for what its card shows and a token that has died. Only
        a write that was cancelled in the moment of its commit is not told of: who must not miss one
        reads the rows again now and then.
        """
        self._listeners.append(listener)

    @asynccontextmanager
    async def read(self, guild_id: int) -> AsyncIterator[GuildStore]:
        """Open a read transaction for one guild: one moment's truth; it cannot write.

        Raises:
            StoreUnavailable: the database cannot be read now.
        """
        async with self._database.reading() as transaction:
            yield GuildStore(transaction, guild_id, self._default_credits)

    @property
    def work(self) -> WorkQueue:
        """The part that looks across guilds."""
        return self._work

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            StoreUnavailable: it does not answer.
        """
        await self._database.ping()
