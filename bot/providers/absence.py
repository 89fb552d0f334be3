"""When to believe a service that says it does not know a job.

Serves the looks of both providers (step 4). A job given up by mistake is a film paid and thrown
away, and gateways answer "not found" for a whole service while it is being deployed. So:

- beside jobs that the service knows, a job is forgotten if every look for a minute says so; it
  need not be the same look that shows them, since a look may be for one job only;
- alone, with nothing to compare it to, if every look for an hour says so;
- several, and not one that is known: none is forgotten. That is the service's trouble, not theirs.

A web page is no answer at all (``reading/verdicts.py``) and never comes here. Never ends a task:
the Poller does, and it has the last word on jobs that nobody ever hears of again.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.errors import Failure, Unavailable
from bot.providers.base import JobStatus, Sighting
from bot.providers.doubt import Doubt

LATELY = timedelta(seconds=30)
"""So long it counts that the service knew a job: shorter than the minute for which another must be
missed, so that no job is given up by what the service knew before it fell into trouble."""


class Absences:
    """The jobs that one service said it does not know, for the life of the process."""

    def __init__(self, provider: str, clock: Clock) -> None:
        self._provider = provider
        self._beside_others = Doubt(clock, times=2, span=timedelta(minutes=1))
        self._alone = Doubt(clock, times=10, span=timedelta(hours=1))
        self._clock = clock
        self._knew_until = clock.monotonic()

    def judge(self, known: Collection[str], missing: Sequence[str]) -> list[Sighting]:
        """Return the jobs that are forgotten, by what one look showed.

        Args:
            known: the ids that the service knew.
            missing: the ids that it said it does not know.

        Raises:
            Unavailable: it knows none of several.
        """
        now = self._clock.monotonic()
        if known:
            self._knew_until = now + LATELY
            self._beside_others.dispel_all(known)
            self._alone.dispel_all(known)
        beside_others = now < self._knew_until
        if len(missing) > 1 and not beside_others:
            raise Unavailable(self._provider, f"it knows none of our {len(missing)} jobs")
        doubt = self._beside_others if beside_others else self._alone
        return [
            Sighting(upstream_id, JobStatus.EXPIRED, failure=Failure.FORGOTTEN)
            for upstream_id in missing
            if doubt.confirms(upstream_id)
        ]
