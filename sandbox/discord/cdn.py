"""Stands in for Discord's CDN, on an origin of its own: files by signed links, and avatars.

It never serves a file whose link has expired, and never looks at a token.
"""

from aiohttp import web

from sandbox.discord.faults import Faults
from sandbox.discord.rest.middlewares import planned
from sandbox.discord.world.world import World

_WORLD = web.AppKey("world", World)
_GONE = "This content is no longer available."
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
"""A PNG of one grey pixel."""

routes = web.RouteTableDef()


@routes.get("/attachments/{channel}/{file:\\d+}/{name}")
@routes.get("/ephemeral-attachments/{channel}/{file:\\d+}/{name}")
async def attachment(request: web.Request) -> web.Response:
    """Serve a file to whoever has a valid link."""
    world = request.app[_WORLD]
    file = world.files.get(int(request.match_info["file"]))
    if file is None or not world.links.holds(request.rel_url.raw_path, request.query):
        return web.Response(status=404, text=_GONE)
    return web.Response(body=file.data, content_type=file.content_type)


@routes.get("/avatars/{user}/{name}")
@routes.get("/embed/avatars/{name}")
async def avatar(_: web.Request) -> web.Response:
    """Serve the same grey dot for everyone."""
    return web.Response(body=_DOT, content_type="image/png")


def cdn(world: World, faults: Faults) -> web.Application:
    """Return the application that serves the CDN."""
    app = web.Application(middlewares=[planned(faults)])
    app[_WORLD] = world
    app.add_routes(routes)
    return app
