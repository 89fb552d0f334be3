"""The pipeline's mailbox, filled by Discord: cards kept up to date, films posted and found again.

Serves steps 3 to 6. Knows no interaction; what a person sees afterwards is written down in
``notes``, so that nothing is edited that did not change, and nobody is told twice.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from weakref import WeakValueDictionary

import discord
from discord import ui

from bot.clock import Clock
from bot.discord_ui.automod import past_automod
from bot.discord_ui.cards import Painter
from bot.discord_ui.edits import GAP, CardEditor
from bot.discord_ui.films import FilmFile, film_name
from bot.discord_ui.lost_cards import find_card
from bot.discord_ui.places import Places
from bot.discord_ui.post import Post
from bot.discord_ui.wire import Wire
from bot.domain.task import Task, TaskState
from bot.errors import CannotPost, NotTaken
from bot.pipeline.ports import CardNotes, CardView, Posted, Route

log = logging.getLogger(__name__)


class DiscordMailbox:
    """Implements ``bot.pipeline.ports.Mailbox``."""

    def __init__(
        self,
        client: discord.Client,
        painter: Painter,
        clock: Clock,
        notes: CardNotes,
        edit_gap: timedelta = GAP,
    ) -> None:
        self._client = client
        self._painter = painter
        self._notes = notes
        self._wire = Wire(client, clock)
        self._places = Places(client, clock)
        self._post = Post(client)
        self._editor = CardEditor(self._show, clock, edit_gap)
        self._latest: dict[str, str] = {}
        """What the cards of running tasks show: the rows that views are made of may lag behind."""
        self._closed: set[int] = set()
        """Cards that are gone or closed to us; asking again would only be counted against us."""
        self._filmed: set[int] = set()
        """Cards with the film in them: that was their last edit, another would take it out."""
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def refresh(self, view: CardView) -> None:
        """Ask for the card to show ``view``, soon."""
        if view.task.card_message_id is not None:
            self._editor.want(view)

    async def find_card(self, task: Task) -> int | None:
        """Search the channel for a waiting task's card; return its message id.

        Raises:
            Unreachable: nothing is known.
        """
        return await find_card(self._client, task)

    async def routes(self, task: Task) -> list[Route]:
        """Return the ways that are open for this task's film now.

        Raises:
            Unreachable: Discord has not told us about the server yet.
        """
        return await self._places.routes(task)

    async def find(self, task: Task, since: datetime) -> Posted | None:
        """Search the places where the film may already be since ``since``.

        Raises:
            Unreachable: nothing is known.
        """
        async with self._turn(task):
            posted = await self._post.find(task, since)
            if posted is not None and posted.route is Route.CARD:
                self._filmed.add(posted.message_id)
            return posted

    def size_limit(self, task: Task, route: Route) -> int:
        """Return how many bytes a file may have on this route."""
        return self._places.size_limit(task, route)

    async def post(self, task: Task, film: Path, route: Route) -> Posted:
        """Post the film.

        Raises:
            Unreachable: try again later.
            CannotPost: this route is closed.
            FilmTooLarge: Discord refused the size.
        """
        file = FilmFile(film, film_name(task))
        async with self._post.upload(task):
            match route:
                case Route.REPLY:
                    return await self._post.reply(task, file)
                case Route.DIRECT:
                    return await self._post.direct(task, file)
                case Route.CARD:
                    return await self._into_card(task, file)

    async def close(self, patience: timedelta = timedelta(seconds=5)) -> None:
        """Finish the edits that are wanted, within ``patience``."""
        await self._editor.close(patience)

    async def _into_card(self, task: Task, file: FilmFile) -> Posted:
        """Edit the film into the card as its last state; doing it twice changes nothing."""
        if task.card_message_id is None:
            raise CannotPost("there is no card")
        posted = Posted(task.channel_id, task.card_message_id, Route.CARD)
        receipt = CardView(
            replace(
                task,
                state=TaskState.DELIVERED,
                film_channel_id=posted.channel_id,
                film_message_id=posted.message_id,
            )
        )
        async with self._turn(task):  # an older state that is on its way must arrive before it
            await self._edit(receipt, file)
            self._filmed.add(posted.message_id)
        return posted

    async def _show(self, view: CardView) -> bool:
        """Make a card show ``view``, and break news; return whether Discord was asked."""
        asked = await self._bring_up_to_date(view)
        if view.task.owes_news and view.task.card_message_id not in self._closed:
            await self._break_news(view.task)
            return True
        return asked

    async def _bring_up_to_date(self, view: CardView) -> bool:
        async with self._turn(view.task):
            return await self._edit_unless_current(view)

    async def _edit_unless_current(self, view: CardView) -> bool:
        task, digest = view.task, self._painter.digest(view)
        if self._is_current(task, digest):
            return False
        try:
            await self._edit(view)
        except NotTaken as error:
            log.warning("a card was not taken: %s", error, extra={"task": task.id})
            return True
        except CannotPost:
            self._closed.add(task.card_message_id or 0)
            return True
        self._latest[task.id] = digest
        if task.ended:
            self._latest.pop(task.id)
        await self._notes.shown(task.guild_id, task.id, digest)
        return True

    async def _break_news(self, task: Task) -> None:
        """Tell a member who no longer watches the card that it failed; an edit notifies nobody."""
        try:
            await self._post.news(task)
        except CannotPost as error:
            log.warning("its member could not be told: %s", error, extra={"task": task.id})
        await self._notes.told(task.guild_id, task.id)

    async def _edit(self, view: CardView, file: FilmFile | None = None) -> None:
        async def send(layout: ui.LayoutView) -> None:
            await self._wire.edit(view.task, layout, file)

        await past_automod(self._painter, view, send, films=[file.name] if file else [])

    def _turn(self, task: Task) -> asyncio.Lock:
        """Return the lock on a task's card: one edit after the other, whoever makes it."""
        return self._turns.setdefault(task.card_message_id or 0, asyncio.Lock())

    def _is_current(self, task: Task, digest: str) -> bool:
        """Tell whether an edit would change nothing, or would take the film out of the card."""
        return (
            task.card_message_id in self._closed | self._filmed
            or task.card_message_id == task.film_message_id
            or self._latest.get(task.id, task.card_shown) == digest
        )
