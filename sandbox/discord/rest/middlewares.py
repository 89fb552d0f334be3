"""What surrounds every request: the log, planned faults, errors as JSON, limits, the token.

It never knows a resource; each ring here is true of all routes.
"""

import json
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.discord.faults import Faults
from sandbox.discord.refusals import Refusal, not_allowed, not_found, unauthorized
from sandbox.discord.rest import bodies
from sandbox.discord.rest.exchange import DRAFT, EXCHANGE, WORLD, Exchange, reply
from sandbox.discord.rest.ratelimits import RateLimits
from sandbox.discord.rules import shapes

PREFIX = "/api/v10"


def route_of(request: web.Request) -> str:
    """Return the pattern of a request's route; empty where there is none."""
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical.removeprefix(PREFIX)


def logging(log: list[Exchange]) -> Middleware:
    """Return the outermost ring: write down each request and its answer."""

    @web.middleware
    async def ring(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.rel_url.raw_path.removeprefix(PREFIX)
        entry = Exchange(
            datetime.now(UTC), request.method, path, route_of(request), dict(request.query)
        )
        entry.bot = "Authorization" in request.headers
        log.append(entry)
        request[EXCHANGE] = entry
        response = await handler(request)
        entry.status = response.status
        if isinstance(response, web.Response) and response.content_type == "application/json":
            entry.answer = json.loads(response.body) if isinstance(response.body, bytes) else None
        return response

    return ring


def planned(faults: Faults) -> Middleware:
    """Return the ring that lets planned faults happen."""

    @web.middleware
    async def ring(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = faults.next_for(request.method, route_of(request))
        if fault is None:
            return await handler(request)
        return await fault.action.happen(request, handler)

    return ring


def limited(limits: RateLimits) -> Middleware:
    """Return the ring that counts requests and tells the limits on every answer."""

    @web.middleware
    async def ring(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        response: web.StreamResponse | None = limits.refusal(request, route)
        if response is None:
            response = await handler(request)
        response.headers.update(limits.headers(request, route))
        return response

    return ring


@web.middleware
async def refusing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals, and routes that do not exist, into Discord's JSON."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return reply(refusal.body(), refusal.status)
    except web.HTTPNotFound:
        return reply(not_found().body(), 404)
    except web.HTTPMethodNotAllowed:
        return reply(not_allowed().body(), 405)


@web.middleware
async def reading(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the body, for the routes and for the log, and look whether it has the right shape."""
    draft = request[DRAFT] = await bodies.read(request)
    entry = request[EXCHANGE]
    entry.body = draft.body or None
    entry.files = [upload.name for upload in draft.uploads.values()]
    if draft.body != {}:
        shapes.check(request.method, entry.route, draft.body)
    return await handler(request)


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only the bot in; an interaction's token in the path stands for it."""
    told = request.headers.get("Authorization", "")
    right = told == f"Bot {request.app[WORLD].settings.token}"
    by_token = "token" in request.match_info and not told
    if not right and not by_token:
        raise unauthorized()
    return await handler(request)
