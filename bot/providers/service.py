"""The HTTP conversation with one service: its address, its key, its pace, its last good answer.

Serves both providers (steps 3 to 5), which know the routes and what the answers mean. Never repeats
a POST, never shows the key to another origin, and never logs an address's query or a secret.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import stamina

from bot.clock import Clock
from bot.errors import BrokenInvariant, OutcomeUnknown, ProviderError, RateLimited, Unavailable
from bot.providers.account import Account
from bot.providers.pacer import Pacer
from bot.providers.query_hook import QueryHook, counted, nobody
from bot.providers.reading.answers import Answer, read_answer
from bot.providers.reading.verdicts import Hiccup, Verdicts

log = logging.getLogger(__name__)

_QUERY_DEADLINE = timedelta(seconds=90)
_CREATE_DEADLINE = timedelta(minutes=3)


class Service:
    """Asks one service's routes, paced, and turns what goes wrong into our errors."""

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        clock: Clock,
        pacer: Pacer,
        on_query: QueryHook | None = None,
    ) -> None:
        self._account = account
        self._base = account.url.rstrip("/")
        self._http = http
        self._clock = clock
        self._pacer = pacer
        self._on_query = on_query or nobody
        self.verdicts = Verdicts(account.name, (account.key,))
        self.last_good_answer: datetime | None = None

    @property
    def auth(self) -> Mapping[str, str]:
        """The headers that carry the key; for the service's own origin only."""
        return self._account.auth

    def path(self, *parts: str) -> str:
        """Return an address below the service's, each part percent-encoded."""
        return "/".join([self._base, *(quote(part, safe="") for part in parts)])

    def until_turn(self) -> timedelta:
        """Return how long a query would wait for its turn if it were asked for now."""
        return self._pacer.until_turn()

    async def create(self, *parts: str, **request: Any) -> Answer:
        """Send a create, exactly once.

        Args:
            parts: the route.
            request: the body and further headers, as httpx takes them.

        Raises:
            NotSent, OutcomeUnknown, Declined, RateLimited, Unauthorised.
        """
        headers = {**self._account.auth, **request.pop("headers", {})}
        with self._counted("create"):
            try:
                async with asyncio.timeout(_CREATE_DEADLINE.total_seconds()):
                    url = self.path(*parts)
                    async with self._http.stream("POST", url, headers=headers, **request) as reply:
                        answer = await read_answer(reply)
            except httpx.HTTPError as error:
                raise self.verdicts.lost_create(error) from error
            except TimeoutError as error:
                raise OutcomeUnknown(self._account.name, "no answer in time") from error
            self._note("create", "POST", answer.status)
            if refusal := self.verdicts.create(answer, self._clock.now()):
                raise refusal
            self.last_good_answer = self._clock.now()
            return answer

    async def ask(
        self,
        route: str,
        *parts: str,
        urgent: bool = False,
        params: Mapping[str, str] | None = None,
        judge: Callable[[Answer], bool] | None = None,
    ) -> Answer:
        """GET a route, again after a hiccup, each try in a turn of its own.

        Args:
            route: its name for the counters.
            parts: its path.
            urgent: ahead of the others in line.
            params: its query.
            judge: takes an answer for good whatever its status.

        Raises:
            RateLimited, Unauthorised, JobNotFound, Unavailable.
        """
        async for attempt in self.attempts():
            with attempt:
                async with self.reading(route, *parts, urgent=urgent, params=params) as reply:
                    answer = await read_answer(reply)
                    if judge is None or not judge(answer):
                        self._raise_for(answer)
                    self.last_good_answer = self._clock.now()
                    return answer
        raise BrokenInvariant("a query ended without an answer or an error")

    async def put(self, route: str, *parts: str) -> Answer:
        """PUT a route, once, ahead of the others in line; the caller judges a 4xx.

        Raises:
            RateLimited, Unauthorised, JobNotFound, Unavailable.
        """
        async with self.reading(route, *parts, method="PUT", urgent=True) as reply:
            answer = await read_answer(reply)
            self._raise_for(answer)
            return answer

    async def post(self, route: str, *parts: str, json: Mapping[str, object]) -> Answer:
        """POST a question that makes nothing, once.

        Raises:
            RateLimited, Unauthorised, JobNotFound, Unavailable.
        """
        async with self.reading(route, *parts, method="POST", json=json) as reply:
            answer = await read_answer(reply)
            self._raise_for(answer)
            return answer

    @asynccontextmanager
    async def reading(
        self,
        route: str,
        *parts: str,
        method: str = "GET",
        urgent: bool = False,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Ask once, in turn, and hand out the answer unread.

        Leaving early closes the connection. What breaks while it is read is translated too.
        """
        async with self._pacer.turn(urgent=urgent):
            with self._counted(route):
                try:
                    async with asyncio.timeout(_QUERY_DEADLINE.total_seconds()):
                        request = self._http.stream(
                            method,
                            self.path(*parts),
                            headers=self._account.auth,
                            params=params,
                            json=json,
                        )
                        async with request as reply:
                            self._note(route, method, reply.status_code)
                            yield reply
                except httpx.HTTPError as error:
                    raise Hiccup(self._account.name, type(error).__name__) from error
                except TimeoutError as error:
                    raise Unavailable(self._account.name, "no answer in time") from error

    def attempts(self) -> AsyncIterator[stamina.Attempt]:
        """Return three attempts at a query, further apart each time, for hiccups only."""
        return stamina.retry_context(on=Hiccup, attempts=3, timeout=60, wait_initial=0.5)

    async def refuse(self, reply: httpx.Response) -> None:
        """Raise what a streamed answer that is not 200 means."""
        self._raise_for(await read_answer(reply))

    def answered(self) -> None:
        """Note that a streamed answer made sense."""
        self.last_good_answer = self._clock.now()

    def trouble_in(self, answer: Answer) -> ProviderError | None:
        """Return what a query's answer means if it is not good; a rate limit pauses the line."""
        trouble = self.verdicts.query(answer, self._clock.now())
        if isinstance(trouble, RateLimited):
            self._pacer.pause(trouble.retry_after)
        return trouble

    def _raise_for(self, answer: Answer) -> None:
        if trouble := self.trouble_in(answer):
            raise trouble

    def _counted(self, route: str) -> AbstractContextManager[None]:
        return counted(self._on_query, self._account.name, route)

    def _note(self, route: str, method: str, status: int) -> None:
        log.debug("%s %s %s: %d", self._account.name, method, route, status)
