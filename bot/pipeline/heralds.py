"""Do a service's webhooks come? Then the Poller need not look so often.

Serves step 4. Believes what happened, not what was promised: trust is earned by films that a
webhook told of before a look found them, and lost with the first that none told of. What a webhook
says is never read. Never outlives the process: a new one is quick until trust is earned again.
"""

from datetime import timedelta

from bot.clock import Clock
from bot.pipeline.schedule import NEWS

EARNED_BY = 3
"""So many finished films in a row."""
KEPT_FOR = timedelta(minutes=10)
"""Long after the last one nobody knows whether webhooks still come."""
GRACE = timedelta(seconds=5)
"""So much later than our own look one may come."""


class Heralds:
    """Keeps the record of one service's webhooks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_a_row = 0
        self._last: timedelta | None = None
        self._overdue: dict[str, timedelta] = {}
        """Finished, and no webhook told of it yet: until when one may, by its secret's hash."""

    def ended(self, hook_hash: str | None, heard: timedelta | None) -> None:
        """Note a job that a look found finished, and when its webhook was last ``heard``."""
        now = self._give_up_on_missed()
        if hook_hash is None:  # it was given no address to tell
            return
        if heard is not None and now - heard <= NEWS:
            self._came(now)
        else:
            self._overdue[hook_hash] = now + GRACE

    def heard(self, hook_hash: str) -> None:
        """Note a webhook that belongs to no job under way: one that was overdue, or a stranger."""
        now = self._give_up_on_missed()
        if self._overdue.pop(hook_hash, None) is not None:
            self._came(now)

    def expects(self, hook_hash: str) -> bool:
        """Tell whether this is the secret, hashed, of one that is overdue."""
        return hook_hash in self._overdue

    @property
    def trusted(self) -> bool:
        """Tell whether webhooks come, as far as is known; not while one is overdue."""
        now = self._give_up_on_missed()
        lately = self._last is not None and now - self._last <= KEPT_FOR
        return lately and self._in_a_row >= EARNED_BY and not self._overdue

    def _came(self, now: timedelta) -> None:
        self._in_a_row += 1
        self._last = now

    def _give_up_on_missed(self) -> timedelta:
        """Begin anew where one that was overdue never came; return this instant."""
        now = self._clock.monotonic()
        waiting = {key: until for key, until in self._overdue.items() if now <= until}
        if len(waiting) < len(self._overdue):
            self._in_a_row = 0
            self._overdue = waiting
        return now
