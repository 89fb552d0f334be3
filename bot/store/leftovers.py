"""What was left half-way or left behind, across all guilds.

Serves Recovery and the tidying of the disk (step 6). Never moves a task; it only erases: dead
interaction tokens, and drafts of forms that nobody sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from typing_extensions import override

from bot.domain.task import Task, TaskState
from bot.store.engine import Database
from bot.store.questions import UNENDED, Questions, due, t
from bot.store.schema import drafts, tasks

AT_WORK = t.state.in_([TaskState.SUBMITTED, TaskState.RUNNING])
UNCONFIRMED = t.state == TaskState.UNCONFIRMED
IDS_AT_ONCE = 500
"""SQLite takes a limited number of values in one statement."""

sent_at = func.coalesce(t.sending_at, t.created_at)
submitted_at = func.coalesce(t.submitted_at, t.created_at)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a task, as far as its files are concerned."""

    state: TaskState
    ended_at: datetime | None
    """When it ended or was written off; ``None``: it is under way."""


class Leftovers(Questions):
    """Asks for what nobody else looks at any more."""

    @override
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._traces = True
        """There may be erased tokens left in the write-ahead log, also by an earlier process."""

    async def cardless(self, *, before: datetime) -> list[Task]:
        """Return queued tasks that were made until ``before`` and still have no card."""
        return await self._tasks(
            t.state == TaskState.QUEUED, t.card_message_id.is_(None), t.created_at <= before
        )

    async def lost(
        self, provider: str, *, now: datetime, since: datetime, limit: int = 100
    ) -> list[Task]:
        """Return the ``UNCONFIRMED`` tasks that are to be searched for, oldest first.

        They were sent at or after ``since``. Those written off are among them: their job may still
        turn up. Older ones are not, so that they never take the place of others.
        """
        recent = sent_at >= since
        return await self._tasks(UNCONFIRMED, t.provider == provider, recent, due(now), limit=limit)

    async def given_up(self, before: datetime) -> list[Task]:
        """Return the ``UNCONFIRMED`` tasks sent before then that were never written off."""
        return await self._tasks(UNCONFIRMED, UNENDED, sent_at < before)

    async def sending_like(self, task: Task) -> bool:
        """Tell whether another task that looks the same to its service is being sent right now.

        A job found upstream may be that one's, whose answer has yet to come.
        """
        query = select(t.model, t.prompts).where(
            t.state == TaskState.SENDING, t.provider == task.provider, t.id != task.id
        )
        async with self._database.reading() as transaction:
            others = (await transaction.execute(query)).all()
        return (task.model, task.prompts) in others

    async def claimed_upstream_ids(self, provider: str, since: datetime) -> frozenset[str]:
        """Return the upstream ids that our tasks own, of every job made at or after ``since``.

        A task that owns such a job cannot have ended before it was made.
        """
        query = select(t.upstream_id).where(
            t.provider == provider, t.upstream_id.is_not(None), or_(UNENDED, t.ended_at >= since)
        )
        async with self._database.reading() as transaction:
            return frozenset((await transaction.execute(query)).scalars())

    async def stuck(self, before: datetime) -> list[Task]:
        """Return the tasks that their service has been at work on since before then."""
        return await self._tasks(AT_WORK, submitted_at < before)

    async def orphaned(self, providers: Collection[str]) -> list[Task]:
        """Return the tasks under way whose provider is not among these, oldest first."""
        return await self._tasks(UNENDED, t.provider.not_in(providers))

    async def ended_since(self, since: datetime, limit: int) -> list[Task]:
        """Return the tasks that ended (or were written off) since then, latest first.

        Before them come those that were taken down since then, however long ago they ended.
        """
        ended = select(tasks).where(t.ended_at >= since)
        withdrawn = select(tasks).where(t.withdrawn_at >= since)
        found = [
            *await self._read(withdrawn.order_by(t.withdrawn_at.desc(), t.id).limit(limit)),
            *await self._read(ended.order_by(t.ended_at.desc(), t.id).limit(limit)),
        ]
        return list({(task.guild_id, task.id): task for task in found}.values())

    async def erase_tokens(self, *, before: datetime) -> int:
        """Erase the interaction tokens that expired until ``before``; return how many.

        Their bytes leave the disk too, now or, where a reader is in the way, the next time.
        """
        statement = (
            update(tasks)
            .where(t.token.is_not(None), t.token_expires_at <= before)
            .values(token=None, token_expires_at=None)
        )
        async with self._database.writing() as transaction:
            erased = (await transaction.execute(statement)).rowcount
        if erased or self._traces:
            self._traces = not await self._database.forget()
        return erased

    async def erase_drafts(self, *, before: datetime) -> int:
        """Erase the drafts of forms that were opened before then; return how many."""
        statement = delete(drafts).where(drafts.c.created_at < before)
        async with self._database.writing() as transaction:
            return (await transaction.execute(statement)).rowcount

    async def taken_down(self, *, now: datetime, limit: int) -> list[Task]:
        """Return tasks that were taken down and left something behind, which is due to be removed.

        A film in Discord, a film on disk, a picture. A film that is on its way right now is the
        Courier's.
        """
        left = or_(t.film_message_id.is_not(None), t.film.is_not(None), t.picture.is_not(None))
        query = select(tasks).where(
            t.withdrawn_at.is_not(None), left, t.state != TaskState.RENDERED, due(now)
        )
        return await self._read(query.order_by(t.withdrawn_at, t.id).limit(limit))

    async def fates(self, task_ids: Sequence[str]) -> dict[str, Fate]:
        """Return what became of these tasks, of whichever guild; unknown ones are missing."""
        found: dict[str, Fate] = {}
        for start in range(0, len(task_ids), IDS_AT_ONCE):
            chunk = task_ids[start : start + IDS_AT_ONCE]
            query = select(t.id, t.state, t.ended_at).where(t.id.in_(chunk))
            async with self._database.reading() as transaction:
                rows = await transaction.execute(query)
                found |= {task_id: Fate(state, ended_at) for task_id, state, ended_at in rows}
        return found
