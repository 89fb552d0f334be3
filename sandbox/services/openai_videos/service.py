"""The OpenAI-style stand-in, put together: token check, routes, dialect.

Stands in for: `https://maas.apigo.ai` from `apigo-openai-videos` (the document) in mode "strict";
OpenAI's own service and self-hosted servers in the other modes. It never generates anything but
test films, and counts no credits: the document names no prices.
"""

from collections.abc import Sequence
from typing import Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from typing_extensions import override

from sandbox.services.clock import Clock, utc_now
from sandbox.services.films import Films
from sandbox.services.jobs import Job
from sandbox.services.openai_videos.dialects import DIALECTS, Dialect, Mode
from sandbox.services.openai_videos.documents import video
from sandbox.services.openai_videos.intake import Intake
from sandbox.services.openai_videos.lookups import Lookups
from sandbox.services.openai_videos.problems import ProblemError, answer, wrong_key
from sandbox.services.pace import Pace
from sandbox.services.stand_in import StandIn


class OpenAiVideos(StandIn):
    """An OpenAI-style video service on loopback.

    Args:
        key: the bearer token that is accepted; more with `keys.add(...)`.
        pace: how long jobs take unless a scenario says otherwise.
        mode: "strict" (the document), "openai", "vllm", "sglang", or a `Dialect` of your own.
        models: the models on offer; None: any name.
        unknown_model: the HTTP status for any other model.
        films, port, files_port, clock: see `StandIn`.
    """

    def __init__(
        self,
        key: str = "sandbox-apigo-key",
        *,
        pace: Pace | None = None,
        mode: Mode | Dialect = "strict",
        models: Sequence[str] | None = ("sora-2",),
        unknown_model: Literal[400, 404, 410] = 404,
        films: Films | None = None,
        port: int = 0,
        files_port: int | None = 0,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(pace=pace, films=films, port=port, files_port=files_port, clock=clock)
        self.keys = {key}
        self.dialect = mode if isinstance(mode, Dialect) else DIALECTS[mode]
        self.models = models
        self.unknown_model = unknown_model
        self._intake, self._lookups = Intake(self), Lookups(self)

    def document(self, job: Job) -> dict[str, object]:
        """Spell a job as it is now."""
        return video(job, self.clock(), self.dialect)

    @override
    def expired(self, job: Job) -> bool:
        lives = job.scenario.expires
        return lives is not None and self.clock() > job.create.at + lives

    @override
    def routes(self) -> list[web.RouteDef]:
        routes = [
            web.post("/v1/videos", self._intake.create),
            web.get("/v1/videos/{id}", self._lookups.details, allow_head=False),
            web.get("/v1/videos/{id}/content", self._lookups.content),
        ]
        if self.dialect.lists:
            routes.append(web.get("/v1/videos", self._lookups.everything, allow_head=False))
        if self.dialect.deletes != "no":
            routes.append(web.delete("/v1/videos/{id}", self._lookups.delete))
        return routes

    @override
    def middlewares(self) -> list[Middleware]:
        return [self._refusing, self._guarding]

    @web.middleware
    async def _refusing(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Spell every refusal, the router's included, in the dialect's envelope."""
        try:
            return await handler(request)
        except ProblemError as problem:
            return answer(problem, self.dialect)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            unknown = f"Invalid URL ({request.method} {request.path})"
            return answer(ProblemError(404, unknown), self.dialect)

    @web.middleware
    async def _guarding(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the bearer token before anything else, on every path."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.keys:
            raise wrong_key()
        return await handler(request)
