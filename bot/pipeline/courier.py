"""Step 5: the Courier fetches a film at once, makes it fit, posts it, and settles the ledger.

"Delivering since" is written before the upload; after a crash the places it may have been posted
to are searched before anything is posted again, so a film appears once. Where nothing is open the
film is kept for ``/video show``; one that was taken down meanwhile is not posted. Never asks a
service about anything.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.errors import (
    CannotPost,
    ClapboardError,
    DownloadError,
    Failure,
    FilmTooLarge,
    Interrupted,
    ProviderError,
    RateLimited,
    Unreachable,
    WrongContent,
)
from bot.pipeline.crew import Crew
from bot.pipeline.fetcher import Fetcher
from bot.pipeline.films import Copy, Films
from bot.pipeline.moves import Moves
from bot.pipeline.ports import Mailbox, Posted, Route
from bot.pipeline.shelf import Shelf
from bot.pipeline.worker import backoff
from bot.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Films on their way. Most of them wait: downloads, encodings and uploads are counted on their own,
so that none waits in a place that another needs."""
SHARE = 60
"""And so many of one server."""
SMALLER = 0.8
STEPS_DOWN = 2
REST = timedelta(seconds=30)


class _TakenDown(ClapboardError):
    """Somebody had the film taken down while it was on its way."""


class Courier(Crew):
    """Delivers films of all providers."""

    def __init__(
        self,
        *,
        store: Store,
        moves: Moves,
        fetcher: Fetcher,
        mailbox: Mailbox,
        shelf: Shelf,
        films: Films,
        clock: Clock,
        wake_eraser: Callable[[], None],
    ) -> None:
        super().__init__("courier", clock, places=AT_ONCE, share=SHARE)
        self._store = store
        self._moves = moves
        self._fetcher = fetcher
        self._mailbox = mailbox
        self._shelf = shelf
        self._films = films
        self._wake_eraser = wake_eraser

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the films to deliver now, a round of all servers first."""
        return await self._store.work.rendered(
            now=self._clock.now(),
            limit=limit - len(self.under_way),
            without=self.under_way,
            full=self.at_their_share,
        )

    @override
    async def rest(self) -> timedelta:
        """Rest until the next try is due."""
        now = self._clock.now()
        due = await self._store.work.next_due(TaskState.RENDERED, now=now)
        return min(REST, due - now) if due is not None else REST

    @override
    async def act(self, task: Task) -> None:
        """Deliver one film, or say when to try again."""
        try:
            if await self._was_posted(task):
                return
            _expect_wanted(task)
            fetched = await self._fetcher.bring(task)
            if fetched is not None:
                await self._post(fetched)
        except _TakenDown:
            await self._call_off(task)
        except (Unreachable, RateLimited) as error:
            pause = max(error.retry_after, backoff(task.attempts))
            await self._pause(task, pause, str(error))
        except (ProviderError, DownloadError) as error:
            await self._pause(task, backoff(task.attempts), str(error))

    async def _was_posted(self, task: Task) -> bool:
        """Tell whether an earlier try got through, and write that down.

        The film itself may be gone from the disk and from the service by now.
        """
        if task.delivering_since is None:
            return False
        found = await self._mailbox.find(task, task.delivering_since)
        if found is not None:
            await self._delivered(task, found)
        return found is not None

    async def _pause(self, task: Task, pause: timedelta, why: str) -> None:
        log.warning("not delivered yet: %s", why, extra={"task": task.id})
        due_at = self._clock.now() + pause
        await self._moves.note(task, due_at=due_at, attempts=task.attempts + 1)

    async def _call_off(self, task: Task) -> None:
        """End without a film, the credits back: it was taken down before anybody saw it."""
        log.info("taken down; not posted", extra={"task": task.id})
        await self._shelf.discard(self._shelf.of_task(task))
        await self._moves.move(task, TaskState.CANCELLED, failure=Failure.WITHDRAWN)

    async def _post(self, task: Task) -> None:
        if task.delivering_since is None:
            task = await self._moves.note(task, delivering_since=self._clock.now())
        _expect_wanted(task)
        for route in await self._mailbox.routes(task):
            posted = await self._try_route(task, route)
            if posted is not None:
                await self._delivered(task, posted)
                return
        log.warning("nowhere to post: kept for /video show", extra={"task": task.id})
        await self._moves.move(task, TaskState.KEPT, film_fitted=False, due_at=None)

    async def _delivered(self, task: Task, posted: Posted) -> None:
        log.info("delivered (%s)", posted.route.value, extra={"task": task.id})
        delivered = await self._moves.move(
            task,
            TaskState.DELIVERED,
            film_channel_id=posted.channel_id,
            film_message_id=posted.message_id,
            due_at=None,  # should it be withdrawn, the Eraser need not wait
        )
        if delivered is not None and delivered.withdrawn:
            self._wake_eraser()

    async def _try_route(self, task: Task, route: Route) -> Posted | None:
        """Post on one route, smaller each time Discord refuses the size; ``None``: it is closed."""
        limit = self._mailbox.size_limit(task, route)
        for _step in range(STEPS_DOWN + 1):
            copy = await self._copy(task, limit, route)
            if copy is None:
                return None
            try:
                return await self._post_copy(task, copy, route)
            except FilmTooLarge as error:
                log.warning("%s: %s; smaller", route.value, error, extra={"task": task.id})
                limit = int(min(limit, task.film_bytes or limit) * SMALLER)
            except CannotPost as error:
                log.warning("%s is closed: %s", route.value, error, extra={"task": task.id})
                return None
        return None

    async def _post_copy(self, task: Task, copy: Copy, route: Route) -> Posted:
        async with self._mailbox.turn(task):
            # Here: the row tells, too, whether it was taken down while we encoded or waited.
            task = await self._moves.note(task, film_fitted=copy.smaller)
            _expect_wanted(task)
            return await self._mailbox.post(task, copy.path, route)

    async def _copy(self, task: Task, limit: int, route: Route) -> Copy | None:
        """Return a file of at most ``limit`` bytes; ``None``: there can be none."""
        try:
            copy = await self._films.copy(task, max_bytes=limit)
        except (FilmTooLarge, WrongContent) as error:
            log.warning("it does not fit %s: %s", route.value, error, extra={"task": task.id})
            return None
        except OSError as error:
            raise Interrupted(f"the disk refused: {error.strerror}") from error
        if copy is None:
            raise Interrupted("the film is no longer on disk")
        return copy


def _expect_wanted(task: Task) -> None:
    if task.withdrawn:
        raise _TakenDown(task.id)
