"""Step 6, on disk: films leave after some days or when space is short, pictures a week after.

The films longest ended go first; one that waits to be delivered or fetched is never removed. It
begins with what lies on disk, so that a long history costs nothing. Never touches a row: what is on
disk is looked up where it is needed.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.domain.task import RELEASED, TaskState
from bot.pipeline.shelf import Shelf, Stored
from bot.store import Fate, Store

MEGABYTE = 1024 * 1024
EVERY = timedelta(minutes=10)
PICTURE_LIFE = timedelta(days=7)
"""How long a prepared picture stays after its task ended."""
ORPHAN_LIFE = timedelta(days=1)
"""How long a picture stays whose order never became a task."""
DONE_WITH = RELEASED | {TaskState.DELIVERED}
"""Nobody waits for the film of such a task."""


class Tidy:
    """Keeps ``DATA_DIR`` within its limits."""

    def __init__(
        self, store: Store, shelf: Shelf, clock: Clock, *, life: timedelta, disk_megabytes: int
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._life = life
        self._limit = disk_megabytes * MEGABYTE
        self._next: datetime | None = None

    async def __call__(self) -> None:
        """Remove what is past its time or above the limit, every few minutes."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            return
        self._next = now + EVERY
        await self._shelf.discard([*await self._films(now), *await self._pictures(now)])

    async def _films(self, now: datetime) -> list[Path]:
        films = _by_task(await self._shelf.films())
        excess = sum(_size(files) for files in films.values()) - self._limit
        leaving: list[Path] = []
        for ended_at, task_id in sorted(await self._done_with(films)):
            if excess <= 0 and now - ended_at <= self._life:
                break
            leaving += [file.path for file in films[task_id]]
            excess -= _size(films[task_id])
        return leaving

    async def _done_with(self, films: dict[str, list[Stored]]) -> list[tuple[datetime, str]]:
        """Return when each task ended that needs its film no more.

        A film whose task is not known, as in a database restored from a backup, counts from when it
        was written.
        """
        fates = await self._store.work.fates(list(films))
        unknown = [
            (max(file.written_at for file in files), task_id)
            for task_id, files in films.items()
            if task_id not in fates
        ]
        known = [
            (fate.ended_at, task_id)
            for task_id, fate in fates.items()
            if fate.state in DONE_WITH and fate.ended_at is not None
        ]
        return known + unknown

    async def _pictures(self, now: datetime) -> list[Path]:
        pictures = await self._shelf.pictures()
        fates = await self._store.work.fates([picture.task_id for picture in pictures])
        return [
            picture.path for picture in pictures if _past(picture, fates.get(picture.task_id), now)
        ]


def _past(picture: Stored, fate: Fate | None, now: datetime) -> bool:
    if fate is None:
        return now - picture.written_at > ORPHAN_LIFE
    return fate.ended_at is not None and now - fate.ended_at > PICTURE_LIFE


def _by_task(files: Iterable[Stored]) -> dict[str, list[Stored]]:
    found: defaultdict[str, list[Stored]] = defaultdict(list)
    for file in files:
        found[file.task_id].append(file)
    return found


def _size(files: Iterable[Stored]) -> int:
    return sum(file.size for file in files)
