"""Cards in a server whose AutoMod blocks their words: sent once more without them.

Serves first answers and edits. Never judges a word itself: Discord does, message by message.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import discord
from discord import ui

from bot.discord_ui.cards import Painter
from bot.discord_ui.troubles import blocks_words
from bot.errors import WordsBlocked
from bot.pipeline.ports import CardView

Sent = TypeVar("Sent")


async def past_automod(
    painter: Painter,
    view: CardView,
    send: Callable[[ui.LayoutView], Awaitable[Sent]],
    *,
    films: Sequence[str] = (),
) -> Sent:
    """Draw a card and ``send`` it; where its words are blocked, the card that quotes nobody."""
    try:
        return await send(painter.draw(view, films=films))
    except (discord.HTTPException, WordsBlocked) as error:
        if not blocks_words(error):
            raise
    return await send(painter.draw_unquoted(view, films=films))
