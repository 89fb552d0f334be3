"""What both stand-ins share: two origins on loopback, jobs with lives, scripts, faults, a journal.

Stands in for: a video service as such, without any dialect; the two subclasses speak one each.
It never imports the bot, never reaches beyond loopback, and runs no task per job.
"""

import asyncio
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.services.clock import Clock, utc_now
from sandbox.services.faults import Faults
from sandbox.services.files import FilesOrigin, not_found, whole_or_part
from sandbox.services.films import Films
from sandbox.services.jobs import Create, Job, Jobs
from sandbox.services.journal import Journal, Seen
from sandbox.services.levers import Levers
from sandbox.services.life import Phase
from sandbox.services.listener import Listener, application
from sandbox.services.pace import Pace
from sandbox.services.scenario import Scenario
from sandbox.services.script import Script

FILMS = "/files/{name:.+}"


class StandIn(Levers):
    """A video service on loopback.

    Args:
        pace: how long jobs take unless a scenario says otherwise.
        films: a studio to share; without one the service has its own.
        port: the API's port; 0 takes a free one.
        files_port: the CDN-like origin's port; 0 takes a free one, None keeps films on the API's
            own origin (a bot that refuses private addresses trusts no other one on loopback).
        clock: where the time comes from.
    """

    def __init__(
        self,
        *,
        pace: Pace | None = None,
        films: Films | None = None,
        port: int = 0,
        files_port: int | None = 0,
        clock: Clock = utc_now,
    ) -> None:
        self.pace = pace or Pace()
        self.clock = clock
        self.films = films or Films()
        self._owns_films = films is None
        self.jobs = Jobs()
        self.creates: list[Create] = []
        """The accepted creates, in order."""
        self.faults = Faults()
        """Rules for the API origin."""
        self.file_faults = Faults()
        """Rules for the CDN-like origin."""
        self.changed = asyncio.Event()
        self.files = FilesOrigin()
        self._scenarios = Script()
        self._journal, self._file_journal = Journal(clock), Journal(clock)
        self._api = Listener(self._api_application, port)
        self._cdn = None if files_port is None else Listener(self._cdn_application, files_port)

    @property
    def url(self) -> str:
        """The API's origin, without a slash at the end."""
        return self._api.url

    @property
    def files_url(self) -> str:
        """The origin that films lie on, without a slash at the end."""
        return (self._cdn or self._api).url

    @property
    def requests(self) -> list[Seen]:
        """What the API received, oldest first."""
        return self._journal.requests

    @property
    def file_requests(self) -> list[Seen]:
        """What the CDN-like origin received, oldest first."""
        return self._file_journal.requests

    def count(self, method: str, path: str = "*") -> int:
        """How many API requests had this method and a path like this pattern."""
        paths = (seen.path for seen in self.requests if seen.method == method)
        return sum(fnmatchcase(seen, path) for seen in paths)

    async def start(self) -> None:
        """Listen on both origins.

        Raises:
            OSError: a fixed port is taken.
        """
        if self._cdn is not None:
            await self._cdn.start()
        await self._api.start()

    async def stop(self) -> None:
        """Stop listening; requests still waiting are given up."""
        await self._api.stop()
        if self._cdn is not None:
            await self._cdn.stop()
        if self._owns_films:
            self.films.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def script(self, scenario: Scenario, *, matching: str | None = None) -> None:
        """Decide the next create's fate, or that of every prompt that contains `matching`."""
        self._scenarios.add(scenario, matching)

    def routes(self) -> list[web.RouteDef]:
        """The API's routes; a dialect names its own."""
        raise NotImplementedError

    def middlewares(self) -> list[Middleware]:
        """What stands between the faults and the routes; a dialect names its own."""
        raise NotImplementedError

    def fate(self, prompt: str) -> Scenario:
        """Take the scenario of a create that is about to be accepted."""
        return self._scenarios.choose(prompt)

    def accept(self, job: Job) -> None:
        """Take a job in and publish the place where its film will be."""
        self._take_in(job)
        self.creates.append(job.create)
        self.stirred(job)

    def adopt(self, job: Job) -> None:
        """Take in a job that was made before this service was started."""
        self._take_in(job)

    def _take_in(self, job: Job) -> None:
        job.reason = job.scenario.fails
        self.jobs.add(job)

        async def film(request: web.Request) -> web.StreamResponse:
            return await self.film_answer(request, job)

        self.files.publish(f"{job.id}.mp4", film)

    async def film_answer(self, request: web.Request, job: Job) -> web.StreamResponse:
        """Answer with a job's film, misbehaving where its scenario says so."""

        async def proceed() -> web.StreamResponse:
            if job.life.phase(self.clock()) is not Phase.DONE or self.expired(job):
                return not_found()
            return whole_or_part(request, await self.film(job))

        action = job.scenario.file
        return await (action(request, proceed) if action else proceed())

    async def film(self, job: Job) -> bytes:
        """Return the MP4 a job ends in."""
        if job.scenario.film is not None:
            return job.scenario.film
        return await self.films.film(job.film, job.scenario.film_bytes)

    def expired(self, job: Job) -> bool:
        """Whether a job's film is no longer kept; a dialect knows how long it is."""
        raise NotImplementedError

    def _api_application(self) -> web.Application:
        own = (self._journal.middleware, self.faults.middleware, *self.middlewares())
        app = application(self._films_first, *own)
        app.add_routes(self.routes())
        if self._cdn is None:
            app.router.add_get(FILMS, self.files.serve)
        return app

    @web.middleware
    async def _films_first(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hand out films that lie on the API's own origin as the other origin does: keyless."""
        if "name" not in request.match_info:
            return await handler(request)

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.file_faults.middleware(request, self.files.serve)

        return await self._file_journal.middleware(request, serve)

    def _cdn_application(self) -> web.Application:
        app = application(self._file_journal.middleware, self.file_faults.middleware)
        app.router.add_get(FILMS, self.files.serve)
        return app
