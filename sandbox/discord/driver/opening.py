"""Stands in for the way from a member's act to the bot: an interaction, told over the gateway.

It never waits: the deadline runs by itself.
"""

from typing import TYPE_CHECKING, Any

from sandbox.discord.permissions import DIRECT, Permissions
from sandbox.discord.world import payloads
from sandbox.discord.world.channels import Channel
from sandbox.discord.world.events import Event, Intents, Json
from sandbox.discord.world.interactions import Interaction
from sandbox.discord.world.messages import Message
from sandbox.discord.world.rendering import message as written

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member


def opened(
    member: "Member",
    channel: Channel,
    kind: int,
    data: dict[str, Any],
    *,
    message: Message | None = None,
    target: Message | None = None,
    trigger: Interaction | None = None,
) -> Interaction:
    """Open an interaction, tell the bot where it is a member, and start the deadline."""
    world = channel.world
    here = member if channel.guild else None
    interaction = Interaction(
        world, world.mint(), kind, member.user, here, channel, data, message, target, trigger
    )
    world.interactions[interaction.token] = interaction
    if channel.guild is None or channel.guild.me is not None:
        body = _body(interaction)
        world.tell(Event("INTERACTION_CREATE", channel.guild_id, Intents.NONE, lambda _: body))
    interaction.start_deadline()
    return interaction


def _body(interaction: Interaction) -> Json:
    channel, bot = interaction.channel, interaction.world.bot
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(bot.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": payloads.channel(channel),
        "locale": interaction.user.locale,
        "attachment_size_limit": interaction.upload_limit,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(channel.guild_id or 0)},
    }
    body |= _place(interaction)
    if interaction.message is not None:
        body["message"] = written(interaction.message, privileged=True, complete=True)
    return body


def _place(interaction: Interaction) -> Json:
    guild, member = interaction.channel.guild, interaction.member
    if guild is None or member is None:
        user = payloads.user(interaction.user)
        return {"user": user, "context": 1, "app_permissions": str(int(DIRECT))}
    may = member.permissions_in(interaction.channel)
    bot_may = guild.me.permissions_in(interaction.channel) if guild.me else Permissions.NONE
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": {**payloads.member(member), "permissions": str(int(may))},
        "app_permissions": str(int(bot_may)),
        "context": 0,
    }
