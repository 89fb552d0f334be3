"""Finding the picture that a menu, a form or a mention points at.

Step 1 for the doors that animate what is already in Discord. Only the menu may see pictures without
the message content intent, so what it shows is kept in a draft; never remembers anything itself.
"""

import re
from datetime import timedelta
from typing import Any

import discord

from bot.clock import Clock
from bot.discord_ui.drafting import draft_of_avatar, draft_of_mention, draft_of_message
from bot.discord_ui.links import same_file
from bot.discord_ui.pictures import Candidate, none_in, pictures_in
from bot.discord_ui.troubles import TRANSPORT
from bot.domain.catalog import Door
from bot.domain.draft import Draft
from bot.errors import Refusal, Refused
from bot.pipeline.drafts import Drafts

LINK = re.compile(r"https?://\S")
PREVIEW_PATIENCE = timedelta(seconds=3)
"""What Discord usually takes to look at a link and show it."""
MARGIN = timedelta(minutes=1)
"""A link that is about to expire may do so on the way."""


class Album:
    """The pictures that somebody wants to animate."""

    def __init__(self, client: discord.Client, drafts: Drafts, clock: Clock) -> None:
        self._client = client
        self._drafts = drafts
        self._clock = clock

    async def of_message(
        self, interaction: discord.Interaction[Any], message: discord.Message, door: Door
    ) -> Draft:
        """Keep a message's pictures for the form that opens next.

        Raises:
            Refused: there are none, or whose they are does not want it.
        """
        draft = draft_of_message(interaction, message, door, self._clock.now())
        await self._drafts.keep(draft)
        return draft

    async def of_avatar(
        self, interaction: discord.Interaction[Any], user: discord.User | discord.Member
    ) -> Draft:
        """Keep an avatar for the form that opens next.

        Raises:
            Refused: whose it is does not want it.
        """
        draft = draft_of_avatar(interaction, user, self._clock.now())
        await self._drafts.keep(draft)
        return draft

    async def hidden(self, message: discord.Message, prompt: str) -> Refused:
        """Return the refusal of a mention whose picture we cannot see; the words are kept."""
        draft = draft_of_mention(message, prompt, self._clock.now())
        await self._drafts.keep(draft)
        return Refused(Refusal.PICTURE_HIDDEN, draft=draft.id)

    async def picture(self, draft: Draft, number: int) -> str:
        """Return the address of one of a draft's pictures; read anew where it has expired.

        Raises:
            Refused: gone, hidden from us, or Discord is in trouble.
        """
        if not 0 <= number < len(draft.pictures):
            raise Refused(Refusal.PICTURE_GONE)
        url = draft.pictures[number]
        if draft.expires_at is None or self._clock.now() + MARGIN < draft.expires_at:
            return url
        return await self._anew(draft, url)

    async def mentioned(self, message: discord.Message) -> tuple[Candidate, discord.Message]:
        """Return the first picture in a message or in what it replies to, and where it stands.

        An emoji in the message's own text may be a mere smile: it comes last.

        Raises:
            Refused: there is none, or Discord hides it from us.
        """
        own = pictures_in(message)
        if own and not own[0].is_emoji:
            return own[0], message
        replied_to = await self._replied_to(message)
        theirs = pictures_in(replied_to) if replied_to is not None else []
        if replied_to is not None and theirs:
            return theirs[0], replied_to
        own = await self._previewed(message) or own
        if not own:
            raise none_in(replied_to or message)
        return own[0], message

    async def _previewed(self, message: discord.Message) -> list[Candidate]:
        """Wait for what Discord shows of a link: an edit, a moment after the message itself."""
        if LINK.search(message.content) is None:
            return []

        def is_it(edit: discord.RawMessageUpdateEvent) -> bool:
            return edit.message_id == message.id and bool(pictures_in(edit.message))

        patience = PREVIEW_PATIENCE.total_seconds()
        try:
            edit = await self._client.wait_for("raw_message_edit", check=is_it, timeout=patience)
        except TimeoutError:  # or it came before we listened
            found = await self._fetch(message.channel.id, message.id, Refusal.NO_PICTURE)
            return pictures_in(found)
        return pictures_in(edit.message)

    async def _anew(self, draft: Draft, url: str) -> str:
        if draft.message_id is None:
            raise Refused(Refusal.PICTURE_GONE)
        message = await self._fetch(draft.channel_id, draft.message_id, Refusal.PICTURE_GONE)
        for picture in pictures_in(message):
            if same_file(picture.url, url):
                return picture.url
        raise Refused(Refusal.PICTURE_GONE)

    async def _replied_to(self, message: discord.Message) -> discord.Message | None:
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        target = reference.resolved
        if isinstance(target, discord.Message) and (pictures_in(target) or not _blank(target)):
            return target
        if isinstance(target, discord.DeletedReferencedMessage):
            raise Refused(Refusal.PICTURE_GONE)
        return await self._look_up(reference, reference.message_id)

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
        except discord.NotFound as error:
            raise Refused(Refusal.PICTURE_GONE) from error
        except discord.Forbidden as error:
            raise Refused(otherwise) from error
        except (discord.HTTPException, *TRANSPORT) as error:
            raise Refused(Refusal.PICTURE_UNREACHABLE) from error


def _blank(message: Any) -> bool:
    """Tell whether nothing of a message can be seen: it is empty, or hidden from us."""
    fields = ("content", "attachments", "embeds", "components", "stickers", "message_snapshots")
    return not any(getattr(message, field) for field in fields)
