"""The pipeline's mailbox, filled by Discord: cards kept up to date, films posted and found again.

Serves steps 3 to 6. Knows no interaction; what a person sees afterwards is written down in
``notes``, so that nothing is edited that did not change, and nobody is told twice.
"""

import logging
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path

import discord

from bot.clock import Clock
from bot.discord_ui.card_writer import CardWriter
from bot.discord_ui.cards import Painter
from bot.discord_ui.edits import GAP, CardEditor
from bot.discord_ui.films import FilmFile, film_name
from bot.discord_ui.lost_cards import find_card
from bot.discord_ui.places import Places
from bot.discord_ui.post import Post
from bot.discord_ui.removal import Removal
from bot.discord_ui.traffic import EDITS, Traffic
from bot.discord_ui.uploads import Uploads
from bot.discord_ui.wire import Wire
from bot.domain.task import Task
from bot.errors import CannotPost
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
        self._notes = notes
        self._traffic = Traffic(clock)
        self._cards = CardWriter(painter, Wire(client, clock), self._traffic, notes)
        self._places = Places(client, clock, self._traffic)
        self._uploads = Uploads(self._traffic)
        self._post = Post(client, self._traffic)
        self._removal = Removal(client, self._traffic, self._cards.take_film_out)
        self._editor = CardEditor(self._show, clock, edit_gap)

    def refresh(self, view: CardView) -> None:
        """Ask for the card to show ``view``, soon."""
        if view.task.card_message_id is not None:
            self._editor.want(view)

    def unshown(self) -> list[str]:
        """Return the ids of the tasks whose cards were given up since the last question."""
        return self._editor.given_up()

    async def find_card(self, task: Task) -> int | None:
        """Search the channel for a waiting task's card; return its message id.

        Raises:
            Unreachable: nothing is known.
        """
        await self._traffic.turn(EDITS)
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
        async with self._cards.turn(task):
            posted = await self._post.find(task, since)
            if posted is not None and posted.route is Route.CARD:
                self._cards.has_film(posted.message_id)
            return posted

    def size_limit(self, task: Task, route: Route) -> int:
        """Return how many bytes a file may have on this route."""
        return self._places.size_limit(task, route)

    def turn(self, task: Task) -> AbstractAsyncContextManager[None]:
        """Wait for the task's turn to post into its channel, and hold it."""
        return self._uploads.turn(task)

    async def post(self, task: Task, film: Path, route: Route) -> Posted:
        """Post the film, within its turn.

        Raises:
            Unreachable: try again later.
            CannotPost: this route is closed.
            FilmTooLarge: Discord refused the size.
        """
        file = FilmFile(film, film_name(task))
        match route:
            case Route.REPLY:
                return await self._post.reply(task, file)
            case Route.DIRECT:
                return await self._post.direct(task, file)
            case Route.CARD:
                return await self._cards.put_film_in(task, file)

    async def film_url(self, task: Task) -> str | None:
        """Return an address from which a posted film can be had now; ``None``: it is gone.

        Raises:
            Unreachable: nothing is known.
        """
        return await self._post.address(task)

    async def remove_film(self, task: Task) -> None:
        """Take a film that was posted out of Discord.

        Raises:
            Unreachable: try again later.
            CannotPost: it stands where we may not remove it now.
        """
        await self._removal.remove(task)

    async def close(self, patience: timedelta = timedelta(seconds=5)) -> None:
        """Finish the edits that are wanted, within ``patience``."""
        await self._editor.close(patience)

    async def _show(self, view: CardView) -> bool:
        """Make a card show ``view``, and break news; return whether Discord was asked."""
        asked = await self._cards.show(view)
        if view.task.owes_news and not self._cards.is_closed(view.task):
            await self._break_news(view.task)
            return True
        return asked

    async def _break_news(self, task: Task) -> None:
        """Tell a member who no longer watches the card that it failed; an edit notifies nobody."""
        try:
            await self._post.news(task)
        except CannotPost as error:
            log.warning("its member could not be told: %s", error, extra={"task": task.id})
        await self._notes.told(task.guild_id, task.id)
