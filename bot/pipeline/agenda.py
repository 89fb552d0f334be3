"""Whose turn it is to be looked at, and how long it is nobody's.

Serves step 4: applies ``schedule.py`` to the watchlist. A plain walk through all entries: with ten
thousand it takes about a millisecond, and most of them are due together anyway. Never asks a
service and never moves a task.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from bot.clock import Clock
from bot.pipeline.heralds import Heralds
from bot.pipeline.schedule import NEWS, SOON, may_be_ready, rest
from bot.pipeline.watchlist import NEVER, NO_TIME, Entry, Watchlist
from bot.providers.base import Job


class Agenda:
    """Tells which entries are due; ``quick`` is the shortest rest between two looks at one."""

    def __init__(
        self, watchlist: Watchlist, heralds: Heralds, clock: Clock, *, quick: timedelta
    ) -> None:
        self._watchlist = watchlist
        self._heralds = heralds
        self._clock = clock
        self._quick = quick
        self._trusted = False

    def due(self) -> list[Entry]:
        """Return whose look is due: the hinted first, then the latest in proportion to its rest.

        In proportion: where a service cannot be asked about all of them in time, one that may be
        ready any moment is asked about more often than one that cannot be, and each has its turn.
        """
        self._heed_heralds()
        now = self._clock.monotonic()
        late: list[tuple[bool, float, Entry]] = []
        for entry in self._watchlist:
            if entry.due <= now:
                pause = self._rest(entry, now)
                entry.due = self._next(entry, pause)
                if entry.due <= now:
                    late.append((entry.hint is not None, (now - entry.seen) / pause, entry))
        late.sort(key=lambda each: each[:2], reverse=True)
        return [entry for _, _, entry in late]

    def others(self, due: Iterable[Entry]) -> list[Job]:
        """Return all jobs in sight that are not among ``due``."""
        aside = {id(entry) for entry in due}
        return [
            entry.job
            for entry in self._watchlist
            if entry.job is not None and id(entry) not in aside
        ]

    def looked(self, due: Collection[Entry], began: timedelta) -> None:
        """Note that a look which began then was to show these, and has come to an end."""
        now = self._clock.monotonic()
        for entry in due:
            entry.tried = began
            self._heed_hint(entry, began)
            entry.due = self._next(entry, self._rest(entry, now))

    def saw(self, entry: Entry, began: timedelta, *, news: bool) -> None:
        """Note that a look which began then showed this one, and whether it showed any news."""
        entry.seen = began
        self._heed_hint(entry, began)
        if news and entry.hint is None:
            entry.heard = None  # that is what it told of

    def hint(self, hook_hash: str) -> bool:
        """Take a webhook's word that there is news of a task; tell whether it is due sooner for it.

        One that is being sent is due once it can be seen.
        """
        entry, now = self._watchlist.by_hook(hook_hash), self._clock.monotonic()
        if entry is None:
            self._heralds.heard(hook_hash)
            return False
        age = self._clock.now() - entry.row.submitted_at
        at = now if may_be_ready(age, entry.kind.expected) else now + SOON
        entry.heard, before = now, entry.hint
        entry.hint = at if before is None else min(at, before)
        if entry.job is not None:
            entry.due = min(entry.due, entry.hint)
        return entry.hint != before

    def knows(self, hook_hash: str) -> bool:
        """Tell whether a webhook with this secret, hashed, can be one that we wait for."""
        return self._watchlist.by_hook(hook_hash) is not None or self._heralds.expects(hook_hash)

    def reconsider(self) -> None:
        """Work out anew when each is due: what that depends on has changed."""
        now = self._clock.monotonic()
        for entry in self._watchlist:
            if entry.job is not None:
                entry.due = now

    def until_next(self) -> timedelta:
        """Return how long nobody is due; zero where somebody is."""
        self._heed_heralds()
        return max(self._first() - self._clock.monotonic(), NO_TIME)

    @property
    def lag(self) -> timedelta:
        """How late the most overdue look is."""
        now, first = self._clock.monotonic(), self._first()
        return now - first if first < now else NO_TIME  # nothing can be taken from NEVER

    def _first(self) -> timedelta:
        return min((entry.due for entry in self._watchlist), default=NEVER)

    def _heed_heralds(self) -> None:
        if self._heralds.trusted is not self._trusted:
            self._trusted = not self._trusted
            self.reconsider()

    def _rest(self, entry: Entry, now: timedelta) -> timedelta:
        age = self._clock.now() - entry.row.submitted_at - (now - entry.seen)
        waited_for = entry.heard is not None and now - entry.heard <= NEWS
        heralded = self._trusted and not waited_for
        return rest(age, entry.kind.expected, quick=self._quick, heralded=heralded)

    def _next(self, entry: Entry, pause: timedelta) -> timedelta:
        due = entry.seen + pause
        if entry.tried is not None:
            due = max(due, entry.tried + self._quick)
        return due if entry.hint is None else min(due, entry.hint)

    def _heed_hint(self, entry: Entry, began: timedelta) -> None:
        """Forget the hint, unless it came while the look was under way or is still to be heeded.

        A look need not have room for all whose webhooks came: who was not seen is hinted again.
        """
        if entry.hint is None or entry.heard is None or entry.heard > began:
            return
        if entry.seen == began or began - entry.heard > NEWS:
            entry.hint = None
        else:
            entry.hint = began + self._quick
