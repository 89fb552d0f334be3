"""Step 3: the Submitter sends a task to its service exactly once and remembers the outcome.

It writes down that it is about to send before it sends. Accepted: the upstream id. Clearly
refused: credits back, the reason on the card. Not a byte left: queued again. Answer lost:
``UNCONFIRMED``, for the Search to look for. Never sends a task without a card, and never twice
unless the Search says that it is safe; then the same bytes go out under the same key, and only an
accepted create ends the doubt.
"""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from typing_extensions import override

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
from bot.pipeline.cards import Cards
from bot.pipeline.crew import Crew
from bot.pipeline.moves import Moves
from bot.pipeline.shelf import Shelf
from bot.pipeline.worker import backoff
from bot.providers.base import Assignment, Picture, Provider, Sighting
from bot.store import Changes, Store

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Creates under way at the same time; each may carry a picture of some megabytes."""
TRIES = 12
"""So often a service that cannot be reached is tried, in half an hour, before credits go back."""
FIRST_SEARCH = timedelta(seconds=10)
"""How long after a lost answer the job is first looked for."""
REST = timedelta(minutes=1)


class Submitter(Crew):
    """Sends one provider's queue."""

    def __init__(
        self,
        provider: Provider,
        *,
        store: Store,
        moves: Moves,
        catalog: Catalog,
        shelf: Shelf,
        cards: Cards,
        clock: Clock,
        in_flight: int | None,
        hooks: Callable[[str, str], str] | None,
        wake_poller: Callable[[], None],
    ) -> None:
        """Take the parts; ``hooks`` makes a webhook address from provider and secret."""
        super().__init__(f"submitter:{provider.name}", clock, places=AT_ONCE)
        self._provider = provider
        self._store = store
        self._moves = moves
        self._catalog = catalog
        self._shelf = shelf
        self._cards = cards
        self._limit = in_flight
        self._hooks = hooks
        self._wake_poller = wake_poller
        self._paused_until: datetime | None = None

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the head of the queue, as far as the service may have more tasks at once."""
        now = self._clock.now()
        if self._paused_until is not None and now < self._paused_until:
            return []
        waiting = await self._store.work.queued(self._provider.name, now=now, limit=limit)
        if self._limit is None:
            return waiting
        # Asked afterwards: what is being moved to SENDING right now is counted in one of the two.
        in_flight = await self._store.work.in_flight(self._provider.name)
        return waiting[: max(0, self._limit - in_flight)]

    @override
    async def rest(self) -> timedelta:
        """Rest until the next task is due or the service's pause is over."""
        now = self._clock.now()
        due = await self._store.work.next_due(TaskState.QUEUED, self._provider.name, now=now)
        moments = [moment for moment in (due, self._paused_until) if moment and moment > now]
        return min([REST, *(moment - now for moment in moments)])

    @override
    async def act(self, task: Task) -> None:
        """Send one task."""
        assignment = await self._assignment(task)
        if isinstance(assignment, Failure):
            await self._moves.move(
                task, TaskState.REFUSED, failure=assignment, flagged=task.in_doubt
            )
            return
        sending = await self._about_to_send(task, assignment)
        if sending is None:  # cancelled, or taken by somebody else, in this moment
            return
        task, assignment = sending
        outcome = await self._submit(assignment)
        await self._written(task, partial(self._book, task, outcome))
        await self._cards.refresh_queue(self._provider.name)

    @override
    async def stumbled(self, task: Task) -> None:
        """Look for a job that may have been made: what became of the send is not known."""
        await self._written(
            task, lambda: self._moves.move(task, TaskState.UNCONFIRMED, attempts=0, due_at=None)
        )

    async def _assignment(self, task: Task) -> Assignment | Failure:
        model = self._catalog.get(task.model)
        if model is None or not self._catalog.on_sale(task.model):
            return Failure.MODEL_CLOSED
        picture = None
        if task.picture is not None:
            data = await self._shelf.read_picture(task.picture)
            if data is None:
                return Failure.PICTURE
            picture = Picture(data, "image/jpeg")
        return Assignment(task.id, model, task.prompts, task.aspect, task.duration, picture)

    async def _about_to_send(
        self, task: Task, assignment: Assignment
    ) -> tuple[Task, Assignment] | None:
        changes: Changes = {
            # Of a repeat the first one counts: from then on the job may exist.
            "sending_at": task.sending_at if task.in_doubt else self._clock.now(),
            "key_fingerprint": self._provider.key_fingerprint,
        }
        if self._hooks is not None:
            secret = secrets.token_urlsafe(24)
            changes["hook_hash"] = hashlib.sha256(secret.encode()).hexdigest()
            webhook_url = self._hooks(self._provider.name, secret)
            assignment = replace(assignment, webhook_url=webhook_url)
        moved = await self._moves.quietly(task, TaskState.SENDING, **changes)
        return None if moved is None else (moved, assignment)

    async def _submit(self, assignment: Assignment) -> Sighting | ProviderError:
        try:
            return await self._provider.submit(assignment)
        except ProviderError as error:
            return error

    async def _book(self, task: Task, outcome: Sighting | ProviderError) -> None:
        if isinstance(outcome, Sighting):
            await self._remember(task, outcome)
        else:
            await self._remember_trouble(task, outcome)

    async def _written(self, task: Task, write: Callable[[], Awaitable[object]]) -> None:
        """Write an outcome down, however long the database takes: it exists only here."""
        attempts = 0
        while True:
            try:
                await write()
            except StoreUnavailable as error:
                attempts += 1
                pause = backoff(attempts, longest=timedelta(seconds=30))
                log.warning("not written down yet: %s", error, extra={"task": task.id})
                await self._clock.sleep(pause)
            else:
                return

    async def _remember(self, task: Task, sighting: Sighting) -> None:
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

    async def _remember_trouble(self, task: Task, error: ProviderError) -> None:
        log.warning("not accepted: %s: %s", type(error).__name__, error, extra={"task": task.id})
        now = self._clock.now()
        match error:
            case NotSent() if task.attempts < TRIES:
                due_at = now + backoff(task.attempts)
                await self._queue_again(task, due_at, task.attempts + 1)
            case RateLimited():
                self._paused_until = now + error.retry_after
                await self._queue_again(task, self._paused_until, task.attempts)
            case _ if task.in_doubt or isinstance(error, OutcomeUnknown):
                await self._moves.move(
                    task, TaskState.UNCONFIRMED, due_at=now + FIRST_SEARCH, attempts=0
                )
            case _:
                await self._refuse(task, error)

    async def _queue_again(self, task: Task, due_at: datetime, attempts: int) -> None:
        await self._moves.move(task, TaskState.QUEUED, due_at=due_at, attempts=attempts)

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
            log.error("the operator must look at %s: %s", self._provider.name, failure.value)
        await self._moves.move(
            task,
            TaskState.REFUSED,
            failure=failure,
            detail=error.detail or None,
            flagged=flagged,
        )
