"""How long films take, learned from the bot's own history: for the card, and for the Poller's pace.

Serves steps 2 to 5. A model belongs to one service, so its name and the film's length say which
films are alike. Never asks about the same kind twice within a minute, however many are in flight,
and never tells people what is only reckoned from films of another length.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.store import Store

ENOUGH = 5
"""Fewer films tell nothing."""
FRESH = timedelta(minutes=1)
AT_ONCE = 5
"""Kinds learned about in one go; the others follow in the next."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How long the latest films of a kind took, from accepted to finished."""

    shortest: timedelta
    early: timedelta
    """One of ten was quicker."""
    late: timedelta
    """One of ten took longer."""
    longest: timedelta
    """But for the odd one: one of twenty took longer."""

    @classmethod
    def of(cls, times: Iterable[timedelta]) -> "Usual | None":
        """Sum up some durations, in any order; ``None``: too few."""
        line = sorted(times)
        if len(line) < ENOUGH:
            return None
        return cls(
            shortest=line[0],
            early=line[len(line) // 10],
            late=line[len(line) * 9 // 10],
            longest=line[(len(line) - 1) * 19 // 20],
        )

    def stretched(self, ratio: float) -> "Usual":
        """Return what it is, at the widest, of films that are ``ratio`` times as long as these.

        One that is twice as long takes no less time, and at most twice as much.
        """
        least, most = min(1, ratio), max(1, ratio)
        return Usual(
            self.shortest * least, self.early * least, self.late * most, self.longest * most
        )


@dataclass(slots=True, eq=False)
class Kind:
    """Films of one model and length, and what is known of them by now."""

    model: str
    duration: timedelta
    usual: Usual | None = None
    expected: Usual | None = None
    """What is usual; where that is not known, what films of another length let expect."""
    learned_at: timedelta | None = None


class Durations:
    """Learns; one for the whole bot. The catalogue bounds how many kinds there are."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kinds: dict[tuple[str, timedelta], Kind] = {}

    def kind(self, model: str, duration: timedelta) -> Kind:
        """Return the kind; the same object each time, brought up to date by ``learn``."""
        key = (model, duration)
        if key not in self._kinds:
            self._kinds[key] = Kind(model, duration)
        return self._kinds[key]

    async def learn(self, kinds: Iterable[Kind]) -> bool:
        """Bring some kinds up to date that are not; tell whether anything was read.

        Raises:
            StoreUnavailable: the history cannot be read now.
        """
        old = [kind for kind in kinds if not self._is_fresh(kind)][:AT_ONCE]
        for kind in old:
            kind.learned_at = self._clock.monotonic()
            kind.usual = await self._history(kind.model, kind.duration)
            kind.expected = kind.usual or await self._reckoned(kind)
        return bool(old)

    async def usual(self, model: str, duration: timedelta) -> Usual | None:
        """Return how long such films take; ``None``: there were too few.

        Raises:
            StoreUnavailable: the history cannot be read now.
        """
        kind = self.kind(model, duration)
        await self.learn([kind])
        return kind.usual

    async def _history(self, model: str, duration: timedelta) -> Usual | None:
        return Usual.of(await self._store.work.durations(model, duration))

    async def _reckoned(self, kind: Kind) -> Usual | None:
        """Reckon from the next shorter films of the model; without any, from the next longer."""
        for length in await self._store.work.lengths_beside(kind.model, kind.duration):
            usual = await self._history(kind.model, length)
            if usual is not None:
                return usual.stretched(kind.duration / length)
        return None

    def _is_fresh(self, kind: Kind) -> bool:
        learned_at = kind.learned_at
        return learned_at is not None and self._clock.monotonic() - learned_at <= FRESH
