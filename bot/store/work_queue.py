"""What is to be done, across all guilds: the only part of the store that is not bound to one.

Serves the workers (steps 3 to 6) and the figures they are watched by. Never moves a task: who wants
to do so opens its guild, and may find that another worker was first.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, Text, bindparam, func, select

from bot.domain.task import UPSTREAM, Task, TaskState
from bot.store.columns import Instant
from bot.store.leftovers import Leftovers
from bot.store.questions import OLDEST_FIRST, UNENDED, due, t
from bot.store.schema import tasks
from bot.store.stale import Stale
from bot.store.turns import Turns
from bot.store.watch import Watching

# These are asked again and again while films come and go: each is put together once.

_NOW, _PROVIDER = bindparam("now", type_=Instant()), bindparam("provider", type_=Text)

_there = select(func.count()).where(t.state.in_(UPSTREAM), t.provider == _PROVIDER, UNENDED)
_soon = select(func.count()).where(
    t.state == TaskState.QUEUED, t.id.in_(bindparam("also", expanding=True))
)
_IN_FLIGHT = select(_there.scalar_subquery() + _soon.scalar_subquery())

_turn = func.row_number().over(partition_by=t.guild_id, order_by=(t.rendered_at, *OLDEST_FIRST))
_RENDERED = (
    select(tasks)
    .where(t.state == TaskState.RENDERED, due(_NOW))
    .where(t.id.not_in(bindparam("without", expanding=True)))
    .where(t.guild_id.not_in(bindparam("full", expanding=True)))
    .order_by(_turn, t.rendered_at, t.id)
    .limit(bindparam("limit", type_=Integer))
)

_NEXT_DUE = select(func.min(t.due_at)).where(t.state == bindparam("state"), t.due_at > _NOW)
_NEXT_DUE_AT = _NEXT_DUE.where(t.provider == _PROVIDER)


class WorkQueue(Leftovers, Stale, Turns, Watching):
    """The workers' view of all tasks."""

    async def in_flight(self, provider: str, *, also: Collection[str] = ()) -> int:
        """Count the tasks that the service has, or may have, work to do for.

        ``also`` are ids of tasks that count although they are still waiting: about to be sent.
        """
        values = {"provider": provider, "also": list(also)}
        async with self._database.reading() as transaction:
            count: int = (await transaction.execute(_IN_FLIGHT, values)).scalar_one()
        return count

    async def in_state(
        self, *states: TaskState, now: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return tasks in these states, oldest first; only those due where ``now`` is given."""
        when = [] if now is None else [due(now)]
        return await self._tasks(t.state.in_(states), *when, limit=limit)

    async def rendered(
        self,
        *,
        now: datetime,
        limit: int,
        without: Collection[str] = (),
        full: Collection[int] = (),
    ) -> list[Task]:
        """Return films to deliver now: from each guild the oldest, then from each the next one.

        None of the tasks ``without``, and none of the guilds that are ``full``.
        """
        aside = {"without": list(without), "full": list(full)}
        return await self._read(_RENDERED, {"now": now, "limit": limit, **aside})

    async def next_due(
        self, state: TaskState, provider: str | None = None, *, now: datetime
    ) -> datetime | None:
        """Return the first instant after ``now`` at which a task in this state becomes due.

        ``None``: no task there waits for an instant.
        """
        query = _NEXT_DUE if provider is None else _NEXT_DUE_AT
        values = {"state": state, "provider": provider, "now": now}
        async with self._database.reading() as transaction:
            first: datetime | None = (await transaction.execute(query, values)).scalar_one()
        return first

    async def flagged(self, *, limit: int = 1000) -> list[Task]:
        """Return the tasks that the operator should look at, newest first."""
        query = select(tasks).where(t.flagged)
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
