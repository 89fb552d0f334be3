"""One look at many of AI Video Maker's tasks, with as few queries as can be.

Serves the Poller (step 4). The list shows every task in one request, newest first; it is read only
as far back as the oldest job it is asked about. Stragglers, lonely jobs and what the list lacks are
asked by id. Never decides what a sighting means.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from heapq import nsmallest

from bot.clock import Clock
from bot.errors import JobNotFound, RateLimited, Unauthorised, Unavailable
from bot.providers.absence import Absences
from bot.providers.aivideomaker_choice import BY_ID_A_LOOK, choose
from bot.providers.aivideomaker_reader import TaskReader, is_before
from bot.providers.aivideomaker_tasks import ServiceTask
from bot.providers.base import Job, JobStatus, Sighting
from bot.providers.reading.ids import read_id
from bot.providers.send_window import EARLIER

log = logging.getLogger(__name__)

BESIDE_OTHERS = 1
"""Stragglers, and jobs that the list lacks, that one look asks for by id beside recent ones: a turn
of theirs is a turn without news of the others."""

_REMEMBERED = 1000
_NEVER = timedelta.min


class Looker:
    """Looks at jobs; remembers when it last asked for each by its id, and which were missing."""

    def __init__(self, provider: str, reader: TaskReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._absences = Absences(provider, clock)
        self._asked: dict[str, timedelta] = {}

    async def look(self, due: Sequence[Job], also: Sequence[Job]) -> Sequence[Sighting]:
        """Return what could be seen; trouble is raised only where nothing was."""
        scan = _Scan(self._reader, due, also)
        missing: list[str] = []
        try:
            await self._look(scan, missing)
        except (RateLimited, Unauthorised, Unavailable):
            if not scan.seen:
                raise
        return [*scan.seen.values(), *self._absences.judge(scan.seen, missing)]

    async def _look(self, scan: "_Scan", missing: list[str]) -> None:
        choice = choose(scan.due, self._clock.now(), self._reader.depths.bytes_to)
        listed = bool(choice.listed) and await self._read_list(scan, choice.listed)
        chosen = self._longest_unasked(choice.by_id, BY_ID_A_LOOK)
        room = BESIDE_OTHERS if listed or chosen else BY_ID_A_LOOK
        others = self._longest_unasked(scan.unseen(but=choice.by_id), room)
        for upstream_id in [*chosen, *(scan.without_film + others)[:room]]:
            await self._ask(upstream_id, scan, missing)

    async def _read_list(self, scan: "_Scan", jobs: Sequence[Job]) -> bool:
        """Tell whether the list could be read; what it did not show is asked by id."""
        scan.look_for(jobs)
        try:
            await self._reader.read_list(scan.enough)
        except Unavailable as error:
            log.debug("The list could not be read: %s", error)
            return False
        return True

    async def _ask(self, upstream_id: str, scan: "_Scan", missing: list[str]) -> None:
        self._note_asked(upstream_id)
        try:
            task = await self._reader.details(upstream_id)
        except JobNotFound:
            missing.append(upstream_id)
        else:
            scan.seen[upstream_id] = self._reader.judge(upstream_id, task)

    def _longest_unasked(self, jobs: Sequence[Job], most: int) -> list[str]:
        ids = (job.upstream_id for job in jobs)
        return nsmallest(most, ids, key=lambda upstream_id: self._asked.get(upstream_id, _NEVER))

    def _note_asked(self, upstream_id: str) -> None:
        self._asked.pop(upstream_id, None)
        self._asked[upstream_id] = self._clock.monotonic()
        if len(self._asked) > _REMEMBERED:
            del self._asked[next(iter(self._asked))]


class _Scan:
    """What one look learns, and how far it wants the list to be read."""

    def __init__(self, reader: TaskReader, due: Sequence[Job], also: Sequence[Job]) -> None:
        self.due = due
        self.seen: dict[str, Sighting] = {}
        self.without_film: list[str] = []
        """Done, says the list, and does not say where the film lies."""
        self._reader = reader
        self._also = also
        self._in_flight: frozenset[str] = frozenset()
        self._wanted: set[str] = set()
        self._oldest = datetime.max.replace(tzinfo=UTC)

    def unseen(self, *, but: Sequence[Job]) -> list[Job]:
        """Return the due jobs of which nothing was heard, without some and those without a film."""
        left_out = {*self.without_film, *(job.upstream_id for job in but)}
        unseen = [job for job in self.due if job.upstream_id not in self.seen]
        return [job for job in unseen if job.upstream_id not in left_out]

    def look_for(self, jobs: Sequence[Job]) -> None:
        """Want these jobs to be found in the list; of all others, take what comes before them."""
        self._in_flight = frozenset(job.upstream_id for job in (*self.due, *self._also))
        self._wanted = {job.upstream_id for job in jobs}
        self._oldest = min(job.submitted_at for job in jobs) - EARLIER

    def enough(self, task: ServiceTask) -> bool:
        """Take in a task of the list; tell whether no older one matters."""
        number_or_text = task.get("id")
        upstream_id = number_or_text if isinstance(number_or_text, str) else read_id(number_or_text)
        if upstream_id in self._in_flight:
            self._take(self._reader.read(upstream_id, task))
        return not self._wanted or is_before(task, self._oldest)

    def _take(self, sighting: Sighting) -> None:
        self._wanted.discard(sighting.upstream_id)
        if sighting.status is not JobStatus.DONE or sighting.result_url:
            self.seen[sighting.upstream_id] = self._reader.settle(sighting)
        elif sighting.upstream_id not in self.without_film:
            self.without_film.append(sighting.upstream_id)
