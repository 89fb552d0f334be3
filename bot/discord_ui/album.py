"""Finding the picture that a menu, a form or a mention points at.

Step 1 for the doors that animate what is already in Discord. Remembers what a menu showed us,
because only the menu may see pictures without the message content intent.
"""

from typing import Any

import discord

from bot.discord_ui.pictures import Candidate, pictures_in
from bot.discord_ui.troubles import TRANSPORT
from bot.errors import Refusal, Refused

REMEMBERED = 500
"""Messages whose pictures are kept for the forms that are being filled in."""


class Album:
    """The pictures of messages that somebody wants to animate."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._seen: dict[int, list[Candidate]] = {}

    def remember(self, message: discord.Message) -> list[Candidate]:
        """Return a message's pictures and keep their addresses for a form.

        Raises:
            Refused: there are none.
        """
        pictures = pictures_in(message)
        if not pictures:
            raise Refused(Refusal.NO_PICTURE)
        self._seen.pop(message.id, None)
        self._seen[message.id] = pictures
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return pictures

    async def picture(self, channel_id: int, message_id: int, number: int) -> str:
        """Return the address of one picture of a message that a form was opened on.

        Raises:
            Refused: gone, hidden from us, or Discord is in trouble.
        """
        pictures = self._seen.get(message_id)
        if pictures is None:
            pictures = pictures_in(await self._fetch(channel_id, message_id, Refusal.PICTURE_GONE))
        if not 0 <= number < len(pictures):
            raise Refused(Refusal.PICTURE_GONE)
        return pictures[number].url

    async def mentioned(self, message: discord.Message) -> str:
        """Return the address of the first picture in a message or in what it replies to.

        Raises:
            Refused: there is none, or Discord hides it from us.
        """
        pictures = pictures_in(message) or await self._replied_to(message)
        if not pictures:
            raise Refused(Refusal.NO_PICTURE)
        return pictures[0].url

    async def _replied_to(self, message: discord.Message) -> list[Candidate]:
        reference = message.reference
        if reference is None or reference.message_id is None:
            return []
        target = reference.resolved
        if isinstance(target, discord.Message):
            pictures = pictures_in(target)
            if pictures or not _blank(target):
                return pictures
        return pictures_in(await self._look_up(reference, reference.message_id))

    async def _look_up(
        self, reference: discord.MessageReference, message_id: int
    ) -> discord.Message:
        """Fetch a message that came without its content; only the intent lets us read it."""
        if not self._client.intents.message_content:
            raise Refused(Refusal.PICTURE_HIDDEN)
        return await self._fetch(reference.channel_id, message_id, Refusal.PICTURE_HIDDEN)

    async def _fetch(self, channel_id: int, message_id: int, otherwise: Refusal) -> discord.Message:
        channel = self._client.get_partial_messageable(channel_id)
        try:
            return await channel.fetch_message(message_id)
        except (discord.Forbidden, discord.NotFound) as error:
            raise Refused(otherwise) from error
        except (discord.HTTPException, *TRANSPORT) as error:
            raise Refused(Refusal.PICTURE_UNREACHABLE) from error


def _blank(message: Any) -> bool:
    """Tell whether nothing of a message can be seen: it is empty, or hidden from us."""
    return not (message.content or message.attachments or message.embeds or message.components)
