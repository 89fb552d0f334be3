"""The jobs a stand-in has accepted: what was asked, whose it is, what becomes of it.

Stands in for: the services' job tables. It never forgets by itself; `clear()` is a restart of a
server that kept its jobs in memory.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from multidict import CIMultiDictProxy

from sandbox.services.films import FilmOrder
from sandbox.services.life import Life
from sandbox.services.scenario import Scenario


@dataclass(frozen=True)
class Create:
    """A create as the service accepted it.

    Attributes:
        id: the job's id.
        model: as asked for.
        fields: the JSON body, or the form's text fields.
        headers: as received, keys included.
        at: when it was accepted (aware UTC).
        picture: the picture input's bytes, decoded from whatever they came in, or None.
    """

    id: str
    model: str
    fields: Mapping[str, object]
    headers: CIMultiDictProxy[str]
    at: datetime
    picture: bytes | None


@dataclass
class Job:
    """One job.

    Attributes:
        owner: the key it was made with; other keys cannot see it.
        said: the input as the service repeats it.
        cost: credits charged.
        reason: why it failed, once it has.
        looks: how often something was asked since it was done, by what was asked.
    """

    create: Create
    life: Life
    scenario: Scenario
    film: FilmOrder
    owner: str
    said: Mapping[str, object]
    cost: int = 0
    reason: str | None = None
    looks: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        """The job's id."""
        return self.create.id

    def still_late(self, what: str, looks: int) -> bool:
        """Count a look at `what`; True for the first `looks` of them."""
        self.looks[what] += 1
        return self.looks[what] <= looks


class Jobs:
    """All jobs."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """Remember a job."""
        self._jobs[job.id] = job

    def __getitem__(self, task_id: str) -> Job:
        return self._jobs[task_id]

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def of(self, owner: str) -> list[Job]:
        """One key's jobs, oldest first."""
        owned = (job for job in self if job.owner == owner)
        return sorted(owned, key=lambda job: job.create.at)  # adopted ones come in any order

    def find(self, task_id: str, owner: str) -> Job | None:
        """One key's job; None for an unknown id and for somebody else's."""
        job = self._jobs.get(task_id)
        return job if job is not None and job.owner == owner else None

    def remove(self, job: Job) -> None:
        """Forget one job. Raises: KeyError."""
        del self._jobs[job.id]

    def clear(self) -> None:
        """Forget every job."""
        self._jobs.clear()
