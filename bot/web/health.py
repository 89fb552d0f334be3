"""Is the bot well? The answer behind ``/healthz``.

For whoever restarts or watches the process. Never asks a video service anything, and never calls
the bot unwell because a service is: restarting the bot would not mend that.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.errors import ClapboardError


class Health:
    """Asks the parts when asked.

    Args:
        connected: whether the gateway connection stands.
        ping: asks the database for a sign of life; raises a ``ClapboardError`` without one.
        last_good_answers: for each provider, when it last answered sensibly, ``None``: not yet.
        clock: tells how long ago that was.
    """

    def __init__(
        self,
        *,
        connected: Callable[[], bool],
        ping: Callable[[], Awaitable[None]],
        last_good_answers: Mapping[str, Callable[[], datetime | None]],
        clock: Clock,
    ) -> None:
        self._connected = connected
        self._ping = ping
        self._last_good_answers = last_good_answers
        self._clock = clock

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Return whether the bot is well, and the JSON that says so part by part."""
        wrong = []
        if not self._connected():
            wrong.append("gateway: not connected to Discord")
        try:
            await self._ping()
        except ClapboardError as error:
            wrong.append(f"database: {error}")
        return not wrong, {
            "healthy": not wrong,
            "wrong": wrong,
            "providers": {name: self._of(last()) for name, last in self._last_good_answers.items()},
        }

    def _of(self, last: datetime | None) -> dict[str, Any]:
        if last is None:
            return {"last_good_answer": None, "age_seconds": None}
        age = (self._clock.now() - last).total_seconds()
        return {"last_good_answer": last.isoformat(), "age_seconds": round(age, 1)}
