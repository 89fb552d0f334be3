"""Part of step 3: what came of a send, written down.

Used by the Submitter. Accepted: the upstream id. Clearly refused: credits back, the reason on the
card. Not a byte left: queued again, unless the film was taken down meanwhile. Answer lost:
``UNCONFIRMED``, for the Search to look for. Never sends anything.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.domain.catalog import Catalog
from bot.domain.task import Task, TaskState
from bot.errors import (
    Declined,
    Failure,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    StoreUnavailable,
    Unauthorised,
)
from bot.pipeline.moves import Moves
from bot.pipeline.worker import backoff
from bot.providers.base import Sighting
from bot.store import Changes

log = logging.getLogger(__name__)

TRIES = 12
"""So often a service that cannot be reached is tried, in half an hour, before credits go back."""
FIRST_SEARCH = timedelta(seconds=10)
"""How long after a lost answer the job is first looked for."""
LONGEST_PAUSE = timedelta(seconds=30)


class Outcomes:
    """Books what one provider answered to creates."""

    def __init__(
        self,
        provider: str,
        moves: Moves,
        catalog: Catalog,
        clock: Clock,
        *,
        wake_poller: Callable[[], None],
    ) -> None:
        self._provider = provider
        self._moves = moves
        self._catalog = catalog
        self._clock = clock
        self._wake_poller = wake_poller

    async def book(self, task: Task, outcome: Sighting | ProviderError) -> None:
        """Write down what a send came to, however long the database takes."""
        await self._written(task, partial(self._book, task, outcome))

    async def unknown(self, task: Task) -> None:
        """Write down that nobody knows what became of a send, however long the database takes."""
        await self._written(
            task,
            partial(self._moves.move, task, TaskState.UNCONFIRMED, attempts=0, due_at=None),
        )

    async def call_off(self, task: Task) -> None:
        """Let a waiting task end that was taken down: it is not sent (again)."""
        await self._moves.move(
            task,
            TaskState.CANCELLED,
            failure=Failure.WITHDRAWN,
            flagged=task.in_doubt,  # a job that nobody waits for may have been paid for
        )

    async def _written(self, task: Task, write: Callable[[], Awaitable[object]]) -> None:
        """Write until it is written: an outcome exists only here."""
        attempts = 0
        while True:
            try:
                await write()
            except StoreUnavailable as error:
                attempts += 1
                log.warning("not written down yet: %s", error, extra={"task": task.id})
                await self._clock.sleep(backoff(attempts, longest=LONGEST_PAUSE))
            else:
                return

    async def _book(self, task: Task, outcome: Sighting | ProviderError) -> None:
        if isinstance(outcome, Sighting):
            await self._accepted(task, outcome)
        else:
            await self._in_trouble(task, outcome)

    async def _accepted(self, task: Task, sighting: Sighting) -> None:
        log.info("accepted as %s", sighting.upstream_id, extra={"task": task.id})
        changes: Changes = {
            "upstream_id": sighting.upstream_id,
            "submitted_at": self._clock.now(),
            "attempts": 0,
            "due_at": None,
        }
        if sighting.charged is not None:
            changes["charged"] = sighting.charged
        await self._moves.move(task, TaskState.SUBMITTED, **changes)
        self._wake_poller()

    async def _in_trouble(self, task: Task, error: ProviderError) -> None:
        log.warning("not accepted: %s: %s", type(error).__name__, error, extra={"task": task.id})
        now = self._clock.now()
        match error:
            case NotSent() if task.attempts < TRIES:
                due_at = now + backoff(task.attempts)
                await self._queue_again(task, due_at, task.attempts + 1)
            case RateLimited():
                await self._queue_again(task, now + error.retry_after, task.attempts)
            case _ if task.in_doubt or isinstance(error, OutcomeUnknown):
                await self._moves.move(
                    task, TaskState.UNCONFIRMED, due_at=now + FIRST_SEARCH, attempts=0
                )
            case _:
                await self._refuse(task, error)

    async def _queue_again(self, task: Task, due_at: datetime, attempts: int) -> None:
        changes: Changes = {"due_at": due_at, "attempts": attempts}
        if not task.in_doubt:
            changes["sending_at"] = None  # it was not sent: that was not its member's turn
        queued = await self._moves.move(task, TaskState.QUEUED, **changes)
        if queued is not None and queued.withdrawn:  # credits need not wait for a turn
            await self.call_off(queued)

    async def _refuse(self, task: Task, error: ProviderError) -> None:
        failure, flagged = Failure.SERVICE_FAILED, False
        if isinstance(error, Declined):
            failure = error.failure
            flagged = failure is Failure.SERVICE_CREDITS
        elif isinstance(error, Unauthorised):
            failure, flagged = Failure.SERVICE_KEY, True
        if failure is Failure.MODEL_CLOSED:
            self._catalog.withdraw(task.model, "its service calls it unknown")
        if flagged:
            log.error("the operator must look at %s: %s", self._provider, failure.value)
        await self._moves.move(
            task,
            TaskState.REFUSED,
            failure=failure,
            detail=error.detail or None,
            flagged=flagged,
        )
