"""Stands in for what an interaction's token opens after the first answer: its messages.

It never asks for channel permissions: the member called the bot, and the token stands for that.
"""

from aiohttp import web

from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, draft, nothing, number, reply
from sandbox.discord.rest.sending import as_json, writable
from sandbox.discord.rules import messages as rules
from sandbox.discord.world.interactions import COMMAND, Interaction
from sandbox.discord.world.messages import EPHEMERAL, MENU, PLAIN, REPLY, SLASH, Message
from sandbox.discord.world.posting import Draft

routes = web.RouteTableDef()

_WEBHOOK = r"/webhooks/{application:\d+}/{token}"
_ORIGINAL = _WEBHOOK + "/messages/@original"
_MESSAGE = _WEBHOOK + r"/messages/{message:\d+}"


@routes.post(_WEBHOOK)
async def follow_up(request: web.Request) -> web.Response:
    """Post one more message; right after "thinking" it takes that message's place."""
    interaction, wanted = _answered(request), draft(request)
    waiting = interaction.original
    if waiting is not None and waiting.loading and not waiting.deleted:
        return _edited(waiting, wanted, interaction)
    rules.check(wanted, None, interaction.upload_limit)
    message = post(interaction, wanted, follows=True)
    interaction.followups.append(message)
    return reply(as_json(interaction.world, message))


@routes.get(_ORIGINAL)
@routes.get(_MESSAGE)
async def show(request: web.Request) -> web.Response:
    """Show one of the interaction's messages."""
    interaction = _answered(request)
    return reply(as_json(interaction.world, _message(request, interaction)))


@routes.patch(_ORIGINAL)
@routes.patch(_MESSAGE)
async def edit(request: web.Request) -> web.Response:
    """Edit one of the interaction's messages."""
    interaction = _answered(request)
    return _edited(_message(request, interaction), draft(request), interaction)


@routes.delete(_ORIGINAL)
@routes.delete(_MESSAGE)
async def delete(request: web.Request) -> web.Response:
    """Delete one of the interaction's messages."""
    interaction = _answered(request)
    interaction.world.posting.delete(_message(request, interaction))
    return nothing()


def post(
    interaction: Interaction, wanted: Draft, *, state: int = 0, follows: bool = False
) -> Message:
    """Post a message that answers an interaction; state: flags only Discord sets."""
    world = interaction.world
    private = (wanted.body.get("flags") or 0) & EPHEMERAL
    replied = interaction.original if follows else interaction.target or interaction.message
    frame = Message(
        world,
        world.mint(),
        interaction.channel,
        world.bot,
        _kind(interaction, replied, follows=follows),
        flags=state | private,
        only_for=interaction.user if private else None,
        reply_to=replied,
        interaction=interaction,
    )
    return world.posting.create(frame, wanted)


def _kind(interaction: Interaction, replied: Message | None, *, follows: bool) -> int:
    if follows or interaction.kind != COMMAND:
        return REPLY if replied is not None else PLAIN
    return SLASH if interaction.data["type"] == 1 else MENU


def _edited(message: Message, wanted: Draft, interaction: Interaction) -> web.Response:
    writable(message.channel)
    rules.check(wanted, message, interaction.upload_limit)
    return reply(as_json(interaction.world, interaction.world.posting.edit(message, wanted)))


def _answered(request: web.Request) -> Interaction:
    """Return the interaction a token belongs to, or refuse: 10015, 50027."""
    world = request.app[WORLD]
    if number(request, "application") != world.bot.id:
        raise refuse(10015)
    interaction = world.interactions.get(request.match_info["token"])
    if interaction is None or interaction.token_dead:
        raise refuse(50027)
    if interaction.answer is None:
        raise refuse(10015)
    return interaction


def _message(request: web.Request, interaction: Interaction) -> Message:
    """Return the message of an interaction that the path names, or refuse: 10008, 10003."""
    if interaction.channel.deleted:
        raise refuse(10003)
    named = request.match_info.get("message")
    own = [interaction.original, *interaction.followups, interaction.message]
    for message in own if named else own[:1]:
        if message is not None and not message.deleted and named in {None, str(message.id)}:
            return message
    raise refuse(10008)
