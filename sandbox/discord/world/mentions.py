"""Stands in for mentions: who is named in a text, and who of them is really notified.

It never notifies on an edit, never the author, and never by a reply to an interaction's answer:
that is how Discord treats those (discord-api-docs#5395).
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.discord.permissions import Permissions
from sandbox.discord.world.people import User

if TYPE_CHECKING:
    from sandbox.discord.world.messages import Message

_USER, _ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True)
class Allowed:
    """The `allowed_mentions` of a request; each left out or None: everything."""

    parse: frozenset[str] = frozenset({"users", "roles", "everyone"})
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    replied_user: bool = True

    @classmethod
    def read(cls, body: dict[str, Any] | None) -> "Allowed":
        """Read the wire form; absent means that everything pings."""
        if body is None:
            return cls()
        return cls(
            parse=frozenset(body.get("parse", ())),
            users=frozenset(map(int, body.get("users", ()))),
            roles=frozenset(map(int, body.get("roles", ()))),
            replied_user=bool(body.get("replied_user", False)),
        )


def apply(message: "Message", allowed: Allowed) -> None:
    """Fill in whom a new message mentions, and whom it pings."""
    named = [user for user in _named(message, allowed) if user is not None]
    reply = message.reply_to
    if reply is not None and allowed.replied_user and reply.interaction is None:
        named.append(reply.author)
    message.mentions = list(dict.fromkeys(named))
    message.mentions_everyone = _pings_everyone(message, allowed)
    reached = [*message.mentions, *_of_roles(message, allowed)]
    if message.mentions_everyone and message.channel.guild:
        reached += [member.user for member in message.channel.guild.members.values()]
    message.pings = [user for user in dict.fromkeys(reached) if user != message.author]


def _named(message: "Message", allowed: Allowed) -> list[User | None]:
    ids = [int(found) for found in _USER.findall(message.text)]
    users = message.world.users
    return [users.get(i) for i in ids if "users" in allowed.parse or i in allowed.users]


def _of_roles(message: "Message", allowed: Allowed) -> list[User]:
    guild = message.channel.guild
    if guild is None:
        return []
    ids = {int(found) for found in _ROLE.findall(message.text)}
    ids = {i for i in ids if "roles" in allowed.parse or i in allowed.roles}
    return [
        member.user
        for member in guild.members.values()
        for role in member.roles
        if role.id in ids and (role.mentionable or _may_ping_all(message))
    ]


def _pings_everyone(message: "Message", allowed: Allowed) -> bool:
    told = _EVERYONE.search(message.text) is not None
    return told and "everyone" in allowed.parse and _may_ping_all(message)


def _may_ping_all(message: "Message") -> bool:
    guild = message.channel.guild
    member = guild.members.get(message.author.id) if guild else None
    if member is None:
        return False
    return bool(member.permissions_in(message.channel) & Permissions.MENTION_EVERYONE)
