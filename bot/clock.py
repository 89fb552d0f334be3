"""Time as a part that is handed in, so that a test can turn the hands.

Serves every step of the story; never reads the wall clock anywhere but in ``SystemClock``.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the story needs to know of time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""

    def monotonic(self) -> timedelta:
        """Return the time since some moment in the past; nobody sets it back or forward."""

    async def sleep(self, duration: timedelta) -> None:
        """Let ``duration`` pass; other work goes on meanwhile."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> timedelta:
        """Return the time since the machine was started, or so."""
        return timedelta(seconds=time.monotonic())

    async def sleep(self, duration: timedelta) -> None:
        """Let ``duration`` pass on the event loop."""
        await asyncio.sleep(max(0.0, duration.total_seconds()))
