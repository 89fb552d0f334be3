"""Ways to misbehave on the wire: each wraps one request and may let it through, late or never.

Stands in for: networks, proxies and CDNs on a bad day (providers.md (d): A12, A19, B12, B16, B22).
An action never decides when it is used; a `Fault` rule or a `Scenario` does.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from aiohttp import web

Proceed = Callable[[], Awaitable[web.StreamResponse]]
"""Lets the request have its effect and returns the honest answer."""


class Action(Protocol):
    """One way to misbehave."""

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Answer the request in place of the honest handler."""
        ...


@dataclass(frozen=True)
class Reply:
    """Answer something else, before the request has its effect or (`after`) once it has had it."""

    status: int
    body: str | bytes = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Send the prepared answer."""
        if self.after:
            await proceed()
        return self.response()

    def response(self) -> web.Response:
        """Build the prepared answer; HTML unless its headers say otherwise."""
        headers = {"Content-Type": "text/html; charset=utf-8", **self.headers}
        body = self.body.encode() if isinstance(self.body, str) else self.body
        return web.Response(status=self.status, body=body, headers=headers)

    @classmethod
    def json(cls, status: int, document: object, *, after: bool = False) -> "Reply":
        """Build an answer whose body is a JSON document."""
        return cls(status, json.dumps(document), {"Content-Type": "application/json"}, after)


@dataclass(frozen=True)
class Delay:
    """Wait, then be honest; with `after` the effect comes first and only its answer is late."""

    by: timedelta
    after: bool = False

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Answer honestly, late."""
        answer = await proceed() if self.after else None
        await asyncio.sleep(self.by.total_seconds())
        return answer or await proceed()


@dataclass(frozen=True)
class Reset:
    """Break the connection with a TCP reset, before or (`after`) behind the effect."""

    after: bool = False

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Reset; the response returned here reaches nobody."""
        if self.after:
            await proceed()
        _reset(request)
        return web.Response()


@dataclass(frozen=True)
class Silence:
    """Never answer; the request waits until the client gives up or the service stops."""

    after: bool = False

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Wait for ever."""
        if self.after:
            await proceed()
        await asyncio.Event().wait()
        return web.Response()


@dataclass(frozen=True)
class Cut:
    """Promise the whole answer (`Content-Length`), send a part of it, then hang up."""

    keep: float = 0.5

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Send the first `keep` (0 to 1) of the honest body."""
        honest, body = await _honest(proceed)
        answer = _copy(honest, {"Content-Length": str(len(body))})
        await answer.prepare(request)
        await answer.write(body[: round(len(body) * self.keep)])
        if request.transport is not None:
            request.transport.close()
        return answer


@dataclass(frozen=True)
class Drip:
    """Send the honest answer in pieces without a length (chunked), pausing between them."""

    pieces: int = 4
    pause: timedelta = timedelta(0)

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Send the honest body piece by piece."""
        honest, body = await _honest(proceed)
        answer = _copy(honest, {})
        await answer.prepare(request)
        step = max(1, -(-len(body) // self.pieces))
        for start in range(0, len(body), step):
            await answer.write(body[start : start + step])
            await asyncio.sleep(self.pause.total_seconds())
        await answer.write_eof()
        return answer


BAD_GATEWAY = Reply(502, "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>")
"""What a proxy says when the service behind it is away."""

CHALLENGE = Reply(200, "<html><title>Just a moment...</title></html>")
"""A CDN's challenge page: HTML with status 200."""


async def _honest(proceed: Proceed) -> tuple[web.Response, bytes]:
    answer = await proceed()
    if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        raise TypeError("only an answer with a body in memory can be sent in pieces")
    return answer, answer.body


def _copy(honest: web.Response, headers: Mapping[str, str]) -> web.StreamResponse:
    kept = {name: text for name, text in honest.headers.items() if name != "Content-Length"}
    return web.StreamResponse(status=honest.status, headers={**kept, **headers})


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    linger_not_at_all = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
    transport.abort()
