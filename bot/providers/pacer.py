"""One place in time for each query: a fair line, an interval apart, with room for the hurried.

Serves the Poller's looks and cancels (step 4). Not a bucket: a bucket of 60 a minute lets 119
through within one minute, and a service that counts in windows would say 429. Never sleeps through
a pause the service asked for: that may be minutes, and the caller has better things to do. Never
asks the wall clock: one that is set back must not stop all looks.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count

from bot.clock import Clock
from bot.errors import RateLimited

_NO_TIME = timedelta(0)


class Pacer:
    """Hands out turns: first come first served, the urgent before the others.

    Nothing begins within ``interval`` of another query's beginning or end. The first turn comes an
    interval after the start, so a restart does not put two queries close together.
    """

    def __init__(self, name: str, clock: Clock, interval: timedelta, *, at_once: int = 1) -> None:
        self._name = name
        self._clock = clock
        self._interval = interval
        self._at_once = at_once
        self._open_at = clock.monotonic() + interval
        self._paused_until = clock.monotonic()
        self._line: list[tuple[bool, int]] = []
        self._numbers = count()
        self._busy = 0
        self._changed = asyncio.Condition()

    def pause(self, length: timedelta) -> None:
        """Let nobody ask for ``length``, those in line included; a longer pause stays."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + length)

    @asynccontextmanager
    async def turn(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn; it lasts as long as the context.

        Raises:
            RateLimited: the service is paused; ``retry_after`` says for how long.
        """
        ticket = (not urgent, next(self._numbers))
        heapq.heappush(self._line, ticket)
        try:
            await self._reach_the_front(ticket)
        except BaseException:
            self._line.remove(ticket)
            heapq.heapify(self._line)
            raise
        finally:
            await self._tell_the_line()
        try:
            yield
        finally:
            self._busy -= 1
            self._keep_distance()
            await self._tell_the_line()

    async def _reach_the_front(self, ticket: tuple[bool, int]) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._is_next(ticket))
                self._refuse_while_paused()
                wait = self._open_at - self._clock.monotonic()
                if wait <= _NO_TIME:
                    heapq.heappop(self._line)
                    self._busy += 1
                    self._keep_distance()
                    return
            await self._clock.sleep(wait)

    def _is_next(self, ticket: tuple[bool, int]) -> bool:
        return self._line[0] == ticket and self._busy < self._at_once

    def _refuse_while_paused(self) -> None:
        left = self._paused_until - self._clock.monotonic()
        if left > _NO_TIME:
            raise RateLimited(self._name, left, "the service asked for a pause")

    def _keep_distance(self) -> None:
        self._open_at = self._clock.monotonic() + self._interval

    async def _tell_the_line(self) -> None:
        async with self._changed:
            self._changed.notify_all()
