"""Asking about jobs, fetching a film, and where the dialect has them: list and delete.

Stands in for: `GET /v1/videos/{id}`, `/content`, and OpenAI's `GET /v1/videos`, `DELETE`.
"""

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from sandbox.services.jobs import Job
from sandbox.services.life import Phase
from sandbox.services.openai_videos.problems import ProblemError, invalid, no_such_video

if TYPE_CHECKING:
    from sandbox.services.openai_videos.service import OpenAiVideos

_DEFAULT_LIMIT, _MOST = 20, 100


class Lookups:
    """The counter where one asks after a job."""

    def __init__(self, service: "OpenAiVideos") -> None:
        self._service = service

    async def details(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /v1/videos/{id}`; vLLM answers a failed job with an error status."""
        job = self._job(request)
        failed = job.life.phase(self._service.clock()) is Phase.FAILED
        status = self._service.dialect.failed_status if failed else web.HTTPOk.status_code
        return web.json_response(self._service.document(job), status=status)

    async def content(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /v1/videos/{id}/content`."""
        job = self._job(request)
        if request.query.get("variant", "video") != "video":
            raise invalid("variant", f"Unknown variant: '{request.query['variant']}'")
        if job.life.phase(self._service.clock()) is not Phase.DONE:
            raise ProblemError(404, "Video is not ready yet", "video_not_ready")
        if self._service.expired(job):
            raise ProblemError(404, "Video has expired", "video_expired")
        if job.still_late("content", job.scenario.content_late):
            raise ProblemError(404, "Video content is still in progress", "video_not_ready")
        return await self._content(request, job)

    async def everything(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /v1/videos?after=&limit=&order=`."""
        jobs = self._service.jobs.of(request.headers["Authorization"])
        if request.query.get("order", "desc") != "asc":
            jobs.reverse()
        later, limit = _after(jobs, request.query.get("after")), _limit(request)
        page = later[:limit]
        document = {
            "object": "list",
            "data": [self._service.document(job) for job in page],
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
            "has_more": len(later) > len(page),
        }
        return web.json_response(document)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Answer `DELETE /v1/videos/{id}`: OpenAI takes finished jobs only, vLLM aborts others."""
        job = self._job(request)
        running = not job.life.phase(self._service.clock()).final
        if running and self._service.dialect.deletes == "finished":
            raise ProblemError(409, "Only completed or failed videos can be deleted")
        self._service.jobs.remove(job)
        return web.json_response({"id": job.id, "object": "video.deleted", "deleted": True})

    async def _content(self, request: web.Request, job: Job) -> web.StreamResponse:
        signature = secrets.token_hex(8)
        link = f"{self._service.files_url}/files/{quote(job.id, safe='')}.mp4?sig={signature}"
        match job.scenario.content:
            case "redirect":
                return web.Response(status=302, headers={"Location": link})
            case "json":
                return web.json_response({"url": link})
            case "url in error":
                raise ProblemError(400, f"Video has been uploaded to cloud storage: {link}")
            case "bytes":
                return await self._service.film_answer(request, job)

    def _job(self, request: web.Request) -> Job:
        owner = request.headers["Authorization"]
        job = self._service.jobs.find(request.match_info["id"], owner)
        if job is None:
            raise no_such_video()
        return job


def _after(jobs: list[Job], last: str | None) -> list[Job]:
    if last is None:
        return jobs
    place = next((number for number, job in enumerate(jobs) if job.id == last), None)
    if place is None:
        raise invalid("after", "No such video")
    return jobs[place + 1 :]


def _limit(request: web.Request) -> int:
    text = request.query.get("limit", str(_DEFAULT_LIMIT))
    if not text.isdigit() or int(text) > _MOST:
        raise invalid("limit", "'limit' must be 0 to 100")
    return int(text)
