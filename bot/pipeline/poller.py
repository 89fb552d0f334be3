"""Step 4: the Poller learns what became of all running tasks of one provider.

It looks at all of them within the service's query limit, moves each along, carries out what
members asked to cancel, and asks for a card edit only when something a person can see has changed.
Never downloads a film, and never believes a webhook: that only wakes it.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Unpack

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.errors import Failure, JobNotFound, RateLimited, Unauthorised, Unavailable
from bot.pipeline.moves import Moves
from bot.pipeline.worker import Worker
from bot.providers.base import Job, JobStatus, Provider, Sighting
from bot.store import Changes, Store

log = logging.getLogger(__name__)

IDLE = timedelta(minutes=1)
QUICKEST = timedelta(seconds=1)
CALMEST = timedelta(seconds=5)
AGE_SHARE = 30
"""A task of one minute is looked at every two seconds, of two and a half and more every five."""
LOCKED_OUT = timedelta(minutes=5)
WISH_AGAIN = timedelta(seconds=15)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Poller(Worker):
    """Watches one provider's jobs."""

    def __init__(
        self,
        provider: Provider,
        *,
        store: Store,
        moves: Moves,
        clock: Clock,
        wake_courier: Callable[[], None],
        wake_submitter: Callable[[], None],
        quickest: timedelta = QUICKEST,
    ) -> None:
        super().__init__(f"poller:{provider.name}", clock)
        self._provider = provider
        self._store = store
        self._moves = moves
        self._wake_courier = wake_courier
        self._wake_submitter = wake_submitter
        self._quickest = quickest
        self._trouble = 0
        self._asked: dict[str, datetime] = {}

    @override
    async def step(self) -> timedelta:
        """Take one look at everything that is waited for."""
        tasks = await self._in_sight()
        if not tasks:
            return IDLE
        try:
            await self._cancel_what_was_asked(tasks)
            await self._look(tasks)
        except RateLimited as error:
            log.warning("%s asks us to wait %s", self._provider.name, error.retry_after)
            return error.retry_after
        except Unauthorised:
            return self._in_trouble("does not accept the key", LOCKED_OUT)
        except Unavailable as error:
            return self._in_trouble(str(error), min(self._pace(tasks) * 2**self._trouble, IDLE))
        if self._trouble:
            log.info("%s answers again", self._provider.name)
            self._trouble = 0
        return self._pace(tasks)

    async def _in_sight(self) -> list[Task]:
        """Return the tasks to look at; those made with another key only that key can see."""
        tasks = []
        for task in await self._store.work.watched(self._provider.name):
            if task.key_fingerprint in (None, self._provider.key_fingerprint):
                tasks.append(task)
            elif not task.flagged:
                log.error("it was ordered with another key", extra={"task": task.id})
                await self._moves.note(task, flagged=True)
        return tasks

    def _pace(self, tasks: list[Task]) -> timedelta:
        """Look often while something is young, calmly when all have been running for long."""
        now = self._clock.now()
        youngest = min(now - (task.submitted_at or task.created_at) for task in tasks)
        return max(self._quickest, min(youngest / AGE_SHARE, CALMEST))

    def _in_trouble(self, why: str, pause: timedelta) -> timedelta:
        if self._trouble == 0:  # the first failure and the recovery are logged, nothing between
            log.error("%s is in trouble: %s", self._provider.name, why)
            self.on_error(self.name)
        self._trouble = min(self._trouble + 1, 10)
        return pause

    async def _cancel_what_was_asked(self, tasks: list[Task]) -> None:
        """Carry out the wishes, each at most every few seconds, so that looks go on meanwhile."""
        now = self._clock.now()
        wishes = [task for task in tasks if self._is_wish(task)]
        self._asked = {task.id: self._asked[task.id] for task in wishes if task.id in self._asked}
        for task in wishes:
            if now - self._asked.get(task.id, LONG_AGO) >= WISH_AGAIN:
                self._asked[task.id] = now
                await self._cancel(task)

    def _is_wish(self, task: Task) -> bool:
        waits = task.state is TaskState.SUBMITTED and task.cancel_asked_by is not None
        return waits and self._provider.can_cancel

    async def _cancel(self, task: Task) -> None:
        if task.upstream_id is None:
            return
        try:
            sighting = await self._provider.cancel(task.upstream_id)
        except (JobNotFound, Unavailable) as error:
            log.warning("not cancelled yet: %s", error, extra={"task": task.id})
        else:
            await self._apply(task, sighting)

    async def _look(self, tasks: list[Task]) -> None:
        by_upstream_id = {task.upstream_id: task for task in tasks if task.upstream_id}
        jobs = [
            Job(upstream_id, task.submitted_at or task.created_at)
            for upstream_id, task in by_upstream_id.items()
        ]
        for sighting in await self._provider.look(jobs):
            task = by_upstream_id.get(sighting.upstream_id)
            if task is not None:
                await self._apply(task, sighting)

    async def _apply(self, task: Task, sighting: Sighting) -> None:
        changes: Changes = {}
        if sighting.charged is not None and sighting.charged != task.charged:
            changes["charged"] = sighting.charged
        match sighting.status:
            case JobStatus.DONE:
                await self._rendered(task, sighting, changes)
            case JobStatus.FAILED:
                await self._failed(task, sighting, changes)
            case JobStatus.CANCELLED:
                by_member = task.cancel_asked_by is not None
                changes["failure"] = Failure.BY_MEMBER if by_member else Failure.CANCELLED_UPSTREAM
                await self._move(task, TaskState.CANCELLED, **changes)
            case JobStatus.EXPIRED:
                changes["failure"] = sighting.failure or Failure.RESULT_GONE
                await self._move(task, TaskState.EXPIRED, **changes)
            case JobStatus.RUNNING:
                await self._running(task, sighting, changes)
            case JobStatus.WAITING | JobStatus.UNKNOWN:
                await self._note(task, changes)

    async def _rendered(self, task: Task, sighting: Sighting, changes: Changes) -> None:
        changes["result_url"] = sighting.result_url
        changes["rendered_at"] = self._clock.now()
        await self._move(task, TaskState.RENDERED, **changes)
        self._wake_courier()

    async def _failed(self, task: Task, sighting: Sighting, changes: Changes) -> None:
        failure = sighting.failure or Failure.SERVICE_FAILED
        changes["detail"] = sighting.detail or None
        changes["flagged"] = failure in (Failure.FORGOTTEN, Failure.NO_OUTPUT)
        changes["failure"] = failure
        await self._move(task, TaskState.FAILED, **changes)

    async def _running(self, task: Task, sighting: Sighting, changes: Changes) -> None:
        if sighting.progress is not None and sighting.progress != task.progress:
            changes["progress"] = sighting.progress
        if task.state is TaskState.SUBMITTED:
            await self._move(task, TaskState.RUNNING, **changes)
        else:
            await self._note(task, changes)

    async def _note(self, task: Task, changes: Changes) -> None:
        if changes:
            await self._moves.note_and_show(task, **changes)

    async def _move(self, task: Task, to: TaskState, **changes: Unpack[Changes]) -> None:
        moved = await self._moves.move(task, to, **changes)
        if moved is not None and to is not TaskState.RUNNING:
            self._wake_submitter()  # a place upstream is free
