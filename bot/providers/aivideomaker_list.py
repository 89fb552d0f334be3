"""AI Video Maker's list of tasks, newest first, read while it arrives.

Serves the looks and the search (steps 3 and 4), through ``aivideomaker_reader.py``. Never blocks
the event loop for more than a millisecond, and never knows which tasks are wanted.
"""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import ijson  # type: ignore[import-untyped]  # it ships no types

from bot.clock import Clock
from bot.providers.aivideomaker_tasks import ServiceTask, created_at

BITE = 32 * 1024
"""Bytes read at a stretch, about 100 tasks; a piece that came packed may be far bigger."""
LONGEST = 8 * 1024 * 1024
"""Bytes without the end of an entry; a service has no longer ones."""


class BrokenList(ValueError):
    """A list of tasks broke off, or is none."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some tasks of the list, one after another; entries that are no objects are left out."""

    tasks: Sequence[ServiceTask]
    size: int
    """Bytes of the list up to here."""
    last: bool
    """The list ends here."""


async def stretches(reply: httpx.Response) -> AsyncGenerator[Stretch]:
    """Yield the list as it arrives.

    Raises:
        BrokenList: it broke off or is none; what came before was yielded.
    """
    entries: list[object] = ijson.sendable_list()
    parser = ijson.items_coro(entries, "tasks.item", use_float=True)
    size = whole = 0
    try:
        async for bite, last in _bites(reply):
            size += len(bite)
            parser.send(bite)
            if last:
                parser.close()
            whole = size if entries else whole
            yield Stretch(_taken(entries), size, last)
            if size - whole > LONGEST:
                raise BrokenList("an entry has no end")
    except ijson.JSONError as error:
        yield Stretch(_taken(entries), size, last=False)
        raise BrokenList("the list is no whole JSON") from error


async def _bites(reply: httpx.Response) -> AsyncGenerator[tuple[bytes, bool]]:
    """Yield the bytes, and whether they are the last: who hangs up before that must dial again."""
    held = b""
    async for piece in reply.aiter_bytes():
        if held:
            yield held, False
        *bites, held = (piece[start : start + BITE] for start in range(0, len(piece), BITE))
        for bite in bites:
            yield bite, False
            await asyncio.sleep(0)
    yield held, True


def _taken(entries: list[object]) -> list[ServiceTask]:
    """Take the entries that were read so far."""
    tasks: list[ServiceTask] = [entry for entry in entries if isinstance(entry, dict)]
    entries.clear()
    return tasks


class Depths:
    """How many bytes of the list lie before the tasks of some age, as far as the last scan saw."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scanned_at = clock.now()
        self._marks: list[tuple[timedelta, int]] = []
        """How old the last task of each stretch was, and the bytes up to it; ever older."""
        self._whole = False

    def begin(self) -> None:
        """Note that the list is read from its beginning."""
        self._scanned_at = self._clock.now()
        self._marks, self._whole = [], False

    def note(self, stretch: Stretch) -> None:
        """Learn from a stretch that was read."""
        made = created_at(stretch.tasks[-1]) if stretch.tasks else None
        age = self._scanned_at - made if made else timedelta(0)
        if not self._marks or age > self._marks[-1][0]:
            self._marks.append((age, stretch.size))
        self._whole = stretch.last

    def bytes_to(self, made: datetime) -> int:
        """Return about how many bytes reach back to tasks made at that time; 0 where unknown.

        What lies deeper than the last scan went is taken to be as dense as what it saw.
        """
        if not self._marks:
            return 0
        age = self._scanned_at - made
        place = bisect_left(self._marks, (age, 0))
        if place < len(self._marks):
            return self._marks[place][1]
        oldest, size = self._marks[-1]
        return size if self._whole or not oldest else round(size * (age / oldest))
