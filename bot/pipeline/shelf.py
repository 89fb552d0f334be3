"""The files under ``DATA_DIR``: prepared pictures and films, named by their tasks.

Steps 2, 3 and 5 put files here and read them; Recovery tidies up. Never touches a row.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.task import Task

TASK_ID = "[0-9a-f]" * 12
"""Only what bears a task's id is ours to count and to remove."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the shelf."""

    path: Path
    size: int
    written_at: datetime

    @property
    def task_id(self) -> str:
        """The task that it belongs, or belonged, to."""
        return self.path.name.partition(".")[0]


class Shelf:
    """Where pictures and films lie."""

    def __init__(self, root: Path) -> None:
        self._pictures = root / "pictures"
        self._films = root / "films"

    def prepare(self) -> None:
        """Make the folders and remove what a crash left half-written.

        Raises:
            OSError: the folder cannot be written.
        """
        for folder in (self._pictures, self._films):
            folder.mkdir(parents=True, exist_ok=True)
            for part in folder.glob("*.part*"):
                _remove(part)

    def picture(self, name: str) -> Path:
        """Return the path of a prepared picture by its file name."""
        return self._pictures / name

    def raw_picture(self, task_id: str) -> Path:
        """Return where a picture lies as it came, until it is prepared."""
        return self._pictures / f"{task_id}.part-raw"

    def film(self, task_id: str) -> Path:
        """Return the path of a task's film in full quality."""
        return self._films / f"{task_id}.mp4"

    def fitted_film(self, task_id: str) -> Path:
        """Return the path of a task's film made to fit a server's limit."""
        return self._films / f"{task_id}.fit.mp4"

    def of_task(self, task: Task) -> list[Path]:
        """Return where a task's picture and films lie, if they do."""
        pictures = [] if task.picture is None else [self.picture(task.picture)]
        return [*pictures, self.film(task.id), self.fitted_film(task.id)]

    @asynccontextmanager
    async def scratch(self, task_id: str) -> AsyncIterator[Path]:
        """Lend an empty folder beside the films; it is removed with all that is in it."""
        prefix = f"{task_id}.parts-"
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=prefix, dir=self._films))
        try:
            yield folder
        finally:
            await asyncio.shield(asyncio.to_thread(_remove, folder))

    def kept_film(self, task: Task) -> Path | None:
        """Return the task's film while it is still on disk, and may be shown."""
        if task.film is None or task.withdrawn:
            return None
        path = self._films / task.film
        return path if path.is_file() else None

    def kept_picture(self, task: Task) -> Path | None:
        """Return the task's prepared picture while it is still on disk, and may be shown."""
        if task.picture is None or task.withdrawn:
            return None
        path = self._pictures / task.picture
        return path if path.is_file() else None

    async def read_picture(self, name: str) -> bytes | None:
        """Return a prepared picture's bytes, or ``None`` if it is gone."""
        path = self.picture(name)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None

    async def discard(self, paths: Iterable[Path]) -> None:
        """Remove files that are not needed any more."""
        await asyncio.to_thread(_unlink, list(paths))

    async def films(self) -> list[Stored]:
        """Return the film files that lie here, fitted ones too."""
        return await asyncio.to_thread(_stored, self._films, f"{TASK_ID}*.mp4")

    async def pictures(self) -> list[Stored]:
        """Return the prepared pictures that lie here."""
        return await asyncio.to_thread(_stored, self._pictures, f"{TASK_ID}.jpg")

    async def sizes(self) -> dict[str, int]:
        """Return the film files by name with their sizes in bytes."""
        return {film.path.name: film.size for film in await self.films()}


def _remove(part: Path) -> None:
    """Remove what is half-written: a file, or a folder of them."""
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _stored(folder: Path, pattern: str) -> list[Stored]:
    return list(_look_at(folder.glob(pattern)))


def _look_at(paths: Iterable[Path]) -> Iterator[Stored]:
    for path in paths:
        with suppress(FileNotFoundError):  # gone between the listing and the look
            facts = path.stat()
            yield Stored(path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))
