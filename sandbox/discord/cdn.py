"""Stands in for Discord's CDN, on an origin of its own, and for the copies it keeps of previews.

Files have signed links; avatars, emoji, stickers and copies have plain ones. It never serves a file
whose link has expired, and never looks at a token.
"""

from aiohttp import web

from sandbox.discord.faults import Faults
from sandbox.discord.rest.middlewares import planned
from sandbox.discord.world.avatars import Avatar, default_avatar
from sandbox.discord.world.world import World

_WORLD = web.AppKey("world", World)
_GONE = "This content is no longer available."
_SIZES = {str(1 << power) for power in range(4, 13)}

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


@routes.get("/avatars/{user:\\d+}/{name}")
async def avatar(request: web.Request) -> web.Response:
    """Serve the picture that an account wears now."""
    user = request.app[_WORLD].users.get(int(request.match_info["user"]))
    return _worn(request, user.avatar if user else None)


@routes.get("/guilds/{guild:\\d+}/users/{user:\\d+}/avatars/{name}")
async def server_avatar(request: web.Request) -> web.Response:
    """Serve the picture that a member wears in one server now."""
    guild = request.app[_WORLD].guilds.get(int(request.match_info["guild"]))
    member = guild.members.get(int(request.match_info["user"])) if guild else None
    return _worn(request, member.avatar if member else None)


@routes.get("/embed/avatars/{number:[0-5]}.png")
async def plain_avatar(request: web.Request) -> web.Response:
    """Serve what Discord shows for who has uploaded none."""
    number = int(request.match_info["number"])
    return web.Response(body=default_avatar(number), content_type="image/png")


@routes.get("/emojis/{emoji:\\d+}.{kind}")
async def emoji(request: web.Request) -> web.Response:
    """Serve a custom emoji."""
    one = request.app[_WORLD].emoji.get(int(request.match_info["emoji"]))
    found = one.file(request.match_info["kind"]) if one else None
    if found is None:
        return web.Response(status=404, text=_GONE)
    body, kind = found
    return web.Response(body=body, content_type=kind)


@routes.get("/stickers/{sticker:\\d+}.{suffix}")
async def sticker(request: web.Request) -> web.Response:
    """Serve a sticker."""
    one = request.app[_WORLD].stickers.get(int(request.match_info["sticker"]))
    if one is None or one.suffix != request.match_info["suffix"]:
        return web.Response(status=404, text=_GONE)
    kind = "application/json" if one.suffix == "json" else f"image/{one.suffix}"
    return web.Response(body=one.data, content_type=kind)


@routes.get("/external/{seal}/{rest:.*}")
async def copy(request: web.Request) -> web.Response:
    """Serve Discord's copy of a picture from elsewhere."""
    kept = request.app[_WORLD].copies.get(request.rel_url.raw_path)
    if kept is None:
        return web.Response(status=404, text=_GONE)
    return web.Response(body=kept.data, content_type=kept.media_type)


def _worn(request: web.Request, one: Avatar | None) -> web.Response:
    if request.query.get("size", "128") not in _SIZES:
        return web.Response(status=400, text="Invalid size")
    found = one.file(request.match_info["name"]) if one else None
    if found is None:
        return web.Response(status=404, text=_GONE)
    body, kind = found
    return web.Response(body=body, content_type=kind)


def cdn(world: World, faults: Faults) -> web.Application:
    """Return the application that serves the CDN."""
    app = web.Application(middlewares=[planned(faults)])
    app[_WORLD] = world
    app.add_routes(routes)
    return app
