"""Stands in for the messages of a channel, as the bot reads and writes them with its own token."""

from aiohttp import web

from sandbox.discord.permissions import Permissions
from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, asked, draft, nothing, number, reply
from sandbox.discord.rest.sending import as_json, may_send, same_nonce, writable
from sandbox.discord.rules import messages as rules
from sandbox.discord.world.channels import Channel
from sandbox.discord.world.messages import PLAIN, REPLY, Message
from sandbox.discord.world.posting import Draft

routes = web.RouteTableDef()

_MOST_LISTED, _LISTED = 100, 50


@routes.get(r"/channels/{channel:\d+}/messages")
async def history(request: web.Request) -> web.Response:
    """List messages, newest first; without the permission the list is empty."""
    world = request.app[WORLD]
    channel = world.channel(number(request, "channel"))
    if not channel.bot_permissions & Permissions.READ_MESSAGE_HISTORY:
        return reply([])
    limit = min(asked(request, "limit", _LISTED), _MOST_LISTED)
    found = _window(sorted(channel.messages, key=lambda one: one.id), request, limit)
    return reply([as_json(world, message) for message in reversed(found)])


@routes.get(r"/channels/{channel:\d+}/messages/{message:\d+}")
async def message(request: web.Request) -> web.Response:
    """Show one message."""
    world = request.app[WORLD]
    channel = world.channel(number(request, "channel"), Permissions.READ_MESSAGE_HISTORY)
    return reply(as_json(world, world.message(channel, number(request, "message"))))


@routes.post(r"/channels/{channel:\d+}/messages")
async def create(request: web.Request) -> web.Response:
    """Post a message; a nonce used before answers with the message it made."""
    world, wanted = request.app[WORLD], draft(request)
    channel = world.channel(number(request, "channel"))
    may_send(channel, wanted)
    again = same_nonce(channel, wanted)
    if again is not None:
        return reply(as_json(world, again))
    rules.check(wanted, None, world.settings.upload_limit_of(_tier(channel)))
    replied = _replied(channel, wanted)
    frame = Message(
        world, world.mint(), channel, world.bot, REPLY if replied else PLAIN, reply_to=replied
    )
    return reply(as_json(world, world.posting.create(frame, wanted)))


@routes.patch(r"/channels/{channel:\d+}/messages/{message:\d+}")
async def edit(request: web.Request) -> web.Response:
    """Edit one of the bot's own messages."""
    world, wanted = request.app[WORLD], draft(request)
    channel = world.channel(number(request, "channel"))
    found = world.message(channel, number(request, "message"))
    writable(channel)
    if found.author != world.bot:
        raise refuse(50005)
    if wanted.uploads and not channel.bot_permissions & Permissions.ATTACH_FILES:
        raise refuse(50013)
    rules.check(wanted, found, world.settings.upload_limit_of(_tier(channel)))
    return reply(as_json(world, world.posting.edit(found, wanted)))


@routes.delete(r"/channels/{channel:\d+}/messages/{message:\d+}")
async def delete(request: web.Request) -> web.Response:
    """Delete one of the bot's own messages, or with the permission any."""
    world = request.app[WORLD]
    channel = world.channel(number(request, "channel"))
    found = world.message(channel, number(request, "message"))
    writable(channel)
    if found.author != world.bot and not channel.bot_permissions & Permissions.MANAGE_MESSAGES:
        raise refuse(50013)
    world.posting.delete(found)
    return nothing()


@routes.put(r"/channels/{channel:\d+}/messages/{message:\d+}/reactions/{emoji}/@me")
@routes.delete(r"/channels/{channel:\d+}/messages/{message:\d+}/reactions/{emoji}/@me")
async def react(request: web.Request) -> web.Response:
    """Put the bot's reaction under a message, or take it away."""
    world, emoji = request.app[WORLD], request.match_info["emoji"]
    needs = Permissions.READ_MESSAGE_HISTORY | Permissions.ADD_REACTIONS
    channel = world.channel(number(request, "channel"), needs)
    found = world.message(channel, number(request, "message"))
    writable(channel)
    found.reactions = [each for each in found.reactions if each != emoji]
    if request.method == "PUT":
        found.reactions.append(emoji)
    world.bell.ring()
    return nothing()


def _window(found: list[Message], request: web.Request, limit: int) -> list[Message]:
    """Return the part of a history (oldest first) a request asks for."""
    before, after = asked(request, "before", 0), asked(request, "after", 0)
    around = asked(request, "around", 0)
    if around:
        older = [one for one in found if one.id <= around][-(limit // 2 + 1) :]
        return (older + [one for one in found if one.id > around])[:limit]
    if after:
        return [one for one in found if one.id > after][:limit]
    if before:
        found = [one for one in found if one.id < before]
    return found[-limit:]


def _replied(channel: Channel, wanted: Draft) -> Message | None:
    """Return the message a reply is to; a missing one is an error unless waived."""
    reference = wanted.body.get("message_reference")
    if reference is None:
        return None
    if not channel.bot_permissions & Permissions.READ_MESSAGE_HISTORY:
        raise refuse(160002)
    found = channel.everything.get(int(reference.get("message_id") or 0))
    if found is not None and not found.deleted and found.only_for is None:
        return found
    if reference.get("fail_if_not_exists", True):
        raise rules.unknown_reference()
    return None


def _tier(channel: Channel) -> int:
    return channel.guild.boost_tier if channel.guild else 0
