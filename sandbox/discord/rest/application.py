"""The REST server put together: every resource below `/api/v10`, every ring around it."""

from aiohttp import web

from sandbox.discord.faults import Faults
from sandbox.discord.rest import (
    applications,
    channels,
    guilds,
    interactions,
    messages,
    middlewares,
    webhooks,
)
from sandbox.discord.rest.exchange import WORLD, Exchange
from sandbox.discord.rest.ratelimits import RateLimits
from sandbox.discord.world.world import World

_RESOURCES = (applications, guilds, channels, messages, interactions, webhooks)


def rest(world: World, log: list[Exchange], faults: Faults, limits: RateLimits) -> web.Application:
    """Return the application that serves the REST interface."""
    rings = (
        middlewares.logging(log),
        middlewares.planned(faults),
        middlewares.limited(limits),
        middlewares.refusing,
        middlewares.guarded,
        middlewares.reading,
    )
    app = web.Application(middlewares=rings)
    app[WORLD] = world
    for resource in _RESOURCES:
        app.add_routes(resource.routes)
    return app
