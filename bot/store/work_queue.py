"""What is to be done, across all guilds: the only part of the store that is not bound to one.

Serves the workers (steps 3 to 6) and the figures they are watched by. Never moves a task: who wants
to do so opens its guild, and may find that another worker was first.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.domain.task import ENDED, UPSTREAM, Task, TaskState
from bot.store.leftovers import AT_WORK, Leftovers
from bot.store.questions import OLDEST_FIRST, UNENDED, due, t
from bot.store.task_rows import COLUMNS


class WorkQueue(Leftovers):
    """The workers' view of all tasks."""

    async def queued(self, provider: str, *, now: datetime, limit: int) -> list[Task]:
        """Return the tasks that may be sent now: card stored, due; oldest first."""
        return await self._tasks(
            t.state == TaskState.QUEUED,
            t.provider == provider,
            t.card_message_id.is_not(None),
            due(now),
            limit=limit,
        )

    async def places(self, provider: str) -> list[str]:
        """Return the ids of all tasks waiting for ``provider``, next one first."""
        query = select(t.id).where(t.state == TaskState.QUEUED, t.provider == provider)
        async with self._database.reading() as transaction:
            return list((await transaction.execute(query.order_by(*OLDEST_FIRST))).scalars())

    async def in_flight(self, provider: str) -> int:
        """Count the tasks that the service has, or may have, work to do for."""
        query = select(func.count()).where(t.state.in_(UPSTREAM), t.provider == provider, UNENDED)
        async with self._database.reading() as transaction:
            count: int = (await transaction.execute(query)).scalar_one()
        return count

    async def watched(self, provider: str) -> list[Task]:
        """Return all tasks that the service is at work on, the first submitted first."""
        query = select(*COLUMNS).where(AT_WORK, t.provider == provider)
        return await self._read(query.order_by(t.submitted_at, t.id))

    async def in_state(
        self, *states: TaskState, now: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return tasks in these states, oldest first; only those due where ``now`` is given."""
        when = [] if now is None else [due(now)]
        return await self._tasks(t.state.in_(states), *when, limit=limit)

    async def next_due(
        self, state: TaskState, provider: str | None = None, *, now: datetime
    ) -> datetime | None:
        """Return the first instant after ``now`` at which a task in this state becomes due.

        ``None``: no task there waits for an instant.
        """
        query = select(func.min(t.due_at)).where(t.state == state, t.due_at > now)
        if provider is not None:
            query = query.where(t.provider == provider)
        async with self._database.reading() as transaction:
            first: datetime | None = (await transaction.execute(query)).scalar_one()
        return first

    async def by_hook(self, provider: str, hook_hash: str) -> Task | None:
        """Return the task, not ended, that a webhook's secret, hashed, belongs to."""
        found = await self._tasks(
            t.provider == provider, t.hook_hash == hook_hash, t.state.not_in(ENDED), limit=1
        )
        return found[0] if found else None

    async def flagged(self, *, limit: int = 1000) -> list[Task]:
        """Return the tasks that the operator should look at, newest first."""
        query = select(*COLUMNS).where(t.flagged)
        return await self._read(query.order_by(t.created_at.desc(), t.id).limit(limit))

    async def count_flagged(self) -> int:
        """Count the tasks that the operator should look at."""
        async with self._database.reading() as transaction:
            query = select(func.count()).where(t.flagged)
            count: int = (await transaction.execute(query)).scalar_one()
        return count

    async def counts(self) -> dict[TaskState, int]:
        """Count the tasks in each state that occurs."""
        query = select(t.state, func.count()).group_by(t.state)
        async with self._database.reading() as transaction:
            return dict((await transaction.execute(query)).all())

    async def durations(
        self, model: str, duration: timedelta, *, limit: int = 100
    ) -> list[timedelta]:
        """Return how long the latest films of this kind took from submitted to rendered."""
        query = (
            select(t.submitted_at, t.rendered_at)
            .where(t.model == model, t.duration == duration)
            .where(t.rendered_at.is_not(None), t.submitted_at.is_not(None))
            .order_by(t.rendered_at.desc())
            .limit(limit)
        )
        async with self._database.reading() as transaction:
            rows = await transaction.execute(query)
            return [rendered - submitted for submitted, rendered in rows]
