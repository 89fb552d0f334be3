"""One look at many of AI Video Maker's tasks, with as few queries as can be.

Serves the Poller (step 4). The list shows every task in one request, newest first; it is read only
as far back as the oldest recent job. Stragglers, lonely jobs and what the list lacks are asked by
id. Never decides what a sighting means.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import JobNotFound, RateLimited, Unauthorised, Unavailable
from bot.providers.absence import Absences
from bot.providers.aivideomaker_reader import TaskReader, is_before
from bot.providers.aivideomaker_tasks import ServiceTask
from bot.providers.base import Job, JobStatus, Sighting
from bot.providers.send_window import EARLIER

log = logging.getLogger(__name__)

STRAGGLER = timedelta(minutes=45)
"""From this age on a job is asked by id: the list need not be read that far back."""

BY_ID_A_LOOK = 10
"""Queries by id in one look at most, so that a look ends; the longest unasked come first."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Looker:
    """Looks at jobs; remembers when it last asked for each by its id, and which were missing."""

    def __init__(self, provider: str, reader: TaskReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._absences = Absences(provider, clock)
        self._asked: dict[str, datetime] = {}

    async def look(self, jobs: Sequence[Job]) -> Sequence[Sighting]:
        """Return what could be seen; trouble is raised only where nothing was."""
        seen: dict[str, Sighting] = {}
        missing: list[str] = []
        try:
            await self._look_at_list(jobs, seen)
            await self._look_by_id(jobs, seen, missing)
        except (RateLimited, Unauthorised, Unavailable):
            if not seen:
                raise
        return [*seen.values(), *self._absences.judge(seen, missing)]

    async def _look_at_list(self, jobs: Sequence[Job], seen: dict[str, Sighting]) -> None:
        now = self._clock.now()
        recent = [job for job in jobs if now - job.submitted_at < STRAGGLER]
        if len(recent) <= 1:  # a lonely job does not need the whole list
            return
        for upstream_id, task in (await self._listed(recent)).items():
            sighting = self._reader.read(upstream_id, task)
            if sighting.status is not JobStatus.DONE or sighting.result_url:
                seen[upstream_id] = self._reader.judge(upstream_id, task)

    async def _look_by_id(
        self, jobs: Sequence[Job], seen: dict[str, Sighting], missing: list[str]
    ) -> None:
        for upstream_id in self._longest_unasked(jobs, seen):
            self._asked[upstream_id] = self._clock.now()
            try:
                task = await self._reader.details(upstream_id)
            except JobNotFound:
                missing.append(upstream_id)
            else:
                seen[upstream_id] = self._reader.judge(upstream_id, task)

    async def _listed(self, jobs: Sequence[Job]) -> Mapping[str, ServiceTask]:
        wanted = {job.upstream_id for job in jobs}
        oldest = min(job.submitted_at for job in jobs) - EARLIER
        found: dict[str, ServiceTask] = {}

        def enough(task: ServiceTask) -> bool:
            upstream_id = self._reader.id_of(task)
            if upstream_id in wanted:
                found[upstream_id] = task
            return len(found) == len(wanted) or is_before(task, oldest)

        try:
            await self._reader.read_list(enough)
        except Unavailable as error:  # what it did not show is asked by id
            log.debug("The list could not be read: %s", error)
        return found

    def _longest_unasked(self, jobs: Sequence[Job], seen: Mapping[str, Sighting]) -> Sequence[str]:
        ids = {job.upstream_id for job in jobs}
        self._asked = {key: at for key, at in self._asked.items() if key in ids}
        unseen = [job.upstream_id for job in jobs if job.upstream_id not in seen]
        return sorted(unseen, key=lambda key: self._asked.get(key, _NEVER))[:BY_ID_A_LOOK]
