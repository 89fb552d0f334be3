"""When each film is ordered and done: the script that all contenders are measured by.

Films are numbered in the order in which they are done, evenly spread with a little dice, so that no
contender's rhythm falls in with them. On average a film is ordered when the one `in_flight` places
before it is done, so there are always about as many in flight; but films of one kind take between
half and one and a half times as long. Never looks at a clock: it is told when the first one is due.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

SPREAD = 0.5
"""How much sooner or later than the average a film is ordered, as a share of its life."""
STANDING_LIFE = timedelta(minutes=4)
"""How long a film takes where they are not done one after the other."""
NEVER = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """One lane's script.

    Attributes:
        in_flight: how many films the service is at work on, at any time.
        gap: between two completions; zero: all at once; None: none is ever done.
        start: when number 0 is done; those below were done before.
        seed: of the dice.
    """

    in_flight: int
    gap: timedelta | None
    start: datetime
    seed: int = 0

    @property
    def flows(self) -> bool:
        """Whether films are done one after the other, and others ordered in their place."""
        return bool(self.gap)

    @property
    def rhythm(self) -> timedelta:
        """The time between two completions, also of the films that were done before the start."""
        return self.gap or STANDING_LIFE / max(1, self.in_flight)

    @property
    def life(self) -> timedelta:
        """How long a film takes, dice apart."""
        return self.in_flight * self.rhythm

    def ends(self, number: int) -> datetime:
        """When this film is done."""
        if number < 0 or self.flows:
            return self.start + (number + self._dice(number, "ends")) * self.rhythm
        return self.start + (NEVER if self.gap is None else timedelta(0))

    def begins(self, number: int) -> datetime:
        """When this film is ordered."""
        if number >= 0 and not self.flows:
            return self.start - (1 - SPREAD * self._dice(number, "begins")) * self.life
        sooner = 2 * self._dice(number, "begins") if self.in_flight > 1 else 1
        return self.earliest(number) + self.rhythm / 2 + SPREAD * self.life * sooner

    def earliest(self, number: int) -> datetime:
        """An instant before which neither this film nor a later one is ordered."""
        return self.start + (number - self.in_flight) * self.rhythm - SPREAD * self.life

    def _dice(self, number: int, what: str) -> float:
        return random.Random(f"{self.seed}/{number}/{what}").random()  # noqa: S311
