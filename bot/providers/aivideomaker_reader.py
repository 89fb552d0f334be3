"""Reads AI Video Maker's tasks: one by its details, or all from the list while it arrives.

Serves the looks, the search and the fetch (steps 3 to 5). Never reads more of the list than asked
for, and never believes the first "completed" without a film.
"""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from bot.clock import Clock
from bot.errors import Failure, JobNotFound, Unavailable
from bot.providers.aivideomaker_list import BrokenList, Depths, stretches
from bot.providers.aivideomaker_repeats import Repeats
from bot.providers.aivideomaker_tasks import ServiceTask, created_at, read_task
from bot.providers.base import JobStatus, Sighting
from bot.providers.doubt import Doubt
from bot.providers.reading.complaints import read_complaint
from bot.providers.reading.ids import read_id
from bot.providers.service import Service

TASKS = ("api", "v1", "tasks")


class NoList(Unavailable):
    """The service itself says that it has no list of tasks."""


class TaskReader:
    """The tasks of one key.

    It remembers, for the life of the process, which tasks lacked their film, in ``repeats`` whether
    the service shows that it keeps our idempotency keys, and in ``depths`` how its list is filled.
    """

    def __init__(self, provider: str, service: Service, clock: Clock) -> None:
        self._provider = provider
        self._service = service
        self.repeats = Repeats()
        self.depths = Depths(clock)
        self._without_film = Doubt(clock, times=3, span=timedelta(seconds=60))

    async def details(self, upstream_id: str) -> ServiceTask:
        """Return one task, paced.

        Raises:
            JobNotFound, RateLimited, Unauthorised, Unavailable.
        """
        answer = await self._service.ask("details", *TASKS, upstream_id)
        task = answer.document or {}
        if task.get("id") is None:
            # An error in the documents' envelope says FAILED too, and must not fail a job.
            words = self._service.verdicts.clean(read_complaint(task).words)
            kind = JobNotFound if "not found" in words.casefold() else Unavailable
            raise kind(self._provider, words or "the answer is no task")
        self.repeats.note_task(task)
        return task

    async def read_list(self, enough: Callable[[ServiceTask], bool]) -> None:
        """Show ``enough`` the tasks, newest first, until it says so; then hang up.

        After a hiccup the list is shown anew from its beginning.

        Raises:
            RateLimited, Unauthorised: nothing was shown.
            NoList: there is none.
            Unavailable: it broke off, or could not be had; what came before was shown.
        """
        async for attempt in self._service.attempts():
            with attempt:
                async with self._service.reading("list", *TASKS) as reply:
                    if not reply.is_success:
                        await self._refuse(reply)
                    await self._show(reply, enough)

    def read(self, upstream_id: str, task: ServiceTask) -> Sighting:
        """Return what a task shows, unjudged."""
        return read_task(upstream_id, task, self._service.verdicts)

    def judge(self, upstream_id: str, task: ServiceTask) -> Sighting:
        """Turn a task into a sighting that may be acted on: done only with a film."""
        return self.settle(self.read(upstream_id, task))

    def settle(self, sighting: Sighting) -> Sighting:
        """Turn what a task shows into what may be acted on: done only with a film."""
        upstream_id = sighting.upstream_id
        if sighting.status is not JobStatus.DONE or sighting.result_url:
            self._without_film.dispel(upstream_id)
            return sighting
        if self._without_film.confirms(upstream_id):
            return replace(sighting, status=JobStatus.FAILED, failure=Failure.NO_OUTPUT)
        return replace(sighting, status=JobStatus.RUNNING)

    def id_of(self, task: ServiceTask) -> str | None:
        """Return a listed task's id; ``None`` where it has none to speak of."""
        return read_id(task.get("id"))

    async def _refuse(self, reply: httpx.Response) -> None:
        if reply.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            raise NoList(self._provider, "there is no list")
        try:
            await self._service.refuse(reply)
        except JobNotFound as error:
            raise NoList(self._provider, error.detail) from error

    async def _show(self, reply: httpx.Response, enough: Callable[[ServiceTask], bool]) -> None:
        """Show the tasks; hang up where more would come, which closes the connection."""
        self.depths.begin()
        try:
            async with aclosing(stretches(reply)) as parts:
                async for part in parts:
                    self._service.answered()
                    self.depths.note(part)
                    if self._shown(part.tasks, enough) and not part.last:
                        return
        except BrokenList as error:
            raise Unavailable(self._provider, str(error)) from error
        self._service.answered()

    def _shown(self, tasks: Sequence[ServiceTask], enough: Callable[[ServiceTask], bool]) -> bool:
        for task in tasks:
            self.repeats.note_task(task)
            if enough(task):
                return True
        return False


def is_before(task: ServiceTask, instant: datetime) -> bool:
    """Tell whether a task was made before ``instant``, as far as it says."""
    made = created_at(task)
    return made is not None and made < instant
