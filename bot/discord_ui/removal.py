"""Taking a film of ours out of Discord again.

Serves the mailbox when a film was taken down. Only ever changes our own messages, which takes no
permission but to see the channel; never anybody else's.
"""

import logging
from collections.abc import Awaitable, Callable

import discord

from bot.discord_ui.traffic import EDITS, Traffic
from bot.discord_ui.troubles import translated
from bot.domain.task import Task
from bot.errors import MessageGone, NotTaken

log = logging.getLogger(__name__)


class Removal:
    """Deletes the message that brought a film, or has it edited out of its card."""

    def __init__(
        self,
        client: discord.Client,
        traffic: Traffic,
        out_of_card: Callable[[Task], Awaitable[None]],
    ) -> None:
        """Take the client, and what edits a film out of its card."""
        self._client = client
        self._traffic = traffic
        self._out_of_card = out_of_card

    async def remove(self, task: Task) -> None:
        """Remove the task's film; one that is gone already is no trouble.

        Raises:
            Unreachable: try again later.
            CannotPost: we may not reach it now.
        """
        if task.film_message_id is None:
            return
        try:
            await self._remove(task, task.film_message_id)
        except NotTaken:  # so an archived thread answers
            if not await self._opened(task.film_channel_id or task.channel_id):
                raise
            await self._remove(task, task.film_message_id)

    async def _remove(self, task: Task, message_id: int) -> None:
        try:
            if message_id == task.card_message_id:
                await self._out_of_card(task)
            else:
                await self._delete(task.film_channel_id or task.channel_id, message_id)
        except MessageGone:
            log.info("its film was gone already", extra={"task": task.id})

    async def _delete(self, channel_id: int, message_id: int) -> None:
        channel = self._client.get_partial_messageable(channel_id)
        await self._traffic.turn(EDITS)
        with translated():
            await channel.get_partial_message(message_id).delete()

    async def _opened(self, channel_id: int) -> bool:
        """Open an archived thread again; tell whether it was one."""
        await self._traffic.turn(EDITS)
        with translated():
            channel = await self._client.fetch_channel(channel_id)
            if not isinstance(channel, discord.Thread) or not channel.archived:
                return False
            await channel.edit(archived=False)
        return True
