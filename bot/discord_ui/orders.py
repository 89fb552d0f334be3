"""From Discord's values to ours: who asks, and what they ask for.

Step 1 of the story for every door. Never checks an order against the catalogue: the Desk does.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord

from bot.domain.catalog import Door
from bot.domain.order import Caller, Order, Source
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


def presser_about(interaction: discord.Interaction[Any], guild_id: int, channel_id: int) -> Caller:
    """Return who presses a button about what stands in a channel, wherever they press it.

    A moderator is one where the film stands: a private copy of its card can be had anywhere.
    """
    caller = presser_of(interaction, guild_id)
    return replace(caller, manages_messages=_manages_messages(interaction, channel_id))


def _manages_messages(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return False
    if interaction.channel_id == channel_id:
        return interaction.permissions.manage_messages
    channel = guild.get_channel_or_thread(channel_id)
    there = member.guild_permissions if channel is None else channel.permissions_for(member)
    return there.manage_messages


def roles_of(user: discord.abc.User) -> frozenset[int]:
    """Return a member's roles; none for somebody who has left the server."""
    return frozenset(role.id for role in getattr(user, "roles", ()))


def owner_of(message: discord.Message, asker_id: int) -> int | None:
    """Return whose pictures a message shows, where that is another human than the asker.

    Discord does not say who wrote what is forwarded: it counts as its forwarder's.
    """
    author = message.author
    if author.bot or message.webhook_id is not None or author.id == asker_id:
        return None
    return author.id


def film_length(seconds: int | None) -> timedelta | None:
    """Return an asked-for length; absurd ones stay wrong without breaking arithmetic."""
    if seconds is None:
        return None
    return timedelta(seconds=min(max(seconds, 0), MOST_SECONDS))


def key_of(interaction: discord.Interaction[Any]) -> str:
    """Return the order key of what an interaction orders by itself, with no form before it."""
    return f"interaction:{interaction.id}"


def order_of(
    interaction: discord.Interaction[Any],
    door: Door,
    *prompts: str | None,
    model: str | None = None,
    aspect: str | None = None,
    duration: timedelta | None = None,
    picture_url: str | None = None,
    source: Source | None = None,
    key: str | None = None,
) -> Order:
    """Return what a command or a form asks for.

    ``key`` is what two orders have in common that are one; by itself each interaction is its own.

    Raises:
        Refused: not in a server.
    """
    caller = caller_of(interaction)
    return Order(
        key=key or key_of(interaction),
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
        source=source,
        locale=interaction.locale.value,
    )


def source_of(message: discord.Message, asker_id: int) -> Source | None:
    """Return whose pictures a message shows, and that it is there that they stand."""
    owner_id = owner_of(message, asker_id)
    return None if owner_id is None else Source(owner_id, message.id)


def order_of_message(
    message: discord.Message,
    guild: discord.Guild,
    prompt: str,
    picture_url: str,
    source: Source | None = None,
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
        source=source,
        locale=guild.preferred_locale.value,
    )
