"""From what a menu or a mention points at to the draft of a form.

Step 1 of the story. Never opens a form, and never looks at a picture's bytes.
"""

from datetime import datetime
from typing import Any

import discord

from bot.discord_ui.links import first_expiry
from bot.discord_ui.orders import caller_of, owner_of
from bot.discord_ui.pictures import none_in, pictures_in
from bot.domain.catalog import Door
from bot.domain.draft import Draft, new_draft_id
from bot.errors import BrokenInvariant

AVATAR_SIZE = 1024
"""Pixels asked for; Discord serves what it has where that is less."""


def draft_of_message(
    interaction: discord.Interaction[Any], message: discord.Message, door: Door, now: datetime
) -> Draft:
    """Return the draft for a message's pictures.

    Raises:
        Refused: there are none, or not in a server.
    """
    pictures = pictures_in(message)
    if not pictures:
        raise none_in(message)
    caller = caller_of(interaction)
    urls = tuple(picture.url for picture in pictures)
    return Draft(
        guild_id=caller.guild_id,
        id=new_draft_id(),
        member_id=caller.member_id,
        channel_id=message.channel.id,
        door=door,
        pictures=urls,
        names=tuple(picture.name for picture in pictures),
        expires_at=first_expiry(urls),
        created_at=now,
        message_id=message.id,
        source_member_id=owner_of(message, caller.member_id),
    )


def draft_of_avatar(
    interaction: discord.Interaction[Any], user: discord.User | discord.Member, now: datetime
) -> Draft:
    """Return the draft for the avatar that a member has in this server.

    Raises:
        Refused: not in a server.
    """
    caller = caller_of(interaction)
    avatar = user.display_avatar.replace(size=AVATAR_SIZE, format="png")  # of a moving one: a still
    is_somebody_else = user.id != caller.member_id and not user.bot
    return Draft(
        guild_id=caller.guild_id,
        id=new_draft_id(),
        member_id=caller.member_id,
        channel_id=interaction.channel_id or 0,
        door=Door.IMAGE,
        pictures=(avatar.url,),
        names=(user.display_name,),
        expires_at=None,
        created_at=now,
        source_member_id=user.id if is_somebody_else else None,
    )


def draft_of_mention(message: discord.Message, prompt: str, now: datetime) -> Draft:
    """Return the draft for a picture that the asker has yet to upload; it keeps their words."""
    if message.guild is None:
        raise BrokenInvariant("a mention outside a server")
    return Draft(
        guild_id=message.guild.id,
        id=new_draft_id(),
        member_id=message.author.id,
        channel_id=message.channel.id,
        door=Door.IMAGE,
        pictures=(),
        names=(),
        expires_at=None,
        created_at=now,
        message_id=message.id,
        prompt=prompt,
    )
