"""Holding a request for ever, at a moment of the test's choosing, to kill the bot meanwhile."""

import asyncio
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.services.actions import Proceed

PATIENCE = timedelta(seconds=15)


class Hold:
    """Never answers; tells the test when it began, before the effect or after it.

    An action for the faults of the sandbox's Discord and of its services alike.
    """

    def __init__(self, *, after_effect: bool = False) -> None:
        self._after_effect = after_effect
        self._reached = asyncio.Event()

    async def reached(self) -> None:
        """Return once a request is being held."""
        await asyncio.wait_for(self._reached.wait(), PATIENCE.total_seconds())

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Hold a request to a service."""
        if self._after_effect:
            await proceed()
        self._reached.set()
        await asyncio.Event().wait()
        return web.Response()

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hold a request to Discord."""
        return await self(request, lambda: handler(request))
