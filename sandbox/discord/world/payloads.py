"""Stands in for Discord's JSON: how people, roles and channels are written on the wire.

It never decides who may read something: that is asked before.
"""

from typing import TYPE_CHECKING, Any

from sandbox.discord.snowflakes import born

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member
    from sandbox.discord.world.channels import Channel, Overwrite
    from sandbox.discord.world.guilds import Role
    from sandbox.discord.world.people import User

Json = dict[str, Any]

_THREAD = 11


def user(one: "User") -> Json:
    """Write an account."""
    return {
        "id": str(one.id),
        "username": one.name.lower().replace(" ", "_"),
        "global_name": None if one.bot else one.name,
        "discriminator": "0",
        "avatar": one.avatar.hash if one.avatar else None,
        "bot": one.bot,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


def own_user(one: "User") -> Json:
    """Write the account as it sees itself."""
    return {**user(one), "mfa_enabled": True, "locale": one.locale, "verified": True}


def member(one: "Member", *, with_user: bool = True) -> Json:
    """Write a membership."""
    body: Json = {
        "avatar": one.avatar.hash if one.avatar else None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": one.joined.isoformat(),
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [str(role.id) for role in one.roles],
        "mute": False,
        "deaf": False,
    }
    return {**body, "user": user(one.user)} if with_user else body


def role(one: "Role") -> Json:
    """Write a role."""
    body = {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.managed,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    bot_id = str(one.guild.world.bot.id)
    return {**body, "tags": {"bot_id": bot_id}} if one.managed else body


def channel(one: "Channel") -> Json:
    """Write a channel of any kind."""
    body: Json = {"id": str(one.id), "type": one.kind, "flags": 0, "last_message_id": _last(one)}
    if one.person is not None:
        return {**body, "recipients": [user(one.person)]}
    body |= {"guild_id": str(one.guild_id), "name": one.name, "rate_limit_per_user": 0}
    return body | (_thread(one) if one.kind == _THREAD else _text(one))


def _last(one: "Channel") -> str | None:
    newest = next(reversed(one.everything), None)
    return None if newest is None else str(newest)


def _text(one: "Channel") -> Json:
    return {
        "position": 0,
        "nsfw": False,
        "topic": None,
        "parent_id": None,
        "permission_overwrites": [_overwrite(*each) for each in one.overwrites.items()],
    }


def _overwrite(target: int, one: "Overwrite") -> Json:
    return {
        "id": str(target),
        "type": int(one.for_member),
        "allow": str(int(one.allow)),
        "deny": str(int(one.deny)),
    }


def _thread(one: "Channel") -> Json:
    guild, parent = one.guild, one.parent
    return {
        "owner_id": str(guild.owner_id) if guild else None,
        "parent_id": str(parent.id) if parent else None,
        "thread_metadata": {
            "archived": one.archived,
            "locked": one.locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": born(one.id).isoformat(),
            "create_timestamp": born(one.id).isoformat(),
        },
        "message_count": len(one.messages),
        "member_count": 1,
        "total_message_sent": len(one.messages),
    }
