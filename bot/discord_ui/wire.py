"""Editing a card's message: through the interaction's token while it lives, then as the bot.

Serves the mailbox. The token needs no permission in the channel; the bot's own way works for ever
but only where it can see the channel. Never retries: the editor does.
"""

import logging
from collections.abc import Sequence

import discord
from discord import ui

from bot.clock import Clock
from bot.discord_ui.films import FilmFile
from bot.discord_ui.troubles import delivery_error, translated
from bot.domain.task import Task
from bot.errors import BrokenInvariant, Unreachable

log = logging.getLogger(__name__)

DEAD_TOKEN_CODES = frozenset({50027, 10015})
"""Invalid webhook token, unknown webhook."""
UNAUTHORISED = 401


class Wire:
    """The way to a card that exists."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def edit(
        self, task: Task, layout: ui.LayoutView, films: Sequence[FilmFile] | None = None
    ) -> None:
        """Make the task's card show ``layout``, with ``films`` as its only attachments.

        ``None``: those that it has stay.

        Raises:
            Unreachable: try again later.
            CannotPost: the card is gone, or closed to us.
            FilmTooLarge: Discord refused the size of the file.
        """
        token = task.token_at(self._clock.now())
        if token is None or not await self._edit_by_token(task, token, layout, films):
            await self._edit_as_bot(task, layout, films)

    async def _edit_by_token(
        self, task: Task, token: str, layout: ui.LayoutView, films: Sequence[FilmFile] | None
    ) -> bool:
        """Return whether the token still worked."""
        hook = discord.Webhook.partial(self._application_id(), token, client=self._client)
        with translated():
            try:
                await hook.edit_message(_card(task), view=layout, attachments=_opened(films))
            except discord.HTTPException as error:
                if error.status != UNAUTHORISED and error.code not in DEAD_TOKEN_CODES:
                    raise delivery_error(error) from error
                log.info("the token died early: %s", error.code, extra={"task": task.id})
                return False
        return True

    async def _edit_as_bot(
        self, task: Task, layout: ui.LayoutView, films: Sequence[FilmFile] | None
    ) -> None:
        channel = self._client.get_partial_messageable(task.channel_id, guild_id=task.guild_id)
        message = channel.get_partial_message(_card(task))
        with translated():
            await message.edit(view=layout, attachments=_opened(films))

    def _application_id(self) -> int:
        if self._client.application_id is None:
            raise Unreachable("not logged in yet")
        return self._client.application_id


def _card(task: Task) -> int:
    if task.card_message_id is None:
        raise BrokenInvariant(f"task {task.id} has no card to edit")
    return task.card_message_id


def _opened(films: Sequence[FilmFile] | None) -> list[discord.File]:
    """Return the files for one request; discord.py closes them."""
    if films is None:
        return discord.utils.MISSING  # type: ignore[no-any-return]  # what stands for "as it is"
    return [film.open() for film in films]
