"""Part of step 5: films that trickle in have a lane of their own, and hold up none that do not.

Used by the Fetcher. A download that is not here after a while moves over to the slow lane as it is,
without losing a byte, and leaves its place to others. Where that lane is full it is broken off, and
comes again behind those who wait. Never knows what is downloaded.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, TypeVar

from bot.errors import Interrupted
from bot.pipeline.gate import Gate

AT_ONCE = 36
"""Quick downloads under way; each holds a piece of its film in memory, the rest goes to the disk.
The client has 50 connections: members' pictures come through them as well."""
SHARE = 8
"""And so many of one server: a film of a megabyte takes about a second."""
SLOW_AT_ONCE = 6
SLOW_SHARE = 2
QUICK = timedelta(seconds=30)
"""What takes longer is slow."""
Result = TypeVar("Result")


class Lanes:
    """Lets downloads through, shared fairly between servers."""

    def __init__(self, quick: timedelta = QUICK) -> None:
        self._quick = quick
        self._fast = Gate(AT_ONCE, share=SHARE)
        self._slow = Gate(SLOW_AT_ONCE, share=SLOW_SHARE)

    async def go(self, owner: int, download: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Run a download of one server's film once there is a place for it.

        Raises:
            Interrupted: it is slow, and too many are; whatever ``download`` raises.
        """
        async with AsyncExitStack() as place:
            await place.enter_async_context(self._fast.place(owner))
            under_way = asyncio.create_task(download())
            try:
                await asyncio.wait({under_way}, timeout=self._quick.total_seconds())
                if not under_way.done():
                    await self._move_over(owner, place)
                return await under_way
            finally:
                under_way.cancel()
                await asyncio.gather(under_way, return_exceptions=True)

    async def _move_over(self, owner: int, place: AsyncExitStack) -> None:
        """Exchange the place held for one in the slow lane."""
        if not self._slow.has_room(owner):
            raise Interrupted("it is slow, and too many are")
        fast = place.pop_all()
        await place.enter_async_context(self._slow.place(owner))
        await fast.aclose()
