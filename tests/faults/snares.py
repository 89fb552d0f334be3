"""A snare on one request of the bot: holds it at a named moment, at which the bot can be killed.

The moments are those that can be told apart from outside: the request has arrived, its effect has
happened, half of the answer is sent, all of it is. A snare catches once and then lets all pass.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord import Fault as DiscordFault
from sandbox.services import Cut, Fault
from sandbox.services.actions import Proceed
from sandbox.stage import Stage


class Moment(StrEnum):
    """How far a request has got."""

    RECEIVED = "received"
    """It has arrived (of a large one: its beginning), and nothing has come of it."""
    MADE = "taken"
    """Its effect has happened; nobody has been told."""
    HALF = "half answered"
    """Half of the answer is sent, then the connection breaks."""
    ANSWERED = "answered"
    """The answer is sent, this very moment."""


class Origin(StrEnum):
    """Whom the bot asks."""

    DISCORD = "Discord"
    """REST and CDN."""
    AIVIDEOMAKER = "AI Video Maker"
    FILMS = "AI Video Maker's films"
    APIGO = "APIGo"


def anything(_request: web.Request) -> bool:
    """Take every request for the one that is waited for."""
    return True


@dataclass(frozen=True)
class Step:
    """A step of the story as seen from outside: one request of the bot, at one moment.

    Attributes:
        name: what the request is for.
        route: its route at Discord, its path at a service; both as patterns with ``*``.
        concerns: tells the request from others on the same route.
        order: the kind of order that leads there.
    """

    name: str
    origin: Origin
    method: str
    route: str
    moment: Moment
    order: str
    concerns: Callable[[web.Request], bool] = anything

    def __str__(self) -> str:
        return f"{self.name}: {self.moment}"


class Snare:
    """Waits for a step; an action for the faults of the sandbox's Discord and services alike."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._caught = asyncio.Event()
        self._opened = asyncio.Event()

    def lay(self, stage: Stage) -> None:
        """Lay the snare, in front of whatever else may go wrong."""
        step = self._step
        if step.origin is Origin.DISCORD:
            plan = DiscordFault(step.method, step.route, self, times=0)
            stage.discord.faults.plans.insert(0, plan)
            return
        faults = {
            Origin.AIVIDEOMAKER: stage.aivideomaker.faults,
            Origin.FILMS: stage.aivideomaker.file_faults,
            Origin.APIGO: stage.apigo.faults,
        }[step.origin]
        faults.add(Fault(step.method, step.route, self, times=None))

    async def caught(self) -> None:
        """Return as soon as the step has been reached."""
        await self._caught.wait()

    def open(self) -> None:
        """Catch nothing any more, and let go of what is held: nobody waits for it by now."""
        self._caught.set()
        self._opened.set()

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Meet a request to Discord."""
        return await self(request, lambda: handler(request))

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Meet a request to a service."""
        if self._caught.is_set() or not self._step.concerns(request):
            return await proceed()
        answer = await self._brought_to_the_moment(request, proceed)
        self._caught.set()
        await self._opened.wait()
        return answer

    async def _brought_to_the_moment(
        self, request: web.Request, proceed: Proceed
    ) -> web.StreamResponse:
        match self._step.moment:
            case Moment.RECEIVED:
                return web.Response()
            case Moment.MADE:
                return await proceed()
            case Moment.HALF:
                return await Cut()(request, proceed)
            case Moment.ANSWERED:
                answer = await proceed()
                await answer.prepare(request)
                await answer.write_eof()
                return answer
