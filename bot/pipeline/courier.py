"""Step 5: the Courier fetches a film at once, makes it fit, posts it, and settles the ledger.

"Delivering since" is written before the upload; after a crash the places it may have been posted
to are searched before anything is posted again, so a film appears once. Where nothing is open the
film is kept for ``/video show``. Never asks a service about anything but the film.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.errors import (
    AddressRefused,
    CannotPost,
    DownloadError,
    Failure,
    FilmTooLarge,
    Gone,
    Interrupted,
    ProviderError,
    RateLimited,
    TooLarge,
    Unavailable,
    Unreachable,
    WrongContent,
)
from bot.pipeline.crew import Crew
from bot.pipeline.films import Copy, Films
from bot.pipeline.moves import Moves
from bot.pipeline.ports import Mailbox, Posted, Route
from bot.pipeline.shelf import Shelf
from bot.pipeline.worker import backoff
from bot.providers.base import Provider
from bot.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Films on their way; uploads are paced by the Mailbox."""
RETENTION = timedelta(hours=24)
"""So long the services keep a film."""
HOPELESS = (TooLarge, WrongContent, AddressRefused)
HOPELESS_TRIES = 5
"""A film that arrives broken is tried this often: it may be a passing page of a CDN."""
GONE_PATIENCE = timedelta(minutes=20)
"""A film that is said to be gone may only not be there yet, or hide behind a guard for a while."""
SMALLER = 0.8
STEPS_DOWN = 2
REST = timedelta(seconds=30)


class Courier(Crew):
    """Delivers films of all providers."""

    def __init__(
        self,
        *,
        store: Store,
        moves: Moves,
        providers: Mapping[str, Provider],
        mailbox: Mailbox,
        shelf: Shelf,
        films: Films,
        clock: Clock,
        gone_patience: timedelta = GONE_PATIENCE,
    ) -> None:
        super().__init__("courier", clock, places=AT_ONCE)
        self._store = store
        self._moves = moves
        self._providers = providers
        self._mailbox = mailbox
        self._shelf = shelf
        self._films = films
        self._gone_patience = gone_patience

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the films to deliver now."""
        now = self._clock.now()
        return await self._store.work.in_state(TaskState.RENDERED, now=now, limit=limit)

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
            fetched = await self._fetch(task)
            if fetched is not None:
                await self._post(fetched)
        except Unreachable as error:
            pause = max(error.retry_after, backoff(task.attempts))
            await self._pause(task, pause, str(error))
        except RateLimited as error:
            pause = max(error.retry_after, backoff(task.attempts))
            await self._again_later(task, pause, str(error))
        except (ProviderError, DownloadError) as error:
            await self._again_later(task, backoff(task.attempts), str(error))

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

    async def _fetch(self, task: Task) -> Task | None:
        """Bring the film to disk unless it is there; ``None``: it cannot be had any more."""
        if self._shelf.kept_film(task) is not None:
            return task
        try:
            size = await self._download(task)
        except Gone as error:
            return await self._unless_hopeless(task, error, hopeless=self._gone_for_long(task))
        except HOPELESS as error:
            hopeless = task.attempts >= HOPELESS_TRIES
            return await self._unless_hopeless(task, error, hopeless=hopeless)
        name = self._shelf.film(task.id).name
        return await self._moves.note(task, film=name, film_bytes=size, attempts=0, due_at=None)

    async def _download(self, task: Task) -> int:
        """Download and look at the film; return its size in bytes."""
        provider = self._providers.get(task.provider)
        if provider is None or task.upstream_id is None:
            raise Unavailable(task.provider, "it has no key any more")
        path = self._shelf.film(task.id)
        size = await provider.fetch(task.upstream_id, task.result_url, path)
        try:
            await self._films.check(path)
        except WrongContent:
            await self._shelf.discard([path])
            raise
        return size

    async def _unless_hopeless(
        self, task: Task, error: DownloadError, *, hopeless: bool
    ) -> Task | None:
        if not hopeless:
            raise error
        log.error("a rendered film was lost: %s", error, extra={"task": task.id})
        await self._moves.move(task, TaskState.EXPIRED, failure=Failure.RESULT_GONE)
        return None

    def _gone_for_long(self, task: Task) -> bool:
        now = self._clock.now()
        return now - (task.rendered_at or now) >= self._gone_patience

    async def _again_later(self, task: Task, pause: timedelta, why: str) -> None:
        """Try again what the service or the network did not give, as long as it keeps the film."""
        now = self._clock.now()
        too_late = task.rendered_at is not None and now - task.rendered_at > RETENTION
        if too_late and self._shelf.kept_film(task) is None:
            await self._unless_hopeless(task, Gone(why), hopeless=True)
            return
        await self._pause(task, pause, why)

    async def _pause(self, task: Task, pause: timedelta, why: str) -> None:
        log.warning("not delivered yet: %s", why, extra={"task": task.id})
        due_at = self._clock.now() + pause
        await self._moves.note(task, due_at=due_at, attempts=task.attempts + 1)

    async def _post(self, task: Task) -> None:
        if task.delivering_since is None:
            task = await self._moves.note(task, delivering_since=self._clock.now())
        for route in await self._mailbox.routes(task):
            posted = await self._try_route(task, route)
            if posted is not None:
                await self._delivered(task, posted)
                return
        log.warning("nowhere to post: kept for /video show", extra={"task": task.id})
        await self._moves.move(task, TaskState.KEPT, film_fitted=False)

    async def _delivered(self, task: Task, posted: Posted) -> None:
        log.info("delivered (%s)", posted.route.value, extra={"task": task.id})
        await self._moves.move(
            task,
            TaskState.DELIVERED,
            film_channel_id=posted.channel_id,
            film_message_id=posted.message_id,
        )

    async def _try_route(self, task: Task, route: Route) -> Posted | None:
        """Post on one route, smaller each time Discord refuses the size; ``None``: it is closed."""
        limit = self._mailbox.size_limit(task, route)
        for _step in range(STEPS_DOWN + 1):
            copy = await self._copy(task, limit, route)
            if copy is None:
                return None
            if copy.smaller != task.film_fitted or route is not Route.REPLY:
                # an earlier route may have noted otherwise
                task = await self._moves.note(task, film_fitted=copy.smaller)
            try:
                return await self._mailbox.post(task, copy.path, route)
            except FilmTooLarge as error:
                log.warning("%s: %s; smaller", route.value, error, extra={"task": task.id})
                limit = int(min(limit, task.film_bytes or limit) * SMALLER)
            except CannotPost as error:
                log.warning("%s is closed: %s", route.value, error, extra={"task": task.id})
                return None
        return None

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
