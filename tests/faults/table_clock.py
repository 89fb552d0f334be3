"""Time for the fault table: a world whose hours can pass in a second, and a bot's clock on it.

The services live in the world's time. The bot's clock hangs on it and can be wrong, and can sleep
with its machine. Discord's own time stays real: message ids are made by it.
"""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class Earth:
    """True time, at a rate of one's choosing; whoever sleeps in it wakes in time."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._past = timedelta(0)
        self._since = time.monotonic()
        self._rate = 1.0
        self._changed = asyncio.Event()

    @property
    def elapsed(self) -> timedelta:
        """How much time has passed."""
        return self._past + timedelta(seconds=(time.monotonic() - self._since) * self._rate)

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return self._began + self.elapsed

    def hurry(self, rate: float) -> None:
        """Let a second of the machine be ``rate`` seconds from now on."""
        self._past, self._since = self.elapsed, time.monotonic()
        self._rate = rate
        self.ring()

    def skip(self, length: timedelta) -> None:
        """Let so much time pass at once."""
        self._past += length
        self.ring()

    def ring(self) -> None:
        """Let those who sleep look at their clocks again."""
        rung, self._changed = self._changed, asyncio.Event()
        rung.set()

    async def wait(self, length: timedelta) -> None:
        """Return after ``length`` or at the next change of time, whatever comes first."""
        with suppress(TimeoutError):
            seconds = length.total_seconds() / self._rate
            await asyncio.wait_for(self._changed.wait(), seconds)


class BotClock:
    """The clock of the bot's machine."""

    def __init__(self, earth: Earth) -> None:
        self._earth = earth
        self._wrong_by = timedelta(0)
        self._asleep = timedelta(0)

    def now(self) -> datetime:
        """Return this instant as the machine believes it, aware, in UTC."""
        return self._earth.now() + self._wrong_by

    def monotonic(self) -> timedelta:
        """Return the time that the machine was awake; setting its clock changes nothing."""
        return self._earth.elapsed - self._asleep

    async def sleep(self, duration: timedelta) -> None:
        """Let ``duration`` pass while the machine is awake."""
        end = self.monotonic() + duration
        await asyncio.sleep(0)
        while (left := end - self.monotonic()) > timedelta(0):
            await self._earth.wait(left)

    def set_wrong(self, by: timedelta) -> None:
        """Set the clock forward, or back."""
        self._wrong_by += by

    def lid_closed(self, length: timedelta) -> None:
        """Sleep so long with the machine: the world goes on, nobody here notices."""
        self._asleep += length
        self._earth.skip(length)
