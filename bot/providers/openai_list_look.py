"""One look at many jobs of the OpenAI-style dialect by its list, where there is one.

Serves ``openai_look.py`` (step 4). A page shows a hundred jobs in one query and may begin right
before any job of ours, so a look does not depend on history, nor on how many are in flight. Never
believes a list where a question by id could tell more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter

from bot.clock import Clock
from bot.errors import Unavailable
from bot.providers.base import Job, JobStatus, Sighting
from bot.providers.openai_jobs import ServiceJob, read_job
from bot.providers.openai_list import JobList
from bot.providers.reading.ids import read_id
from bot.providers.reading.verdicts import Verdicts

FEW = 4
"""So many jobs are asked for by their ids: as quick as a page, and surer."""

_MARGIN = 4
"""Begin a page so many jobs earlier: the service may have numbered ours in another order."""

_USELESS_FOR = timedelta(minutes=1)
"""So long a list that is in trouble, or shows none of our jobs, is not looked at again."""


@dataclass(slots=True)
class Shown:
    """What some pages of the list showed."""

    seen: dict[str, Sighting] = field(default_factory=dict)
    unproven: list[str] = field(default_factory=list)
    """Jobs that seem to have come to an end, of which a question by id tells more."""
    pages: int = 0


class ListLooker:
    """Looks for jobs in the list.

    It remembers whether the list tells as much about a finished job as a question by id does.
    """

    def __init__(self, jobs: JobList, verdicts: Verdicts, clock: Clock) -> None:
        self._jobs = jobs
        self._verdicts = verdicts
        self._clock = clock
        self._useless_until = clock.monotonic()
        self._tells_all_of_films = False

    async def look(
        self, due: Sequence[Job], also: Sequence[Job], shown: Shown, *, most: int
    ) -> None:
        """Add to ``shown`` what at most so many pages tell; it ends where one tells nothing new.

        Raises:
            RateLimited, Unauthorised, Unavailable: what was shown before is in ``shown``.
        """
        useless = self._jobs.hopeless or self._clock.monotonic() < self._useless_until
        if useless or len(due) <= FEW:
            return
        line = sorted((*due, *also), key=attrgetter("submitted_at"), reverse=True)
        in_flight = {job.upstream_id for job in line}
        places = {job.upstream_id: place for place, job in enumerate(line)}
        wanted = sorted((places[job.upstream_id] for job in due), reverse=True)
        while wanted and shown.pages < most:
            begin = wanted[-1] - _MARGIN
            after = line[begin - 1].upstream_id if begin > 0 else None
            ours = self._read(await self._page(after, shown), in_flight, shown)
            if not ours:
                self._useless_until = self._clock.monotonic() + _USELESS_FOR
            found = {places[upstream_id] for upstream_id in ours}
            before, wanted = len(wanted), [place for place in wanted if place not in found]
            if len(wanted) == before:
                return

    def learn(self, retrieved: Sighting) -> None:
        """Note what a question by id told of a job that the list had shown as finished."""
        if retrieved.status is JobStatus.DONE:
            self._tells_all_of_films = retrieved.result_url is None

    async def _page(self, after: str | None, shown: Shown) -> Sequence[ServiceJob]:
        shown.pages += 1
        try:
            return (await self._jobs.page(after)).jobs
        except Unavailable:
            self._useless_until = self._clock.monotonic() + _USELESS_FOR
            raise

    def _read(self, jobs: Sequence[ServiceJob], in_flight: set[str], shown: Shown) -> list[str]:
        """Return which of our jobs are on a page."""
        ours: list[str] = []
        for job in jobs:
            upstream_id = read_id(job.get("id"))
            if upstream_id is None or upstream_id not in in_flight:
                continue
            ours.append(upstream_id)
            sighting = read_job(upstream_id, job, self._verdicts)
            if self._proves(job, sighting):
                shown.seen[upstream_id] = sighting
            elif upstream_id not in shown.unproven:
                shown.unproven.append(upstream_id)
        return ours

    def _proves(self, job: ServiceJob, sighting: Sighting) -> bool:
        match sighting.status:
            case JobStatus.WAITING | JobStatus.RUNNING:
                return True
            case JobStatus.DONE:
                return self._tells_all_of_films or sighting.result_url is not None
            case JobStatus.FAILED:
                return bool(job.get("error"))
            case _:
                return False
