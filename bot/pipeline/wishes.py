"""What members asked to cancel that the service has already: asked of it, until it is settled.

Serves step 4. A few at once, and each only now and then, so that looks go on between them. Never
decides that a job is cancelled: the service's own word does.
"""

import logging
from datetime import timedelta

from bot.clock import Clock
from bot.domain.task import TaskState
from bot.errors import JobNotFound, Unavailable
from bot.pipeline.sightings import Sightings
from bot.pipeline.watchlist import NEVER, Watchlist
from bot.providers.base import Provider
from bot.store import Watched

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=15)
AT_ONCE = 3
"""Each takes two queries of a limit that looks live on too."""


class Wishes:
    """Carries them out at one provider."""

    def __init__(
        self, provider: Provider, watchlist: Watchlist, sightings: Sightings, clock: Clock
    ) -> None:
        self._provider = provider
        self._watchlist = watchlist
        self._sightings = sightings
        self._clock = clock
        self._asked: dict[str, timedelta] = {}

    async def carry_out(self) -> timedelta:
        """Ask for the next few to be cancelled; return how long there is nothing to ask for.

        Raises:
            RateLimited, Unauthorised: nothing can be asked now.
            StoreUnavailable: what was answered could not be written down.
        """
        now = self._clock.monotonic()
        waiting = {row.id: row for row in self._watchlist.wishes if self._can_be_granted(row)}
        self._asked = {key: at for key, at in self._asked.items() if key in waiting}
        ready = [key for key in waiting if now - self._asked.get(key, now - AGAIN) >= AGAIN]
        for key in ready[:AT_ONCE]:
            self._asked[key] = now
            await self._ask(waiting[key])
        if len(ready) > AT_ONCE:
            return timedelta(0)
        return min((at + AGAIN - now for at in self._asked.values()), default=NEVER)

    def _can_be_granted(self, row: Watched) -> bool:
        return row.state is TaskState.SUBMITTED and self._provider.can_cancel

    async def _ask(self, row: Watched) -> None:
        if row.upstream_id is None:
            return
        try:
            sighting = await self._provider.cancel(row.upstream_id)
        except (JobNotFound, Unavailable) as error:
            log.warning("not cancelled yet: %s", error, extra={"task": row.id})
        else:
            await self._sightings.apply(row, sighting)
