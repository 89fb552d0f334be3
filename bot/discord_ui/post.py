"""Posting a film, or that none came, as a message of its own, and finding films after a crash.

Serves step 5. Who may upload when is decided in ``uploads.py``. Never edits a card.
"""

from datetime import datetime, timedelta

import discord
from discord.abc import Messageable

from bot.discord_ui.buttons.rows import as_view, film_buttons
from bot.discord_ui.films import FilmFile, film_address, has_attached, has_in_gallery
from bot.discord_ui.sources import source_line
from bot.discord_ui.traffic import EDITS, FILMS, Traffic
from bot.discord_ui.troubles import translated
from bot.discord_ui.words import Say, words_for
from bot.discord_ui.words.figures import Markup, mention
from bot.domain.task import Task
from bot.errors import CannotPost, FieldValue
from bot.pipeline.ports import Posted, Route

CLOCK_SKEW = timedelta(minutes=1)
SEARCH_LIMIT = 5000
"""Messages looked through; more than a busy channel sees between two starts."""


class Post:
    """Films, and the news that there is none, as messages."""

    def __init__(self, client: discord.Client, traffic: Traffic) -> None:
        self._client = client
        self._traffic = traffic

    async def reply(self, task: Task, file: FilmFile) -> Posted:
        """Post the film as a reply to its card; the requester, and nobody else, is pinged."""
        text = _caption(task, Say.FILM_CAPTION, member=mention(task.member_id))
        with translated():
            message = await self._channel(task).send(
                text,
                file=file.open(),
                view=as_view(film_buttons(task)),  # type: ignore[arg-type]  # None is what it defaults to
                nonce=task.id,
                reference=_card(task),  # type: ignore[arg-type]  # None is what it defaults to
                allowed_mentions=_requester_only(task),
            )
        return Posted(message.channel.id, message.id, Route.REPLY)

    async def direct(self, task: Task, file: FilmFile) -> Posted:
        """Send the film to its requester directly."""
        place = Markup(f"<#{task.channel_id}>")
        text = _caption(task, Say.FILM_DIRECT, channel=place)
        channel = await self._direct_channel(task)
        with translated():
            message = await channel.send(
                text,
                file=file.open(),
                view=as_view(film_buttons(task, direct=True)),  # type: ignore[arg-type]  # None is what it defaults to
                nonce=task.id,
            )
        return Posted(channel.id, message.id, Route.DIRECT)

    async def news(self, task: Task) -> None:
        """Reply to the card that no film came; the requester, and nobody else, is pinged."""
        text = words_for(task.locale).say(Say.NO_FILM_CAME, member=mention(task.member_id))
        await self._traffic.turn(EDITS)
        with translated():
            await self._channel(task).send(
                text,
                nonce=f"news-{task.id}",
                reference=_card(task),  # type: ignore[arg-type]  # None is what it defaults to
                allowed_mentions=_requester_only(task),
            )

    async def address(self, task: Task) -> str | None:
        """Return the posted film's address, signed by Discord just now; ``None``: it is gone.

        Raises:
            Unreachable: nothing is known.
        """
        if task.film_channel_id is None or task.film_message_id is None:
            return None
        channel = self._client.get_partial_messageable(task.film_channel_id)
        try:
            with translated():
                message = await channel.fetch_message(task.film_message_id)
        except CannotPost:
            return None
        return film_address(message, task)

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
        await self._traffic.turn(FILMS)
        try:
            with translated():
                card = await self._channel(task).fetch_message(task.card_message_id)
        except CannotPost:
            return False
        return has_in_gallery(card, task)

    async def _in_direct_messages(self, task: Task, since: datetime) -> Posted | None:
        try:
            channel = await self._direct_channel(task)
        except CannotPost:
            return None
        return await self._in_history(channel, task, since, Route.DIRECT)

    async def _direct_channel(self, task: Task) -> discord.DMChannel:
        await self._traffic.turn(FILMS)
        with translated():
            return await self._client.create_dm(discord.Object(task.member_id))

    async def _in_history(
        self, channel: Messageable, task: Task, since: datetime, route: Route
    ) -> Posted | None:
        us, begin = self._client.user, _begin(task, since)
        await self._traffic.turn(FILMS)
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


def _caption(task: Task, what: Say, **fields: FieldValue) -> str:
    """Return what is said above a film: that it is there, and from whose picture it was made."""
    words = words_for(task.locale)
    return "\n".join((words.say(what, **fields), *source_line(task, words)))


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
