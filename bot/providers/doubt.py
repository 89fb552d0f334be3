"""A small memory for answers that must not be believed the first time.

Serves the looks (step 4): a job unknown right after its create may be a replica that lags; a job
completed without a film may only be late in saying where it lies. Never outlives the process: after
a restart a doubt begins anew, which costs a minute and loses nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock

_FORGET_AFTER = timedelta(days=1)


@dataclass(slots=True)
class _Oddity:
    first: timedelta
    last: timedelta
    times: int


class Doubt:
    """Believes an oddity once it was met ``times`` times over at least ``span``."""

    def __init__(self, clock: Clock, *, times: int, span: timedelta) -> None:
        self._clock = clock
        self._times = times
        self._span = span
        self._oddities: dict[str, _Oddity] = {}

    def confirms(self, subject: str) -> bool:
        """Note that the oddity was met again; tell whether it can be believed by now."""
        now = self._clock.monotonic()
        self._forget_old(now)
        oddity = self._oddities.setdefault(subject, _Oddity(now, now, 0))
        oddity.times += 1
        oddity.last = now
        return oddity.times >= self._times and now - oddity.first >= self._span

    def dispel(self, subject: str) -> None:
        """Forget the doubt: the subject was seen as it should be."""
        self._oddities.pop(subject, None)

    def dispel_all(self, subjects: Collection[str]) -> None:
        """Forget the doubts about all of these, however many they are."""
        for subject in [key for key in self._oddities if key in subjects]:
            del self._oddities[subject]

    def _forget_old(self, now: timedelta) -> None:
        old = [key for key, odd in self._oddities.items() if now - odd.last > _FORGET_AFTER]
        for key in old:
            del self._oddities[key]
