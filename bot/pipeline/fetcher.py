"""Part of step 5: brings a film to disk, at once, since its service keeps it for a day only.

Used by the Courier. What the network did not give may come another time and is raised; what cannot
be had any more ends the task here, its credits back. How many come at once is a matter of
``lanes.py``, and how long one is hoped for of ``patience.py``. Never posts anything.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.errors import DownloadError, Failure, ProviderError, Unavailable, WrongContent
from bot.pipeline.films import Films
from bot.pipeline.lanes import QUICK, Lanes
from bot.pipeline.moves import Moves
from bot.pipeline.patience import GONE_PATIENCE, Patience
from bot.pipeline.shelf import Shelf
from bot.providers.base import Provider

log = logging.getLogger(__name__)


class Fetcher:
    """Downloads films and looks whether they are any."""

    def __init__(
        self,
        *,
        moves: Moves,
        providers: Mapping[str, Provider],
        shelf: Shelf,
        films: Films,
        clock: Clock,
        gone_patience: timedelta = GONE_PATIENCE,
        quick: timedelta = QUICK,
    ) -> None:
        """Take the parts; a download is slow that takes longer than ``quick``."""
        self._moves = moves
        self._providers = providers
        self._shelf = shelf
        self._films = films
        self._patience = Patience(clock, gone_patience)
        self._lanes = Lanes(quick)

    async def bring(self, task: Task) -> Task | None:
        """Bring the film to disk unless it is there; ``None``: it cannot be had any more.

        Raises:
            ProviderError: the service did not give it; it may, another time.
            DownloadError: likewise, what lies between.
        """
        if self._shelf.kept_film(task) is not None:
            return task
        try:
            size = await self._lanes.go(task.guild_id, partial(self._download, task))
        except (ProviderError, DownloadError) as error:
            if not self._patience.ends(task, error):
                raise
            await self._give_up(task, error)
            return None
        self._patience.forget(task)
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

    async def _give_up(self, task: Task, error: ProviderError | DownloadError) -> None:
        log.error("a rendered film was lost: %s", error, extra={"task": task.id})
        await self._moves.move(task, TaskState.EXPIRED, failure=Failure.RESULT_GONE)
        self._patience.forget(task)
