"""How late the event loop runs: the first sign of something that blocks it.

Beside the story. Never blocks anything itself: it asks to be called and sees how late that is.
"""

import asyncio
from datetime import timedelta


class LoopLag:
    """Measures all the time; the worst since it was last asked is what counts."""

    def __init__(self, every: timedelta = timedelta(milliseconds=500)) -> None:
        self._every = every.total_seconds()
        self._worst = 0.0
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to measure the running event loop."""
        self._again(asyncio.get_running_loop())

    def stop(self) -> None:
        """Measure no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def take(self) -> timedelta:
        """Return the longest delay since the last call, also one that is still going on."""
        self._note()
        worst, self._worst = self._worst, 0.0
        return timedelta(seconds=worst)

    def _again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = loop.time() + self._every
        self._timer = loop.call_at(self._due, self._called, loop)

    def _called(self, loop: asyncio.AbstractEventLoop) -> None:
        self._note()
        self._again(loop)

    def _note(self) -> None:
        if self._timer is not None:
            self._worst = max(self._worst, asyncio.get_running_loop().time() - self._due)
