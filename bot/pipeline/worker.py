"""The loop that every step of the story runs in: do what is due, then wait to be woken.

This is one of the two places that catch every exception: a step that fails is logged and tried
again later, so that one bad task cannot stop the others. Never knows what a step does.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from bot.clock import Clock

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=1)
LAST_RETRY = timedelta(minutes=1)


class Worker(ABC):
    """One named loop. ``step`` does all that is due and returns how long it may rest."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.on_error: Callable[[str], None] = lambda _name: None
        self._clock = clock
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    @abstractmethod
    async def step(self) -> timedelta:
        """Do what is due; return how long to rest unless woken."""

    def wake(self) -> None:
        """End the rest: there is something to do."""
        self._woken.set()

    def start(self) -> None:
        """Begin to work in the background."""
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self, grace: timedelta = timedelta(seconds=10)) -> None:
        """Finish the present step if it takes no longer than ``grace``; its rows keep the rest."""
        if self._task is None:
            return
        self._stopping = True
        self._woken.set()
        _done, late = await asyncio.wait({self._task}, timeout=grace.total_seconds())
        for task in late:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._task = None

    async def _run(self) -> None:
        retry = FIRST_RETRY
        while not self._stopping:
            self._woken.clear()
            try:
                rest = await self.step()
                retry = FIRST_RETRY
            except Exception:
                log.exception("%s stumbled; it goes on in %s", self.name, retry)
                self.on_error(self.name)
                rest, retry = retry, min(retry * 2, LAST_RETRY)
            if not self._stopping:
                await self._rest(rest)

    async def _rest(self, duration: timedelta) -> None:
        waits = {
            asyncio.ensure_future(self._woken.wait()),
            asyncio.ensure_future(self._clock.sleep(duration)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def backoff(attempts: int, *, longest: timedelta = timedelta(minutes=5)) -> timedelta:
    """Return the pause before the next try, after ``attempts`` others: 1 s, 2 s, 4 s … longest."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), longest)
