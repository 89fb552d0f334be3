"""One guild's task rows inside one transaction: looked up, added, changed.

Serves ``guild_store.py``. The statements are put together once, their values left open: a film is a
dozen of them, each of fifty columns. Never decides which move is legal, and never books anything.
"""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Executable, bindparam, false, insert, or_, select, update

from bot.domain.task import Task, TaskState
from bot.store.engine import Transaction
from bot.store.schema import tasks
from bot.store.task_rows import row_of, task_from, tasks_from

t = tasks.c
_OF_GUILD = t.guild_id == bindparam("of_guild")
_ADD = insert(tasks)

_ANY = select(tasks).where(_OF_GUILD)
_BY_ID = _ANY.where(t.id == bindparam("known_as"))
_BY_ORDER = _ANY.where(t.order_key == bindparam("known_as"))
_BY_CARD = _ANY.where(t.card_message_id == bindparam("known_as")).limit(1)
_NEWEST = _ANY.order_by(t.created_at.desc(), t.id.desc()).limit(bindparam("most"))
_NEWEST_OF_MEMBER = _NEWEST.where(t.member_id == bindparam("of_member"))

# A change without values: what it sets is what it is executed with.
ANYWHERE = update(tasks).where(_OF_GUILD, t.id == bindparam("known_as")).returning(tasks)
"""Changes a task wherever it stands."""
CARDLESS = ANYWHERE.where(t.state == TaskState.QUEUED, t.card_message_id.is_(None))
"""Changes a task that waits and has no card."""
LOST = ANYWHERE.where(t.state == TaskState.UNCONFIRMED, t.ended_at.is_(None))
"""Changes a task whose create's answer was lost, and that was not written off."""


@cache
def standing_in(states: frozenset[TaskState]) -> Executable:
    """Return what changes a task that stands in one of these states."""
    return ANYWHERE.where(or_(false(), *(t.state == state for state in sorted(states))))


class TaskTable:
    """Bound to one guild and one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int) -> None:
        self.written: list[Task] = []
        """Every row that this transaction wrote, as it then was, in their order."""
        self._transaction = transaction
        self._guild_id = guild_id

    async def add(self, task: Task) -> None:
        """Add the row of a new task."""
        await self._transaction.execute(_ADD, row_of(task))
        self.written.append(task)

    async def by_id(self, task_id: str) -> Task | None:
        """Return a task by its id."""
        return await self._one(_BY_ID, task_id)

    async def by_order(self, order_key: str) -> Task | None:
        """Return a task by the order that it was made of."""
        return await self._one(_BY_ORDER, order_key)

    async def by_card(self, message_id: int) -> Task | None:
        """Return a task by the message that is its card."""
        return await self._one(_BY_CARD, message_id)

    async def newest(self, member_id: int | None, limit: int) -> list[Task]:
        """Return a member's tasks, or (``None``) everybody's, newest first."""
        query = _NEWEST if member_id is None else _NEWEST_OF_MEMBER
        values = {"of_guild": self._guild_id, "of_member": member_id, "most": limit}
        return tasks_from(await self._transaction.execute(query, values))

    async def change(
        self, task_id: str, values: Mapping[str, object], where: Executable = ANYWHERE
    ) -> Task | None:
        """Write ``values`` into a task's columns, where it stands as ``where`` has it.

        Returns:
            The task as it is now; ``None`` where there is no such task, or it stands elsewhere.
        """
        changed = await self._one(where, task_id, **values)
        if changed is not None:
            self.written.append(changed)
        return changed

    async def _one(self, statement: Executable, known_as: object, **values: object) -> Task | None:
        whose = {"of_guild": self._guild_id, "known_as": known_as}
        row = (await self._transaction.execute(statement, {**values, **whose})).first()
        return None if row is None else task_from(row)
