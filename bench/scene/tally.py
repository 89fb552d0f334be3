"""Counts what a video service is asked: how often, with what answer, and how many bytes it sent.

A ring around the stand-in's routes. Creates and films are no questions. Never changes an answer.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.typedefs import Handler

from bench.figures import Query

_ID = re.compile(r"(?<=/tasks/)[^/]+|(?<=/videos/)[^/]+")


class Tally:
    """What was asked since `begin`; before that nothing is counted.

    Args:
        streamed: returns the bytes that were sent of the latest answer that was no whole one.
    """

    def __init__(self, streamed: Callable[[], int] = lambda: 0) -> None:
        self._streamed = streamed
        self.queries: list[Query] = []
        self.first_asked: datetime | None = None
        """When the first query came, counted or not."""
        self._counting = False

    def begin(self) -> None:
        """Count from now on."""
        self._counting = True

    def end(self) -> None:
        """Count no more."""
        self._counting = False

    @web.middleware
    async def ring(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request through and write down what became of it."""
        if request.method == "POST" or request.path.endswith("/content"):
            return await handler(request)
        self.first_asked = self.first_asked or datetime.now(UTC)
        begun, answer = time.monotonic(), None
        try:
            answer = await handler(request)
            await answer.prepare(request)
            await answer.write_eof()  # here, so that the time it takes is seen
        finally:
            if self._counting:
                took = timedelta(seconds=time.monotonic() - begun)
                route = f"{request.method} {_ID.sub('…', request.path)}"
                status = 0 if answer is None else answer.status
                self.queries.append(Query(route, status, self._sent(answer), took))
        return answer

    def _sent(self, answer: web.StreamResponse | None) -> int:
        if answer is None:
            return 0
        if isinstance(answer, web.Response):
            return len(answer.body) if isinstance(answer.body, bytes) else 0
        return self._streamed()
