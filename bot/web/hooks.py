"""A service knocks: something happened to one of its jobs. The answer behind ``/hooks/…``.

Serves step 4: a knock only wakes the Poller, which then asks the service itself. Never reads the
body, never keeps the secret (a hash finds the task), never tells a right knock from a wrong one.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import ClapboardError

log = logging.getLogger(__name__)

_LONGEST_SECRET = 200
_BURST = 30
_REFILL = timedelta(milliseconds=200)
"""One knock more every so often; what comes faster is dropped, for the Poller looks anyway."""


class Hooks:
    """Passes knocks on, not too many of them, after their visitor has been answered.

    ``wake(provider, hook_hash)`` gets the provider's name as it stood in the path and the SHA-256
    of the secret in hexadecimal digits; both are a stranger's word until a task is found by them.
    """

    def __init__(self, wake: Callable[[str, str], Awaitable[None]], clock: Clock) -> None:
        self._wake = wake
        self._clock = clock
        self._tokens = float(_BURST)
        self._counted_at: datetime | None = None
        self._waking: set[asyncio.Task[None]] = set()

    def knock(self, provider: str, secret: str) -> None:
        """Take one knock; whatever it is, nothing is told about it and nobody waits."""
        if len(secret) > _LONGEST_SECRET or not self._admitted():
            return
        task = asyncio.create_task(self._pass_on(provider, secret), name="hook")
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def settle(self) -> None:
        """Wait until every knock taken has been passed on."""
        await asyncio.gather(*self._waking)

    async def _pass_on(self, provider: str, secret: str) -> None:
        try:
            await self._wake(provider, hashlib.sha256(secret.encode()).hexdigest())
        except ClapboardError as error:
            log.warning("a webhook was not passed on: %s", error)

    def _admitted(self) -> bool:
        now = self._clock.now()
        passed = now - (self._counted_at or now)
        self._counted_at = now
        self._tokens = min(_BURST, self._tokens + max(0.0, passed / _REFILL))
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
