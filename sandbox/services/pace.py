"""How fast a stand-in works: two durations per job, or "until I say so".

Stands in for: the minutes the real services take, which nobody wants to wait for in a test.
"""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.services.life import Phase, Walk

FOREVER = timedelta(days=36_500)
"""Longer than any test: a phase this long ends only when somebody ends it."""


@dataclass(frozen=True)
class Pace:
    """How long a job stays queued, then runs.

    Attributes:
        queued: from accepted to running; `FOREVER` keeps it in the queue until `begin()`.
        running: from running to the end.
        hold: run until `finish()` or `fail()` says so, whatever `running` is.
    """

    queued: timedelta = timedelta(seconds=1)
    running: timedelta = timedelta(seconds=2)
    hold: bool = False

    def walk(self, end: Phase = Phase.DONE) -> Walk:
        """Spell the pace out as a walk that ends in `end`."""
        running = FOREVER if self.hold else self.running
        start = (timedelta(0), Phase.QUEUED)
        return (start, (self.queued, Phase.RUNNING), (self.queued + running, end))
