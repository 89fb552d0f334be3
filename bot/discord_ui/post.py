"""Posting a film, or that none came, as a message of its own, and finding films after a crash.

Serves step 5. One upload a channel at a time and a few overall: Discord breaks off concurrent ones.
Never edits a card.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import discord
from discord.abc import Messageable

from bot.discord_ui.buttons import FullQualityButton
from bot.discord_ui.films import FilmFile, has_attached, has_in_gallery
from bot.discord_ui.troubles import translated
from bot.discord_ui.words import Say, words_for
from bot.discord_ui.words.figures import Markup, mention
from bot.domain.task import Task
from bot.errors import CannotPost
from bot.pipeline.ports import Posted, Route

UPLOADS_AT_ONCE = 3
CLOCK_SKEW = timedelta(minutes=1)
SEARCH_LIMIT = 5000
"""Messages looked through; more than a busy channel sees between two starts."""


class Post:
    """Films, and the news that there is none, as messages."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._few = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._one: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def upload(self, task: Task) -> AsyncIterator[None]:
        """Wait for this task's turn to upload into its channel."""
        turn = self._one.setdefault(task.channel_id, asyncio.Lock())
        async with turn, self._few:
            yield

    async def reply(self, task: Task, file: FilmFile) -> Posted:
        """Post the film as a reply to its card; the requester, and nobody else, is pinged."""
        text = words_for(task.locale).say(Say.FILM_CAPTION, member=mention(task.member_id))
        with translated():
            message = await self._channel(task).send(
                text,
                file=file.open(),
                view=_full_quality(task),  # type: ignore[arg-type]  # None is what it defaults to
                nonce=task.id,
                reference=_card(task),  # type: ignore[arg-type]  # None is what it defaults to
                allowed_mentions=_requester_only(task),
            )
        return Posted(message.channel.id, message.id, Route.REPLY)

    async def direct(self, task: Task, file: FilmFile) -> Posted:
        """Send the film to its requester directly."""
        place = Markup(f"<#{task.channel_id}>")
        text = words_for(task.locale).say(Say.FILM_DIRECT, channel=place)
        with translated():
            channel = await self._client.create_dm(discord.Object(task.member_id))
            message = await channel.send(
                text,
                file=file.open(),
                view=_full_quality(task),  # type: ignore[arg-type]  # None is what it defaults to
                nonce=task.id,
            )
        return Posted(channel.id, message.id, Route.DIRECT)

    async def news(self, task: Task) -> None:
        """Reply to the card that no film came; the requester, and nobody else, is pinged."""
        text = words_for(task.locale).say(Say.NO_FILM_CAME, member=mention(task.member_id))
        with translated():
            await self._channel(task).send(
                text,
                nonce=f"news-{task.id}",
                reference=_card(task),  # type: ignore[arg-type]  # None is what it defaults to
                allowed_mentions=_requester_only(task),
            )

    async def find(self, task: Task, since: datetime) -> Posted | None:
        """Search card, channel and direct messages for the film.

        Raises:
            Unreachable: Discord is in trouble, so nothing is known.
        """
        if await self._in_card(task):
            return Posted(task.channel_id, task.card_message_id or 0, Route.CARD)
        posted = await self._in_history(self._channel(task), task, since, Route.REPLY)
        return posted or await self._in_direct_messages(task, since)

    async def _in_card(self, task: Task) -> bool:
        if task.card_message_id is None:
            return False
        try:
            with translated():
                card = await self._channel(task).fetch_message(task.card_message_id)
        except CannotPost:
            return False
        return has_in_gallery(card, task)

    async def _in_direct_messages(self, task: Task, since: datetime) -> Posted | None:
        try:
            with translated():
                channel = await self._client.create_dm(discord.Object(task.member_id))
        except CannotPost:
            return None
        return await self._in_history(channel, task, since, Route.DIRECT)

    async def _in_history(
        self, channel: Messageable, task: Task, since: datetime, route: Route
    ) -> Posted | None:
        us, begin = self._client.user, _begin(task, since)
        try:
            with translated():
                async for message in channel.history(limit=SEARCH_LIMIT):  # the newest first
                    if message.id < begin:
                        break
                    if message.author == us and has_attached(message, task):
                        return Posted(message.channel.id, message.id, route)
        except CannotPost:
            return None
        return None

    def _channel(self, task: Task) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(task.channel_id, guild_id=task.guild_id)


def _begin(task: Task, since: datetime) -> int:
    """Return the message id before which the film cannot be.

    Message ids carry Discord's time and ``since`` ours, which may be wrong by hours: the card is
    the better mark.
    """
    return task.card_message_id or discord.utils.time_snowflake(since - CLOCK_SKEW)


def _full_quality(task: Task) -> discord.ui.View | None:
    """Return the button for a film that was made smaller; the others need none."""
    if not task.film_fitted:
        return None
    label = words_for(task.locale).say(Say.FULL_QUALITY)
    button = FullQualityButton(task.guild_id, task.id, label)
    return discord.ui.View(timeout=None).add_item(button)


def _card(task: Task) -> discord.MessageReference | None:
    if task.card_message_id is None:
        return None
    return discord.MessageReference(
        message_id=task.card_message_id,
        channel_id=task.channel_id,
        guild_id=task.guild_id,
        fail_if_not_exists=False,
    )


def _requester_only(task: Task) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(task.member_id)], replied_user=False
    )
