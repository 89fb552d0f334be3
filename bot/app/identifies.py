"""How often we begin a session at Discord's gateway: counted across restarts, and paced.

Runs beside the whole story. Discord allows a thousand IDENTIFYs a day and takes the token away from
who sends more; a container that crashes and is started again all night would. Never lets a day see
more than 780: 300 cost no wait, those beyond come three minutes apart (480 a day).
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import Clock

log = logging.getLogger(__name__)

FILE = "identifies.txt"
DAY = timedelta(days=1)
DISCORDS_LIMIT = 1000
"""In 24 hours."""
FREE = 300
"""So many in any 24 hours cost no wait."""
APART = timedelta(minutes=3)
"""Between two beyond that."""
RESERVE = 100
"""Of what Discord says is left to the token, so much is left alone: others may use it too."""


class Identifies:
    """The IDENTIFYs of the last day, in a small file with an instant on each line."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._latest: list[datetime] | None = None

    async def turn(self) -> None:
        """Wait, however long, until another session may be begun."""
        while pause := await self._pause():
            self._tell(pause)
            await self._clock.sleep(pause)

    async def turn_as_discord_says(self, remaining: int, reset_after: timedelta) -> None:
        """Wait until Discord's own count begins anew, where only the reserve is left of it."""
        if remaining < RESERVE and reset_after > timedelta(0):
            log.error(
                "Discord lets this token begin only %d more sessions before it is reset; connecting"
                " in %s: find out what else uses the token, or what restarts the bot so often",
                remaining,
                _rounded(reset_after),
            )
            await self._clock.sleep(reset_after)

    async def count(self) -> None:
        """Write down one that is about to be sent."""
        latest = await self._of_the_last_day()
        latest.append(self._clock.now())
        await asyncio.to_thread(self._write, latest)

    async def _pause(self) -> timedelta:
        latest, now = await self._of_the_last_day(), self._clock.now()
        last = max((instant for instant in latest if instant <= now), default=None)
        if len(latest) < FREE or last is None:  # (a clock that was set back has only later ones)
            return timedelta(0)
        return max(timedelta(0), last + APART - now)

    async def _of_the_last_day(self) -> list[datetime]:
        if self._latest is None:
            self._latest = await asyncio.to_thread(self._read)
        now = self._clock.now()  # may have been set back or forward meanwhile
        self._latest = [instant for instant in self._latest if abs(now - instant) < DAY]
        return self._latest

    def _tell(self, pause: timedelta) -> None:
        log.error(
            "%d sessions were begun in a day, and Discord resets the token of who begins %d: the "
            "next one in %s; find out what restarts or disconnects the bot so often",
            len(self._latest or ()),
            DISCORDS_LIMIT,
            _rounded(pause),
        )

    def _read(self) -> list[datetime]:
        try:
            lines = self._path.read_text("ascii").splitlines()
            return [datetime.fromisoformat(line).astimezone(UTC) for line in lines]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read (%s); counting anew", self._path, error)
            return []

    def _write(self, latest: list[datetime]) -> None:
        part = self._path.with_suffix(".part")
        try:
            part.write_text("".join(f"{instant.isoformat()}\n" for instant in latest), "ascii")
            part.replace(self._path)
        except OSError as error:  # the bot is of more use than its count
            log.warning("%s cannot be written (%s)", self._path, error)


def _rounded(duration: timedelta) -> timedelta:
    return timedelta(seconds=round(duration.total_seconds()))
