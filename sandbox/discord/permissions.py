"""Stands in for Discord's permissions: the bits, and who has which of them where.

It never knows a bit the bot has no use for; unknown bits are carried along and mean nothing.
"""

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member
    from sandbox.discord.world.channels import Channel, Overwrite


class Permissions(IntFlag):
    """Permission bits of roles and overwrites."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


ORDINARY = (
    Permissions.ADD_REACTIONS
    | Permissions.VIEW_CHANNEL
    | Permissions.SEND_MESSAGES
    | Permissions.EMBED_LINKS
    | Permissions.ATTACH_FILES
    | Permissions.READ_MESSAGE_HISTORY
    | Permissions.USE_APPLICATION_COMMANDS
    | Permissions.CREATE_PUBLIC_THREADS
    | Permissions.SEND_MESSAGES_IN_THREADS
)
"""What an ordinary member may do in a server nobody has tightened."""

DIRECT = Permissions(ORDINARY | Permissions.MENTION_EVERYONE)
"""What both sides may do in a direct message."""

EVERYTHING = Permissions((1 << 53) - 1)


def allowed(member: "Member", channel: "Channel | None" = None) -> Permissions:
    """Return what a member may do in a channel, or in the server as a whole.

    Who has left the server may do nothing.
    """
    if member.guild.members.get(member.id) is not member:
        return Permissions.NONE
    granted = member.guild.everyone.permissions
    for role in member.roles:
        granted |= role.permissions
    if granted & Permissions.ADMINISTRATOR or member.guild.owner_id == member.id:
        return EVERYTHING
    if channel is None:
        return granted
    return _overwritten(granted, member, channel.parent or channel)


def _overwritten(granted: Permissions, member: "Member", channel: "Channel") -> Permissions:
    """Apply a channel's overwrites: everyone's, then all roles' together, then the member's."""
    held = {role.id for role in member.roles}
    everyone = channel.overwrites.get(member.guild.id)
    of_roles = [over for target, over in channel.overwrites.items() if target in held]
    own = channel.overwrites.get(member.id)
    for layer in ([everyone], of_roles, [own]):
        granted = _layered(granted, [over for over in layer if over is not None])
    if not granted & Permissions.VIEW_CHANNEL:
        return Permissions.NONE
    return granted


def _layered(granted: Permissions, layer: "list[Overwrite]") -> Permissions:
    deny, allow = Permissions.NONE, Permissions.NONE
    for overwrite in layer:
        deny |= overwrite.deny
        allow |= overwrite.allow
    return granted & ~deny | allow
