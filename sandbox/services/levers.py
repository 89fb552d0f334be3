"""Moving jobs by hand: what a test does instead of waiting.

Stands in for: nothing; real services have no levers. Each one may raise KeyError (no such job) or
ValueError (the job has already ended).
"""

import asyncio

from sandbox.services.clock import Clock
from sandbox.services.jobs import Job, Jobs
from sandbox.services.life import Phase


class Levers:
    """The hand controls of a stand-in.

    Attributes:
        jobs: every job accepted so far.
        clock: where the time comes from.
        changed: set whenever a job was made, or turned by hand.
    """

    jobs: Jobs
    clock: Clock
    changed: asyncio.Event

    def phase(self, task_id: str) -> Phase:
        """Where a job is at present."""
        return self.jobs[task_id].life.phase(self.clock())

    def begin(self, task_id: str) -> None:
        """Make a queued job run now; it ends by itself only if `finish` or `fail` says so."""
        self._turn(self.jobs[task_id], Phase.RUNNING)

    def finish(self, task_id: str) -> None:
        """Make a job be done now."""
        self._turn(self.jobs[task_id], Phase.DONE)

    def fail(self, task_id: str, message: str = "The model could not render this prompt") -> None:
        """Make a job fail now, for this reason."""
        self._turn(self.jobs[task_id], Phase.FAILED)
        self.jobs[task_id].reason = message

    def cancel(self, task_id: str) -> None:
        """Make a job be cancelled now."""
        self._turn(self.jobs[task_id], Phase.CANCELLED)

    def forget(self) -> None:
        """Restart without a memory: every job is gone, the journal stays."""
        self.jobs.clear()

    def stirred(self, job: Job) -> None:
        """Tell who waits that a job was made, or turned by hand."""
        self.changed.set()

    def _turn(self, job: Job, phase: Phase) -> None:
        job.life.turn(phase, self.clock())
        self.stirred(job)
