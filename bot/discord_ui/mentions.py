"""Orders written as messages: a mention of the bot on a picture or in a reply to one.

Step 1 of the story. A reply that merely pings us is no order: the mention must be typed.
"""

import discord

from bot.discord_ui.album import Album
from bot.discord_ui.orders import order_of_message, source_of
from bot.discord_ui.pictures import without_markup
from bot.domain.order import Order
from bot.errors import BrokenInvariant, Refusal, Refused


def asks_us(message: discord.Message) -> bool:
    """Tell whether somebody in a server mentions us where we may answer."""
    if message.guild is None or message.author.bot or message.webhook_id:
        return False
    typed = any(mention in message.content for mention in _ways(message.guild))
    permissions = message.channel.permissions_for(message.guild.me)
    return typed and _may_answer(permissions, message.channel)


async def order_of_mention(message: discord.Message, album: Album) -> Order:
    """Return the order: the first picture, and the rest of the text as its prompt.

    Raises:
        Refused: there is no picture, or Discord hides it from us.
    """
    if message.guild is None:
        raise BrokenInvariant("an order by message outside a server")
    text = message.content
    for mention in _ways(message.guild):
        text = text.replace(mention, " ")
    try:
        picture, shown_in = await album.mentioned(message)
    except Refused as refused:
        if refused.code is not Refusal.PICTURE_HIDDEN:
            raise
        raise await album.hidden(message, _one_line(text)) from refused
    prompt = _one_line(without_markup(text, picture))
    source = source_of(shown_in, message.author.id)
    return order_of_message(message, message.guild, prompt, picture.url, source)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ways(guild: discord.Guild) -> tuple[str, ...]:
    """Return how we are mentioned: as a member, or by the role that Discord made for us.

    The role is offered under our name too; only with the intent do we see that it was meant.
    """
    me, role = guild.me, guild.self_role
    as_member = (f"<@{me.id}>", f"<@!{me.id}>")
    return as_member if role is None else (*as_member, role.mention)


def _may_answer(permissions: discord.Permissions, channel: object) -> bool:
    if isinstance(channel, discord.Thread):
        return permissions.send_messages_in_threads
    return permissions.send_messages
