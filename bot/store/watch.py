"""What the Poller keeps an eye on: of each task that a service is at work on, the little it needs.

Serves step 4, which may have ten thousand of them in flight: whole rows would be too much to read
again and again. Never moves a task.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import intern

from sqlalchemy import func, select

from bot.domain.task import Task, TaskState
from bot.store.questions import BATCH, Questions, t

ON_WATCH = frozenset({TaskState.SENDING, TaskState.SUBMITTED, TaskState.RUNNING})
"""One that is being sent is among them: its webhook may be quicker than the answer to the send."""

_COLUMNS = (
    t.guild_id,
    t.id,
    t.state,
    t.model,
    t.duration,
    func.coalesce(t.submitted_at, t.created_at).label("submitted_at"),
    t.upstream_id,
    t.key_fingerprint,
    t.hook_hash,
    t.charged,
    t.progress,
    t.cancel_asked_by,
    t.flagged,
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A task upstream, as its row has it."""

    guild_id: int
    id: str
    state: TaskState
    model: str
    duration: timedelta
    submitted_at: datetime
    """When the service took it; until then, when it was ordered."""
    upstream_id: str | None
    key_fingerprint: str | None
    hook_hash: str | None
    """Of its webhook's secret; ``None``: the service was given no address."""
    charged: int | None
    progress: int | None
    cancel_asked: bool
    flagged: bool


class Watching(Questions):
    """Asks for what is upstream, and how long that used to take."""

    async def watched(self, provider: str) -> list[Watched]:
        """Return all tasks that the service is, or is about to be, at work on; in no order."""
        query = select(*_COLUMNS).where(t.state.in_(sorted(ON_WATCH)), t.provider == provider)
        found: list[Watched] = []
        async with self._database.reading() as transaction:
            for rows in (await transaction.execute(query)).partitions(BATCH):
                found.extend(_watched(*row) for row in rows)
                await asyncio.sleep(0)
        return found

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

    async def lengths_beside(self, model: str, duration: timedelta) -> list[timedelta]:
        """Return the next shorter and the next longer film that were ever ordered of this model."""
        shorter = select(func.max(t.duration)).where(t.model == model, t.duration < duration)
        longer = select(func.min(t.duration)).where(t.model == model, t.duration > duration)
        query = select(shorter.scalar_subquery(), longer.scalar_subquery())
        async with self._database.reading() as transaction:
            lengths = (await transaction.execute(query)).one()
        return [length for length in lengths if length is not None]


def watched(task: Task) -> Watched:
    """Return the part of a task that is watched."""
    return _watched(
        task.guild_id,
        task.id,
        task.state,
        task.model,
        task.duration,
        task.submitted_at or task.created_at,
        task.upstream_id,
        task.key_fingerprint,
        task.hook_hash,
        task.charged,
        task.progress,
        task.cancel_asked_by,
        task.flagged,
    )


def _watched(
    guild_id: int,
    task_id: str,
    state: TaskState,
    model: str,
    duration: timedelta,
    submitted_at: datetime,
    upstream_id: str | None,
    key_fingerprint: str | None,
    hook_hash: str | None,
    charged: int | None,
    progress: int | None,
    cancel_asked_by: int | None,
    flagged: bool,
) -> Watched:
    """Build one from the values of ``_COLUMNS``; a word that thousands share is kept once."""
    return Watched(
        guild_id,
        task_id,
        state,
        intern(model),
        duration,
        submitted_at,
        upstream_id,
        key_fingerprint and intern(key_fingerprint),
        hook_hash,
        charged,
        progress,
        cancel_asked_by is not None,
        flagged,
    )
