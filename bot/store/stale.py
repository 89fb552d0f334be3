"""Which cards may show an old state, asked so that the answer is short however much is in flight.

Serves the repair of cards (step 6). What a card shows is remembered as a digest that means nothing
here; nothing else is written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, tuple_, update

from bot.domain.task import Task, TaskState
from bot.store.questions import OLDEST_FIRST, Questions, t
from bot.store.schema import tasks

S = TaskState
UNDER_WAY = t.state.in_([S.SUBMITTED, S.RUNNING, S.RENDERED, S.UNCONFIRMED])
AT_WORK = t.state.in_([S.SUBMITTED, S.RUNNING])


# Of one task after the other, in one trip to the database.
_SHOWS = (
    update(tasks)
    .where(t.guild_id == bindparam("of_guild"), t.id == bindparam("known_as"))
    .values(card_shown=bindparam("digest"))
)


class Stale(Questions):
    """Asks for the tasks whose cards are to be looked at."""

    async def under_way(self, *, after: Task | None, limit: int) -> list[Task]:
        """Return tasks that were sent and have not ended, oldest first, from ``after`` on."""
        query = select(tasks).where(UNDER_WAY)
        if after is not None:
            query = query.where(tuple_(*OLDEST_FIRST) > (after.created_at, after.id))
        return await self._read(query.order_by(*OLDEST_FIRST).limit(limit))

    async def kinds_at_work(self) -> list[tuple[str, timedelta]]:
        """Return the models and lengths of film that services are at work on."""
        query = select(t.model, t.duration).where(AT_WORK).distinct()
        async with self._database.reading() as transaction:
            return [(model, length) for model, length in await transaction.execute(query)]

    async def accepted_between(
        self, model: str, duration: timedelta, since: datetime, until: datetime
    ) -> list[Task]:
        """Return tasks at work that were accepted after ``since``, ``until`` included."""
        accepted_at = func.coalesce(t.submitted_at, t.created_at)
        return await self._tasks(
            AT_WORK,
            # As an expression: SQLite would go through all finished films of the kind, by an index.
            func.coalesce(t.model, "") == model,
            t.duration == duration,
            accepted_at > since,
            accepted_at <= until,
        )

    async def remember_shown(self, digests: Mapping[tuple[int, str], str]) -> None:
        """Write down what cards show by now: a digest for guild and task. Nobody is told of it."""
        if not digests:
            return
        rows = [
            {"of_guild": guild_id, "known_as": task_id, "digest": digest}
            for (guild_id, task_id), digest in digests.items()
        ]
        async with self._database.writing() as transaction:
            await transaction.execute(_SHOWS, rows)

    async def tasks(self, ids: Sequence[str]) -> list[Task]:
        """Return the tasks with these ids, of whichever guild; unknown ones are missing."""
        return await self._tasks(t.id.in_(ids))
