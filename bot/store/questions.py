"""What the questions across guilds have in common: how tasks are asked for and read.

Serves ``work_queue.py`` and ``leftovers.py``. Each question is a short read transaction of its own.
Never writes.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, or_, select

from bot.domain.task import Task
from bot.store.engine import Database
from bot.store.schema import tasks
from bot.store.task_rows import tasks_from

t = tasks.c
OLDEST_FIRST = (t.created_at, t.id)
UNENDED = t.ended_at.is_(None)
"""Neither ended nor written off."""
BATCH = 200
"""Rows turned into tasks before other work gets a turn on the event loop."""


def due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a task may be taken up at ``now``."""
    return or_(t.due_at.is_(None), t.due_at <= now)


class Questions:
    """Asks one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _tasks(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> list[Task]:
        query = select(tasks).where(*conditions).order_by(*OLDEST_FIRST)
        return await self._read(query if limit is None else query.limit(limit))

    async def _read(
        self, query: Select[tuple[object, ...]], values: Mapping[str, object] | None = None
    ) -> list[Task]:
        found: list[Task] = []
        async with self._database.reading() as transaction:
            for rows in (await transaction.execute(query, values)).partitions(BATCH):
                found.extend(tasks_from(rows))
                await asyncio.sleep(0)
        return found
