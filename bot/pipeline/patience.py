"""Part of step 5: how long a film that does not come is hoped for.

Used by the Fetcher. No single answer ends a paid film: what a CDN says for a moment, after an hour
of other troubles as well, is not what it says for good. Kept in memory: a restart only makes us
more patient. Never asks anybody.
"""

from collections import Counter
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.task import Task
from bot.errors import AddressRefused, DownloadError, Gone, ProviderError, TooLarge, WrongContent

RETENTION = timedelta(hours=24)
"""So long the services keep a film."""
HOPELESS = (TooLarge, WrongContent, AddressRefused)
HOPELESS_TRIES = 5
"""A film that arrives broken is tried this often: it may be a passing page of a CDN."""
GONE_PATIENCE = timedelta(minutes=20)
"""A film that is said to be gone may only not be there yet, or hide behind a guard for a while."""


class Patience:
    """Remembers what each film's tries came to."""

    def __init__(self, clock: Clock, gone_patience: timedelta) -> None:
        self._clock = clock
        self._gone_patience = gone_patience
        self._failing_since: dict[str, datetime] = {}
        self._gone_since: dict[str, datetime] = {}
        self._broken: Counter[str] = Counter()

    def ends(self, task: Task, error: ProviderError | DownloadError) -> bool:
        """Take note of a try that failed; tell whether there is no hope left for another."""
        now = self._clock.now()
        failing = now - self._failing_since.setdefault(task.id, now)
        if isinstance(error, Gone):
            return now - self._gone_since.setdefault(task.id, now) >= self._gone_patience
        if isinstance(error, HOPELESS):
            self._broken[task.id] += 1
            return self._broken[task.id] > HOPELESS_TRIES
        is_old = now - (task.rendered_at or now) > RETENTION
        return is_old and failing >= self._gone_patience

    def forget(self, task: Task) -> None:
        """Forget a film that is here, or given up."""
        self._failing_since.pop(task.id, None)
        self._gone_since.pop(task.id, None)
        self._broken.pop(task.id, None)
