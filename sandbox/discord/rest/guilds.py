"""Stands in for servers, their members, roles and channels, as the bot may look them up."""

from aiohttp import web

from sandbox.discord.driver.members import Member
from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, asked, number, reply
from sandbox.discord.world import payloads, whole
from sandbox.discord.world.guilds import Guild

routes = web.RouteTableDef()
_OWN_GUILDS = 200
"""The most servers on one page."""


@routes.get("/users/@me/guilds")
async def own_guilds(request: web.Request) -> web.Response:
    """List the servers the bot is in, by id, a page at a time, with its permissions in each."""
    guilds = sorted(request.app[WORLD].guilds.values(), key=lambda guild: guild.id)
    after = int(request.query.get("after", 0))
    limit = int(request.query.get("limit", _OWN_GUILDS))
    mine = [guild.me for guild in guilds if guild.me is not None and guild.id > after]
    return reply([whole.own_guild(me) for me in mine[:limit]])


@routes.get(r"/guilds/{guild:\d+}")
async def guild(request: web.Request) -> web.Response:
    """Show a server."""
    return reply(whole.guild(_guild(request)))


@routes.get(r"/guilds/{guild:\d+}/channels")
async def channels(request: web.Request) -> web.Response:
    """List a server's channels, without threads."""
    return reply([payloads.channel(channel) for channel in _guild(request).channels])


@routes.get(r"/guilds/{guild:\d+}/roles")
async def roles(request: web.Request) -> web.Response:
    """List a server's roles."""
    return reply([payloads.role(role) for role in _guild(request).roles.values()])


@routes.get(r"/guilds/{guild:\d+}/members")
async def members(request: web.Request) -> web.Response:
    """List a server's members, which takes the members intent."""
    if not request.app[WORLD].settings.members_intent:
        raise refuse(50001)
    limit, after = asked(request, "limit", 1), asked(request, "after", 0)
    found = [each for key, each in sorted(_guild(request).members.items()) if key > after]
    return reply([payloads.member(each) for each in found[:limit]])


@routes.get(r"/guilds/{guild:\d+}/members/{user:\d+}")
async def member(request: web.Request) -> web.Response:
    """Show one member."""
    return reply(payloads.member(_member(request)))


def _guild(request: web.Request) -> Guild:
    return request.app[WORLD].guild(number(request, "guild"))


def _member(request: web.Request) -> Member:
    found = _guild(request).members.get(number(request, "user"))
    if found is None:
        raise refuse(10007)
    return found
