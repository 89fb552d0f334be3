"""Waiting for something to become true, without polling: everything that changes rings one bell.

It never tells what happened; who waits looks for themselves.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

Found = TypeVar("Found")

PATIENCE: Final = timedelta(seconds=10)
"""How long the driver waits where nothing else is said."""


class Bell:
    """Wakes everyone who waits for a change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Tell all who wait that something changed."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def rung(self) -> None:
        """Return after the next ring."""
        await self._next.wait()

    async def until(self, look: Callable[[], Found | None], timeout: timedelta) -> Found:  # noqa: ASYNC109
        """Return what `look` finds, as soon as it is neither None nor False.

        Raises:
            TimeoutError: It found nothing within the given time.
        """
        async with asyncio.timeout(timeout.total_seconds()):
            while not (found := look()):
                await self.rung()
        return found
