"""From Discord's values to ours: who asks, and what they ask for.

Step 1 of the story for every door. Never checks an order against the catalogue: the Desk does.
"""

from datetime import timedelta
from typing import Any

import discord

from bot.domain.catalog import Door
from bot.domain.order import Caller, Order
from bot.errors import Refusal, Refused

MOST_SECONDS = 24 * 3600


def caller_of(interaction: discord.Interaction[Any]) -> Caller:
    """Return who is asking.

    Raises:
        Refused: not in a server.
    """
    if interaction.guild_id is None:
        raise Refused(Refusal.GUILD_ONLY)
    return Caller(
        guild_id=interaction.guild_id,
        member_id=interaction.user.id,
        role_ids=roles_of(interaction.user),
        manages_messages=interaction.permissions.manage_messages,
    )


def presser_of(interaction: discord.Interaction[Any], guild_id: int) -> Caller:
    """Return who presses a button that belongs to a server, there or in their direct messages.

    Discord passes on only what a message of ours really holds, to who can see that message.
    """
    if interaction.guild_id is not None:
        return caller_of(interaction)
    return Caller(guild_id, interaction.user.id, role_ids=frozenset(), manages_messages=False)


def roles_of(user: discord.abc.User) -> frozenset[int]:
    """Return a member's roles; none for somebody who has left the server."""
    return frozenset(role.id for role in getattr(user, "roles", ()))


def film_length(seconds: int | None) -> timedelta | None:
    """Return an asked-for length; absurd ones stay wrong without breaking arithmetic."""
    if seconds is None:
        return None
    return timedelta(seconds=min(max(seconds, 0), MOST_SECONDS))


def order_of(
    interaction: discord.Interaction[Any],
    door: Door,
    *prompts: str | None,
    model: str | None = None,
    aspect: str | None = None,
    duration: timedelta | None = None,
    picture_url: str | None = None,
) -> Order:
    """Return what a command or a form asks for.

    Raises:
        Refused: not in a server.
    """
    caller = caller_of(interaction)
    return Order(
        key=f"interaction:{interaction.id}",
        guild_id=caller.guild_id,
        channel_id=interaction.channel_id or 0,
        member_id=caller.member_id,
        role_ids=caller.role_ids,
        door=door,
        prompts=tuple(text for text in prompts if text),
        model=model,
        aspect=aspect,
        duration=duration,
        picture_url=picture_url,
        locale=interaction.locale.value,
    )


def order_of_message(
    message: discord.Message, guild: discord.Guild, prompt: str, picture_url: str
) -> Order:
    """Return what a message that mentions the bot asks for."""
    return Order(
        key=f"message:{message.id}",
        guild_id=guild.id,
        channel_id=message.channel.id,
        member_id=message.author.id,
        role_ids=roles_of(message.author),
        door=Door.IMAGE,
        prompts=(prompt,) if prompt else (),
        picture_url=picture_url,
        locale=guild.preferred_locale.value,
    )
