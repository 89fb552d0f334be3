"""Planned misfortune: which request goes wrong, the how-manieth time, and in which way.

It never happens by chance: without a plan every request is answered.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler


class Action(Protocol):
    """One way in which a request can go wrong."""

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let it happen to a request; the handler is what would have answered."""


@dataclass(frozen=True)
class Delay:
    """Answer late: the effect at once (`before` False), or only after the delay."""

    by: timedelta
    before: bool = True

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Wait on one side of the effect."""
        if self.before:
            await asyncio.sleep(self.by.total_seconds())
            return await handler(request)
        response = await handler(request)
        await asyncio.sleep(self.by.total_seconds())
        return response


@dataclass(frozen=True)
class Reset:
    """Cut the connection, before anything happened or after all of it did."""

    after_effect: bool = False

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Cut the connection without an answer."""
        if self.after_effect:
            await handler(request)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@dataclass(frozen=True)
class Answer:
    """Answer something else, without the effect or (`after_effect`) after it.

    Attributes:
        status: The HTTP status.
        body: JSON where it is no string, else plain text.
        headers: More headers; a 429 that discord.py shall wait for needs `Via`.
    """

    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_effect: bool = False

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send the planned answer."""
        if self.after_effect:
            await handler(request)
        plain = isinstance(self.body, str)
        return web.Response(
            body=(self.body if plain else json.dumps(self.body)).encode(),
            status=self.status,
            headers=self.headers,
            content_type="text/plain" if plain else "application/json",
        )


@dataclass(frozen=True)
class Drop:
    """Never answer; the connection stays open until the client gives up."""

    after_effect: bool = False

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hold the request until the server stops."""
        if self.after_effect:
            await handler(request)
        await asyncio.Event().wait()
        return web.Response()


@dataclass
class Fault:
    """A plan: what goes wrong with which request.

    Attributes:
        method: The HTTP method; `*`: any.
        route: The route below `/api/v10` with the names of its parts, like
            `/channels/{channel}/messages`, or a pattern with `*`; on the CDN
            `/attachments/{channel}/{file}/{name}` and the same with `/ephemeral-attachments`.
        action: What happens.
        nth: It starts with the nth matching request from now, counted from 1.
        times: How many requests it hits; 0: all from then on.
        seen: How many matching requests came so far.
    """

    method: str
    route: str
    action: Action
    nth: int = 1
    times: int = 1
    seen: int = 0

    def hits(self, method: str, route: str) -> bool:
        """Count a request; return whether this fault hits it."""
        if self.method not in {"*", method} or not fnmatchcase(route, self.route):
            return False
        self.seen += 1
        since = self.seen - self.nth
        return since >= 0 and (self.times == 0 or since < self.times)


class Faults:
    """The plans in force; the first that hits a request happens."""

    def __init__(self) -> None:
        self.plans: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a plan in force."""
        self.plans.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all plans."""
        self.plans.clear()

    @property
    def idle(self) -> list[Fault]:
        """The plans that have not hit any request yet."""
        return [plan for plan in self.plans if plan.seen < plan.nth]

    def next_for(self, method: str, route: str) -> Fault | None:
        """Return the fault that hits a request; every plan counts it."""
        hit = [fault for fault in self.plans if fault.hits(method, route)]
        return hit[0] if hit else None
