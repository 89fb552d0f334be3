"""Step 3, when an answer was lost: the Search looks upstream for a job that may exist.

Found: the task goes on as if nothing had happened. Not found, at a service that is sure to know the
same create when it sees it again: back to the queue, once. Not found otherwise: its member is told
and has the credits back, the operator is told too, and for a day it is still looked for now and
then. Never sends a task.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.catalog import Catalog
from bot.domain.task import Task, TaskState
from bot.errors import Failure, ProviderError, RateLimited
from bot.pipeline.crew import Crew
from bot.pipeline.moves import Moves
from bot.providers.base import Assignment, LostCreate, Provider, Sighting
from bot.store import Store

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=45)
TIMES = 2
"""So many looks find nothing before the member is told and the credits go back."""
REPEATS = 1
"""So often a task goes back to the queue instead."""
REPEAT_WITHIN = timedelta(hours=1)
"""So long after its first create that may happen. How long the service remembers a key is nowhere
written; a day is usual, and an hour is far from it."""
LATE = timedelta(minutes=10)
"""Between two looks for a job whose credits are back already."""
UNTIL = timedelta(hours=24)
"""A lost job that turns up within this time is still delivered."""
IN_TROUBLE = timedelta(minutes=1)
CLAIMED_SINCE = timedelta(hours=1)
REST = timedelta(minutes=1)


class Search(Crew):
    """Looks for one provider's lost jobs, one after the other."""

    def __init__(
        self,
        provider: Provider,
        *,
        store: Store,
        moves: Moves,
        catalog: Catalog,
        clock: Clock,
        wake_poller: Callable[[], None],
        wake_submitter: Callable[[], None],
    ) -> None:
        super().__init__(f"search:{provider.name}", clock, places=1)
        self._provider = provider
        self._store = store
        self._moves = moves
        self._catalog = catalog
        self._wake_poller = wake_poller
        self._wake_submitter = wake_submitter
        self._paused_until: datetime | None = None

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the lost tasks to look for now, unless the service is in trouble."""
        now = self._clock.now()
        if self._paused_until is not None and now < self._paused_until:
            return []
        return await self._store.work.lost(
            self._provider.name, now=now, since=now - UNTIL, limit=limit
        )

    @override
    async def rest(self) -> timedelta:
        """Rest until the next one is due."""
        now = self._clock.now()
        due = await self._store.work.next_due(TaskState.UNCONFIRMED, self._provider.name, now=now)
        return min(REST, due - now) if due is not None else REST

    @override
    async def act(self, task: Task) -> None:
        """Look for one task's job."""
        if await self._store.work.sending_like(task):
            # The next job like it may be the other one's. Nothing was looked for: that is no try.
            await self._moves.note(task, due_at=self._clock.now() + AGAIN)
            return
        try:
            found = await self._find(task)
        except ProviderError as error:
            pause = error.retry_after if isinstance(error, RateLimited) else IN_TROUBLE
            self._paused_until = self._clock.now() + pause
            log.warning("could not search: %s", error, extra={"task": task.id})
            return
        if found is None:
            await self._not_found(task)
        else:
            await self._found(task, found)

    async def _find(self, task: Task) -> Sighting | None:
        model = self._catalog.get(task.model)
        if model is None:
            return None
        sent_at = task.sending_at or task.created_at
        claimed = await self._store.work.claimed_upstream_ids(
            task.provider, sent_at - CLAIMED_SINCE
        )
        assignment = Assignment(task.id, model, task.prompts, task.aspect, task.duration)
        return await self._provider.find(LostCreate(assignment, sent_at, claimed))

    async def _found(self, task: Task, found: Sighting) -> None:
        log.info("found again as %s", found.upstream_id, extra={"task": task.id})
        await self._moves.move(
            task,
            TaskState.SUBMITTED,
            upstream_id=found.upstream_id,
            submitted_at=task.sending_at or task.created_at,
            attempts=0,
            due_at=None,
            flagged=False,
        )
        self._wake_poller()

    async def _not_found(self, task: Task) -> None:
        given_up, tries = task.given_up, task.attempts + 1
        if not given_up and tries >= TIMES:
            if self._may_be_sent_again(task):
                await self._send_again(task)
                return
            log.error("lost: the service has no such job; released", extra={"task": task.id})
            await self._moves.write_off(task, Failure.LOST)
            given_up = True
        pause = LATE if given_up else AGAIN
        await self._moves.note(task, attempts=tries, due_at=self._clock.now() + pause)

    def _may_be_sent_again(self, task: Task) -> bool:
        """Tell whether the same create is safe: made already, it is the same job; if not, one."""
        model = self._catalog.get(task.model)
        return (
            task.repeats < REPEATS
            and not task.withdrawn
            and model is not None
            and self._catalog.on_sale(task.model)
            and self._provider.recognises_repeats(model)
            and task.key_fingerprint == self._provider.key_fingerprint
            and self._clock.now() - (task.sending_at or task.created_at) <= REPEAT_WITHIN
        )

    async def _send_again(self, task: Task) -> None:
        log.warning("not found; the service knows repeats: sent again", extra={"task": task.id})
        await self._moves.move(
            task, TaskState.QUEUED, repeats=task.repeats + 1, attempts=0, due_at=None
        )
        self._wake_submitter()
