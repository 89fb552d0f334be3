"""Films on disk: looked at when they arrive, made small enough to post, and handed out in full.

Serves the Courier (step 5), ``/video show`` and the buttons *Full quality* and *Continue*. Encodes
and cuts in a thread, one film at a time; never makes smaller what is small enough, never twice for
one limit, and never touches a row.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.domain.task import Task
from bot.errors import FilmTooLarge
from bot.media.parts import split, split_anew
from bot.media.videos import fit, last_frame, probe
from bot.pipeline.lately import Lately
from bot.pipeline.shelf import Shelf

log = logging.getLogger(__name__)

REMEMBERED = 200
FRAME_PATIENCE = timedelta(seconds=30)
"""How long the way to a film's last picture may take; a whole film may have to be decoded."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Copy:
    """A film on disk that may be sent."""

    path: Path
    smaller: bool
    """It is not the full film, but one made to fit."""


class Quality(StrEnum):
    """How much of a film there is in what is handed out."""

    FULL = "full"  # all of it, bit by bit
    ANEW = "anew"  # encoded anew, with more bits than the film has
    SMALLER = "smaller"  # encoded anew, with fewer


@dataclass(frozen=True, slots=True)
class Handout:
    """A film for one person: a file, or parts in order that each play by themselves."""

    files: tuple[Path, ...]
    quality: Quality


class Films:
    """Looks films up, makes small copies, and cuts them in parts."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._one_at_a_time = asyncio.Lock()
        self._one_frame_at_a_time = asyncio.Lock()
        self._impossible = Lately[str, int](REMEMBERED)
        """Task ids, each with the largest limit in bytes that its film could not be made to fit."""

    async def check(self, film: Path) -> None:
        """Look whether a downloaded file is a film that plays.

        Raises:
            WrongContent: it is none.
        """
        await asyncio.to_thread(probe, film)

    async def copy(self, task: Task, *, max_bytes: int) -> Copy | None:
        """Return the task's film in at most ``max_bytes``; ``None``: it is not on disk.

        Raises:
            FilmTooLarge: it cannot be made so small and still be looked at.
            WrongContent: it breaks off in the middle.
            OSError: the disk is full.
        """
        film, fitted = self._shelf.kept_film(task), self._shelf.fitted_film(task.id)
        if film is None:
            return None
        if await _size(film) <= max_bytes:
            return Copy(film, smaller=False)
        async with self._one_at_a_time:
            if not 0 < await _size(fitted) <= max_bytes:
                await self._encode(task.id, film, fitted, max_bytes)
            if not film.is_file():  # it was taken down meanwhile: nothing of it stays
                await self._shelf.discard([fitted])
                return None
        return Copy(fitted, smaller=True)

    async def last_frame(self, film: Path, into: Path) -> None:
        """Write the picture that a film ends with to ``into``, as a PNG.

        Raises:
            WrongContent: it has none.
            TimeoutError: it takes too long.
            OSError: the disk is full, or the film is gone.
        """
        async with self._one_frame_at_a_time, asyncio.timeout(FRAME_PATIENCE.total_seconds()):
            await _in_thread(partial(last_frame, film, into))

    @asynccontextmanager
    async def handout(self, task: Task, *, max_bytes: int) -> AsyncIterator[Handout | None]:
        """Lend the task's film in files of at most ``max_bytes``; ``None``: it is not on disk.

        As one file, else in parts, else as the small copy. The parts are removed afterwards.

        Raises:
            as ``copy``.
        """
        film = self._shelf.kept_film(task)
        if film is None:
            yield None
        elif await _size(film) <= max_bytes:
            yield Handout((film,), Quality.FULL)
        else:
            async with self._shelf.scratch(task.id) as folder:
                yield await self._in_parts(task, film, folder, max_bytes)

    async def _in_parts(
        self, task: Task, film: Path, folder: Path, max_bytes: int
    ) -> Handout | None:
        for cut, quality in ((split, Quality.FULL), (split_anew, Quality.ANEW)):
            try:
                async with self._one_at_a_time:
                    files = await _in_thread(partial(cut, film, folder, max_bytes=max_bytes))
            except FilmTooLarge as error:
                log.info("no parts (%s): %s", quality.value, error, extra={"task": task.id})
            else:
                return Handout(tuple(files), quality)
        copy = await self.copy(task, max_bytes=max_bytes)
        return None if copy is None else Handout((copy.path,), Quality.SMALLER)

    async def _encode(self, task_id: str, film: Path, fitted: Path, max_bytes: int) -> None:
        if max_bytes <= self._impossible.get(task_id, 0):
            raise FilmTooLarge(f"it does not fit into {max_bytes} bytes")
        try:
            await _in_thread(partial(fit, film, fitted, max_bytes=max_bytes))
        except FilmTooLarge:
            self._impossible[task_id] = max_bytes
            raise


async def _in_thread(work: Callable[..., Result]) -> Result:
    """Work in a thread; it is told through ``wanted`` when nobody waits any more."""
    stopped = threading.Event()
    try:
        return await asyncio.to_thread(work, wanted=lambda: not stopped.is_set())
    finally:
        stopped.set()  # a thread cannot be cancelled: it has to be told


async def _size(path: Path) -> int:
    """Return a file's size in bytes; 0: there is none."""
    return await asyncio.to_thread(lambda: path.stat().st_size if path.is_file() else 0)
