"""How many requests the bot makes of Discord in a second, so that Discord never has to say 429.

Serves all that the bot does in Discord unasked: films, card edits, searches, deletions. discord.py
minds the limits of single routes, since Discord names them in every answer; the one of all routes
together it only notices when it has been run into, and then everything waits, first answers too.
Never knows what a request is for.
"""

import asyncio
from collections import deque
from datetime import timedelta

from bot.clock import Clock

SECOND = timedelta(seconds=1)
FILMS = 40
"""Discord allows fifty a second. Ten are left for what is not counted here."""
EDITS = 20
"""Card edits begin only while there are fewer, so films always find room: edits yield to them."""


class Traffic:
    """One window of a second that slides; begins requests as long as it has room for them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: deque[timedelta] = deque()
        self._queues: dict[int, asyncio.Lock] = {}

    async def turn(self, most: int) -> None:
        """Wait until fewer than ``most`` requests were begun in the last second; count one more.

        Those that name the same number take their turns in the order they came.
        """
        async with self._queues.setdefault(most, asyncio.Lock()):
            while (wait := self._until_fewer(most)) > timedelta(0):
                await self._clock.sleep(wait)
            self._begun.append(self._clock.monotonic())

    def _until_fewer(self, most: int) -> timedelta:
        now = self._clock.monotonic()
        while self._begun and now - self._begun[0] >= SECOND:
            self._begun.popleft()
        if len(self._begun) < most:
            return timedelta(0)
        return self._begun[-most] + SECOND - now
