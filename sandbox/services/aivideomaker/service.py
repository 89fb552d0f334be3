"""The AI Video Maker stand-in, put together: keys, limits, routes.

Stands in for: `https://aivideomaker.ai`, from `aivideomaker-api` (the document) in mode "strict"
and with the extras of providers.md in mode "live". It never generates anything but test films.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from typing_extensions import override

from sandbox.services.aivideomaker.accounts import Account, Accounts
from sandbox.services.aivideomaker.extras import Extras
from sandbox.services.aivideomaker.intake import Intake
from sandbox.services.aivideomaker.limits import SlidingWindow, rate_limited
from sandbox.services.aivideomaker.live_models import LIVE
from sandbox.services.aivideomaker.lookups import Lookups
from sandbox.services.aivideomaker.models import DOCUMENTED, Model
from sandbox.services.aivideomaker.quirks import Quirks
from sandbox.services.aivideomaker.refusals import RefusedError, envelope, from_router
from sandbox.services.aivideomaker.webhooks import Webhooks
from sandbox.services.clock import Clock, utc_now
from sandbox.services.films import Films
from sandbox.services.jobs import Job
from sandbox.services.pace import Pace
from sandbox.services.stand_in import StandIn

Mode = Literal["strict", "live"]
"""Only what the document defines, or also what the live service is said to add."""

_QUERIES = ("/api/v1/tasks", "/api/v1/account")


class AiVideoMaker(StandIn):
    """AI Video Maker on loopback.

    Args:
        key: the API key that is accepted; more with `accounts.open(key, balance)`.
        pace: how long tasks take unless a scenario says otherwise.
        mode: "strict" or "live".
        queries_per_minute: GET requests per IP in any minute; None: no limit.
        creates_per_minute: POST requests per key in any minute; None: no limit.
        balance: credits the key starts with.
        quirks: what the document leaves open.
        models: what is on offer, instead of the mode's own list.
        films, port, files_port, clock: see `StandIn`.
    """

    def __init__(
        self,
        key: str = "sandbox-avm-key",
        *,
        pace: Pace | None = None,
        mode: Mode = "strict",
        queries_per_minute: int | None = 60,
        creates_per_minute: int | None = None,
        balance: int = 1_000_000,
        quirks: Quirks | None = None,
        models: Mapping[str, Model] | None = None,
        films: Films | None = None,
        port: int = 0,
        files_port: int | None = 0,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(pace=pace, films=films, port=port, files_port=files_port, clock=clock)
        self.key = key
        self.live = mode == "live"
        self.models = models or (LIVE if self.live else DOCUMENTED)
        self.quirks = quirks or Quirks()
        self.accounts = Accounts()
        self.accounts.open(key, balance)
        self.query_limit = SlidingWindow(queries_per_minute, clock)
        self.create_limit = SlidingWindow(creates_per_minute, clock)
        self.webhooks = Webhooks(self.jobs, clock)
        self._charged: Counter[str] = Counter()
        self.intake, self._lookups, self._extras = Intake(self), Lookups(self), Extras(self)

    @property
    def honours_idempotency(self) -> bool:
        """Whether a repeated `Idempotency-Key` is recognised."""
        return self.live if self.quirks.idempotency is None else self.quirks.idempotency

    @property
    def list_sizes(self) -> list[int]:
        """How many bytes of each of the last lists left before the client hung up, oldest first."""
        return list(self._lookups.listing.sizes)

    @property
    def balance(self) -> int:
        """Credits left on the first key."""
        return self.balance_of(self.key)

    def balance_of(self, key: str) -> int:
        """Credits left on a key. Raises: KeyError."""
        return self.accounts[key].balance(self.jobs.of(key), self.clock())

    def affords(self, key: str, cost: int) -> bool:
        """Whether a key's credits are enough, asked of the jobs only where it is near the end.

        Raises: KeyError.
        """
        at_least = self.accounts[key].opening - self._charged[key]  # as if nothing were refunded
        return at_least >= cost or self.balance_of(key) >= cost

    @override
    async def start(self) -> None:
        await super().start()
        self.webhooks.start()

    @override
    async def stop(self) -> None:
        await self.webhooks.stop()
        await super().stop()

    @override
    def stirred(self, job: Job) -> None:
        super().stirred(job)
        self.webhooks.watch(job)

    @override
    def adopt(self, job: Job) -> None:
        super().adopt(job)
        self.webhooks.watch(job, anew=False)

    @override
    def _take_in(self, job: Job) -> None:
        super()._take_in(job)
        self._charged[job.owner] += job.cost

    @override
    def expired(self, job: Job) -> bool:
        now = self.clock()
        return now - job.life.since(now) > self.quirks.retention

    @override
    def routes(self) -> list[web.RouteDef]:
        task = "/api/v1/tasks/{id}"
        documented = [
            web.post("/api/v1/generate/{model}", self.intake.create),
            web.get("/api/v1/tasks", self._lookups.everything, allow_head=False),
            web.get(task, self._lookups.details, allow_head=False),
            web.get(f"{task}/status", self._lookups.status, allow_head=False),
            web.put(f"{task}/cancel", self._lookups.cancel),
        ]
        extras = [
            web.get("/api/v1/account", self._extras.account, allow_head=False),
            web.post("/api/v1/quote/{model}", self._extras.quote),
        ]
        return documented + (extras if self.live else [])

    @override
    def middlewares(self) -> list[Middleware]:
        return [self._refusing, self._guarding]

    @web.middleware
    async def _refusing(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Spell every refusal, the router's included, as the document's envelope."""
        try:
            return await handler(request)
        except RefusedError as refused:
            return envelope(refused, self.quirks)
        except web.HTTPException as error:
            return envelope(from_router(error), self.quirks)

    @web.middleware
    async def _guarding(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the key before anything else, on every path; then the limits."""
        account: Account = self.accounts.check(request.headers.get("key"))
        wait = None
        if request.method == "GET" and request.path.startswith(_QUERIES):
            wait = self.query_limit.wait(request.remote or "")
        elif request.path.startswith("/api/v1/generate/"):
            wait = self.create_limit.wait(account.key)
        if wait is not None:
            raise rate_limited(wait, self.clock(), self.quirks.retry_after)
        return await handler(request)
