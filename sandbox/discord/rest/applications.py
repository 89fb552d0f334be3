"""Stands in for the bot's own account, its application, its commands, and the gateway's address."""

from typing import Any

from aiohttp import web

from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, draft, number, reply
from sandbox.discord.rules import commands as rules
from sandbox.discord.world import payloads, whole
from sandbox.discord.world.world import World

routes = web.RouteTableDef()


@routes.get("/users/@me")
async def own_user(request: web.Request) -> web.Response:
    """Tell the bot who it is."""
    return reply(payloads.own_user(request.app[WORLD].bot))


@routes.get(r"/users/{user:\d+}")
async def user(request: web.Request) -> web.Response:
    """Show any account."""
    found = request.app[WORLD].users.get(number(request, "user"))
    if found is None:
        raise refuse(10013)
    return reply(payloads.user(found))


@routes.get("/oauth2/applications/@me")
@routes.get("/applications/@me")
async def application(request: web.Request) -> web.Response:
    """Show the application, with the flags that tell its privileged intents."""
    return reply(whole.application(request.app[WORLD]))


@routes.get("/gateway")
async def gateway(request: web.Request) -> web.Response:
    """Tell where the gateway is."""
    return reply({"url": _gateway_url(request)})


@routes.get("/gateway/bot")
async def gateway_bot(request: web.Request) -> web.Response:
    """Tell where the gateway is and how many shards are wanted: one."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return reply({"url": _gateway_url(request), "shards": 1, "session_start_limit": limit})


@routes.get(r"/applications/{application:\d+}/commands")
@routes.get(r"/applications/{application:\d+}/guilds/{guild:\d+}/commands")
async def commands(request: web.Request) -> web.Response:
    """List the commands of one scope."""
    world = _own(request)
    return reply(world.commands.get(_scope(request), []))


@routes.put(r"/applications/{application:\d+}/commands")
@routes.put(r"/applications/{application:\d+}/guilds/{guild:\d+}/commands")
async def sync(request: web.Request) -> web.Response:
    """Replace all commands of one scope."""
    world, wanted = _own(request), draft(request).body
    told: list[dict[str, Any]] = wanted or []
    rules.check(told)
    world.commands[_scope(request)] = [_command(world, each, _scope(request)) for each in told]
    world.synced = True
    world.bell.ring()
    return reply(world.commands[_scope(request)])


def _own(request: web.Request) -> World:
    world = request.app[WORLD]
    if number(request, "application") != world.bot.id:
        raise refuse(20012)
    return world


def _scope(request: web.Request) -> int | None:
    if "guild" not in request.match_info:
        return None
    return request.app[WORLD].guild(number(request, "guild")).id


def _command(world: World, told: dict[str, Any], scope: int | None) -> dict[str, Any]:
    """Return a command as kept; one of the same name keeps its id."""
    kind = told.get("type", rules.SLASH)
    known = {(each["type"], each["name"]): each["id"] for each in world.commands.get(scope, [])}
    needs = told.get("default_member_permissions")
    kept = {
        "description": "",
        **told,
        "default_member_permissions": None if needs is None else str(needs),
        "integration_types": told.get("integration_types") or [0],
        "type": kind,
        "id": known.get((kind, told["name"]), str(world.mint())),
        "application_id": str(world.bot.id),
        "version": str(world.mint()),
    }
    return kept if scope is None else {**kept, "guild_id": str(scope)}


def _gateway_url(request: web.Request) -> str:
    return f"ws://{request.host}/gateway"
