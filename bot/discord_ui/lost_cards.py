"""Finding a card again that was shown, and whose id nobody lived to write down.

Serves the mailbox, after a crash between the first answer and its bookkeeping. A card of a waiting
task is recognised by its *Cancel* button, which bears the task's id. Never edits anything.
"""

from collections.abc import Iterable, Iterator

import discord

from bot.discord_ui.buttons import CancelButton
from bot.discord_ui.post import SEARCH_LIMIT
from bot.discord_ui.troubles import translated
from bot.domain.task import Task
from bot.errors import CannotPost


async def find_card(client: discord.Client, task: Task) -> int | None:
    """Return the message id of a waiting task's card; ``None``: there is none that we can see.

    Raises:
        Unreachable: Discord is in trouble, so nothing is known.
    """
    channel = client.get_partial_messageable(task.channel_id, guild_id=task.guild_id)
    try:
        with translated():
            async for message in channel.history(after=_order(task), limit=SEARCH_LIMIT):
                if message.author == client.user and _is_card_of(message, task):
                    return message.id
    except CannotPost:
        return None
    return None


def _order(task: Task) -> discord.Object:
    """Return the interaction or message that the task was ordered by: its card came after it."""
    return discord.Object(int(task.order_key.partition(":")[2]))


def _is_card_of(message: discord.Message, task: Task) -> bool:
    wanted = CancelButton(task.id, "").custom_id
    return any(getattr(part, "custom_id", None) == wanted for part in _parts(message.components))


def _parts(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    for component in components:
        yield component
        yield from _parts(getattr(component, "children", ()))
