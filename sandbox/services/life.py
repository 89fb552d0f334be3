"""A job's life, computed from the clock: nothing runs in the background while a job "renders".

Stands in for: the task states both documents list. The names here are ours; each service has its
own words for them. A life never moves backwards by itself, but a scripted walk may.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

Walk = Sequence[tuple[timedelta, "Phase"]]
"""When, counted from birth, each phase begins; the first entry must be at zero."""


class Phase(StrEnum):
    """Where a job is; both services know these, under different names."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self in {Phase.DONE, Phase.FAILED, Phase.CANCELLED}


class Life:
    """The phases of one job, as instants (aware UTC)."""

    def __init__(self, born: datetime, walk: Walk) -> None:
        self.born = born
        self._changes = [(born + after, phase) for after, phase in walk]

    def changes(self, now: datetime) -> list[tuple[datetime, Phase]]:
        """Every change that has happened by `now`, oldest first; never empty."""
        return [change for change in self._changes if change[0] <= now] or self._changes[:1]

    def phase(self, now: datetime) -> Phase:
        """Where the job is at `now`."""
        return self.changes(now)[-1][1]

    def since(self, now: datetime) -> datetime:
        """When the phase it is in at `now` began."""
        return self.changes(now)[-1][0]

    def next_change(self, now: datetime) -> datetime | None:
        """When something will happen next by itself, or None."""
        return next((at for at, _ in self._changes if at > now), None)

    def progress(self, now: datetime) -> float:
        """How much of the expected time has passed: 0 while queued, 1 when done."""
        phase = self.phase(now)
        if phase is not Phase.RUNNING:
            return 1.0 if phase is Phase.DONE else 0.0
        end = self.next_change(now)
        whole = (end - self.since(now)) if end else timedelta.max
        return (now - self.since(now)) / whole

    def turn(self, phase: Phase, now: datetime) -> None:
        """Make the job enter `phase` now; what was planned for later no longer happens.

        Raises:
            ValueError: the job has already ended.
        """
        if self.phase(now).final:
            raise ValueError(f"the job has already ended: {self.phase(now)}")
        self._changes = [*self.changes(now), (now, phase)]
