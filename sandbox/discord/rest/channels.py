"""Stands in for channels: looking one up, opening a thread or a direct message, typing."""

from aiohttp import web

from sandbox.discord.permissions import Permissions
from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, draft, nothing, number, reply
from sandbox.discord.world import payloads
from sandbox.discord.world.channels import THREAD

routes = web.RouteTableDef()


@routes.get(r"/channels/{channel:\d+}")
async def channel(request: web.Request) -> web.Response:
    """Show a channel."""
    return reply(payloads.channel(request.app[WORLD].channel(number(request, "channel"))))


@routes.patch(r"/channels/{channel:\d+}")
async def edit(request: web.Request) -> web.Response:
    """Open an archived thread again; nothing else about a channel is the bot's to change."""
    world, body = request.app[WORLD], draft(request).body
    found = world.channel(number(request, "channel"))
    if found.kind != THREAD or body != {"archived": False}:
        raise refuse(50013)
    needs = Permissions.MANAGE_THREADS if found.locked else Permissions.SEND_MESSAGES_IN_THREADS
    if found.bot_permissions & needs != needs:
        raise refuse(50013)
    found.unarchive()
    return reply(payloads.channel(found))


@routes.post("/users/@me/channels")
async def direct_message(request: web.Request) -> web.Response:
    """Open the direct messages with someone; whether they take any shows on sending."""
    world = request.app[WORLD]
    person = world.users.get(int(draft(request).body.get("recipient_id") or 0))
    if person is None or person.bot:
        raise refuse(50007 if person else 10013)
    return reply(payloads.channel(world.direct(person)))


@routes.post(r"/channels/{channel:\d+}/typing")
async def typing(request: web.Request) -> web.Response:
    """Show that the bot is typing."""
    world = request.app[WORLD]
    found = world.channel(number(request, "channel"), Permissions.SEND_MESSAGES)
    found.typing += 1
    return nothing()
