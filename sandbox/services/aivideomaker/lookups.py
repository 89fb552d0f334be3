"""Asking about tasks, and cancelling one.

Stands in for: `GET /api/v1/tasks`, `/tasks/{taskId}`, `/tasks/{taskId}/status` and
`PUT /api/v1/tasks/{taskId}/cancel`. Another key's task does not exist.
"""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.services.aivideomaker.documents import status, task
from sandbox.services.aivideomaker.listing import Listing
from sandbox.services.aivideomaker.refusals import RefusedError, no_such_task
from sandbox.services.jobs import Job
from sandbox.services.life import Phase

if TYPE_CHECKING:
    from sandbox.services.aivideomaker.service import AiVideoMaker


class Lookups:
    """The counter where one asks after a task."""

    def __init__(self, service: "AiVideoMaker") -> None:
        self._service = service
        self.listing = Listing(service, self._document)

    async def everything(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/v1/tasks`: the key's tasks, newest first."""
        return await self.listing.answer(request)

    async def details(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/v1/tasks/{taskId}`."""
        return web.json_response(self._document(self._job(request)))

    async def status(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/v1/tasks/{taskId}/status`."""
        job = self._job(request)
        return web.json_response(status(job, job.life.phase(self._service.clock())))

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Answer `PUT /api/v1/tasks/{taskId}/cancel`: only a SUBMITTED task can be cancelled."""
        job = self._job(request)
        phase = job.life.phase(self._service.clock())
        if phase is Phase.QUEUED:
            self._service.cancel(job.id)
            phase = Phase.CANCELLED
        elif self._service.quirks.too_late != web.HTTPOk.status_code:
            message = "Task can only be cancelled in SUBMITTED status"
            raise RefusedError(self._service.quirks.too_late, None, message)
        return web.json_response({**status(job, phase), "taskId": job.id})

    def _job(self, request: web.Request) -> Job:
        job = self._service.jobs.find(request.match_info["id"], request.headers["key"])
        if job is None:
            raise no_such_task()
        return job

    def _document(self, job: Job) -> dict[str, object]:
        link = f"{self._service.files_url}/files/{job.id}.mp4"
        return task(job, self._service.clock(), link, live=self._service.live)
