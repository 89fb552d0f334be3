"""What a member typed into a form that was refused: given back, because Discord has closed it.

Serves the boundary. For the member's eyes only, like the refusal itself.
"""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import discord

from bot.discord_ui.forms import read_form
from bot.discord_ui.troubles import blocks_words
from bot.discord_ui.words import Say, words_for

LONGEST_MESSAGE = 2000
FILE_NAME = "words.txt"
FENCE = "```"


def typed_into(interaction: discord.Interaction[Any]) -> str:
    """Return the words that came with an interaction; empty where it is none of our forms."""
    sent = read_form(interaction)
    return "" if sent is None else sent.typed


async def told(send: Callable[..., Awaitable[Any]], text: str, typed: str, locale: str) -> None:
    """Tell the member ``text``, with their words unless AutoMod lets nobody say them here."""
    try:
        await send(**_with(text, typed, locale), ephemeral=True)
    except discord.HTTPException as error:
        if not (typed and blocks_words(error)):
            raise
        await send(text, ephemeral=True)


def _with(text: str, typed: str, locale: str) -> dict[str, Any]:
    """Return what to send: ``text`` with the words to copy, in a file where they are too many."""
    if not typed:
        return {"content": text}
    head = f"{text}\n{words_for(locale).say(Say.FORM_TYPED)}"
    block = "\n".join((head, FENCE, typed.replace(FENCE, "'''"), FENCE))
    if len(block) <= LONGEST_MESSAGE:
        return {"content": block}
    return {"content": head, "file": discord.File(BytesIO(typed.encode()), FILE_NAME)}
