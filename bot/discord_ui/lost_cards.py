"""Finding a card again that was shown, and whose id nobody lived to write down.

Serves the mailbox, after a crash between the first answer and its bookkeeping. A card of a waiting
task is recognised by its *Cancel* button, which bears the task's id. Never edits anything.
"""

from collections.abc import Iterable, Iterator

import discord

from bot.discord_ui.buttons import CancelButton
from bot.discord_ui.post import CLOCK_SKEW, SEARCH_LIMIT
from bot.discord_ui.troubles import translated
from bot.domain.task import Task
from bot.errors import CannotPost

OF_DISCORD = frozenset({"interaction", "message", "form"})
"""The kinds of order key with an id of Discord's."""


async def find_card(client: discord.Client, task: Task) -> int | None:
    """Return the message id of a waiting task's card; ``None``: there is none that we can see.

    Raises:
        Unreachable: Discord is in trouble, so nothing is known.
    """
    channel = client.get_partial_messageable(task.channel_id, guild_id=task.guild_id)
    try:
        with translated():
            async for message in channel.history(after=_before(task), limit=SEARCH_LIMIT):
                if message.author == client.user and _is_card_of(message, task):
                    return message.id
    except CannotPost:
        return None
    return None


def _before(task: Task) -> discord.Object:
    """Return what came before the card: the interaction or message of its order, by Discord's time.

    A form that was opened on a draft bears the draft's id, which is none of Discord's: then it is
    the order's time by our clock.
    """
    kind, _, number = task.order_key.partition(":")
    if kind in OF_DISCORD:
        return discord.Object(int(number))
    return discord.Object(discord.utils.time_snowflake(task.created_at - CLOCK_SKEW))


def _is_card_of(message: discord.Message, task: Task) -> bool:
    wanted = CancelButton(task.guild_id, task.id, task.locale).custom_id
    return any(getattr(part, "custom_id", None) == wanted for part in _parts(message.components))


def _parts(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    for component in components:
        yield component
        yield from _parts(getattr(component, "children", ()))
