"""One place in time for each query: a fair line, a steady rhythm, a little credit for the hurried.

Serves the Poller's looks and cancels (step 4). Not a bucket of 60: that lets 119 through within one
minute, and a service that counts in windows would say 429. Never sleeps through a pause the service
asked for: that may be minutes, and the caller has better things to do. Never asks the wall clock:
one that is set back must not stop all looks.
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

    A turn accrues every ``interval``, from beginning to beginning: a slow query does not stretch
    the rhythm. Turns that nobody took are saved up, ``credit`` of them at most; a start and a pause
    leave none, so the first turn comes an interval after the start.

    Why AI Video Maker (1.1 s, credit 3, one at a time) never meets more than 60 in any 60 s: what
    begins within a minute was saved before it or accrued in it, 3 + 60 / 1.1 = 57 at most. A query
    begun before the minute may arrive in it, but that is one, since one is under way at a time. A
    restart takes turns away and gives none; it may leave a second and a third query on the wire.
    """

    def __init__(
        self, name: str, clock: Clock, interval: timedelta, *, credit: int = 1, at_once: int = 1
    ) -> None:
        self._name = name
        self._clock = clock
        self._interval = interval
        self._most_saved = credit * interval
        self._at_once = at_once
        self._all_saved_at = clock.monotonic() + self._most_saved
        self._paused_until = clock.monotonic()
        self._line: list[tuple[bool, int]] = []
        self._numbers = count()
        self._busy = 0
        self._changed = asyncio.Event()
        """Set, and replaced, whenever another may have become next."""

    def pause(self, length: timedelta) -> None:
        """Let nobody ask for ``length``, those in line included; a longer pause stays."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + length)
        one_saved = self._paused_until + self._most_saved - self._interval
        self._all_saved_at = max(self._all_saved_at, one_saved)

    def until_turn(self) -> timedelta:
        """Return how long one who is alone in line would wait for a turn now."""
        return max(self._until_one_is_saved(), _NO_TIME)

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
        finally:
            self._line.remove(ticket)
            heapq.heapify(self._line)
            self._tell_the_line()
        self._busy += 1
        self._take_one()
        try:
            yield
        finally:
            self._busy -= 1
            self._tell_the_line()

    async def _reach_the_front(self, ticket: tuple[bool, int]) -> None:
        while True:
            while not self._is_next(ticket):
                await self._changed.wait()
            self._refuse_while_paused()
            wait = self._until_one_is_saved()
            if wait <= _NO_TIME:
                return
            await self._clock.sleep(wait)

    def _is_next(self, ticket: tuple[bool, int]) -> bool:
        return self._line[0] == ticket and self._busy < self._at_once

    def _refuse_while_paused(self) -> None:
        left = self._paused_until - self._clock.monotonic()
        if left > _NO_TIME:
            raise RateLimited(self._name, left, "the service asked for a pause")

    def _until_one_is_saved(self) -> timedelta:
        one_saved_at = self._all_saved_at - self._most_saved + self._interval
        return one_saved_at - self._clock.monotonic()

    def _take_one(self) -> None:
        self._all_saved_at = max(self._all_saved_at, self._clock.monotonic()) + self._interval

    def _tell_the_line(self) -> None:
        """Let everybody in line look again; at once, so that nobody can be cancelled over it."""
        self._changed.set()
        self._changed = asyncio.Event()
