"""Step 3: the Submitter sends a task to its service exactly once and remembers the outcome.

It writes down that it is about to send before it sends; what came of it is ``outcomes.py``'s.
Never sends a task without a card, and never twice unless the Search says that it is safe; then the
same bytes go out under the same key, and only an accepted create ends the doubt.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.catalog import Catalog
from bot.domain.task import Task, TaskState
from bot.errors import Failure, ProviderError, RateLimited
from bot.pipeline.crew import Crew
from bot.pipeline.head import Head
from bot.pipeline.moves import Moves
from bot.pipeline.outcomes import Outcomes
from bot.pipeline.shelf import Shelf
from bot.providers.base import Assignment, Picture, Provider, Sighting
from bot.store import Changes, Store

AT_ONCE = 4
"""Creates under way at the same time; each may carry a picture of some megabytes."""
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
        clock: Clock,
        in_flight: int | None,
        hooks: Callable[[str, str], str] | None,
        wake_poller: Callable[[], None],
        line_moved: Callable[[], None],
    ) -> None:
        """Take the parts; ``hooks`` makes a webhook address from provider and secret."""
        super().__init__(f"submitter:{provider.name}", clock, places=AT_ONCE)
        self._provider = provider
        self._store = store
        self._moves = moves
        self._catalog = catalog
        self._shelf = shelf
        self._limit = in_flight
        self._hooks = hooks
        self._outcomes = Outcomes(provider.name, moves, catalog, clock, wake_poller=wake_poller)
        self._line_moved = line_moved
        self._head = Head(provider.name, store, clock)
        self._paused_until: datetime | None = None

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the head of the line, as far as the service may have more tasks at once."""
        now = self._clock.now()
        if self._paused_until is not None and now < self._paused_until:
            return []
        room = limit if self._limit is None else await self._room(self._limit)
        if room <= 0:  # the usual case while a line stands there
            return []
        return await self._head.take(min(room, limit), aside=self.aside)

    async def _room(self, most: int) -> int:
        """Return how many more tasks the service may have now.

        What we are about to send counts: only we make that number grow, so it is not too small.
        """
        return most - await self._store.work.in_flight(self._provider.name, also=self.under_way)

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
        if task.withdrawn:  # while its job was looked for, or we died before we could see to it
            await self._outcomes.call_off(task)
            return
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
        if isinstance(outcome, RateLimited):
            self._paused_until = self._clock.now() + outcome.retry_after
        await self._outcomes.book(task, outcome)
        self._line_moved()

    @override
    async def stumbled(self, task: Task) -> None:
        """Look for a job that may have been made: what became of the send is not known."""
        await self._outcomes.unknown(task)

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
