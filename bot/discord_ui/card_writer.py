"""The one writer of a card: its states, the film that plays inside it, and that it is gone again.

Serves the mailbox. Whoever wants a card to change takes turns here, so that nothing is edited that
did not change, and no older state arrives after a newer one. Never decides what a card should show.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from discord import ui

from bot.discord_ui.automod import past_automod
from bot.discord_ui.cards import Painter
from bot.discord_ui.films import FilmFile
from bot.discord_ui.traffic import EDITS, Traffic
from bot.discord_ui.wire import Wire
from bot.domain.task import Task, TaskState
from bot.errors import CannotPost, NotTaken
from bot.pipeline.lately import Lately
from bot.pipeline.ports import CardNotes, CardView, Posted, Route

log = logging.getLogger(__name__)


class CardWriter:
    """Writes into cards that exist; what a card shows now is written down in ``notes``."""

    def __init__(self, painter: Painter, wire: Wire, traffic: Traffic, notes: CardNotes) -> None:
        self._painter = painter
        self._wire = wire
        self._traffic = traffic
        self._notes = notes
        self._closed = Lately[int, None]()
        """Cards that are gone or closed to us; asking again would only be counted against us."""
        self._filmed = Lately[int, None]()
        """Cards with the film in them: that was their last edit, another would take it out."""
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def turn(self, task: Task) -> asyncio.Lock:
        """Return the lock on a task's card: one edit after the other, whoever makes it."""
        return self._turns.setdefault(task.card_message_id or 0, asyncio.Lock())

    def is_closed(self, task: Task) -> bool:
        """Tell whether the task's card is gone or closed to us, as far as we were told."""
        return task.card_message_id in self._closed

    def has_film(self, message_id: int) -> None:
        """Take note that a card was seen with its film in it; ask in its turn."""
        self._filmed[message_id] = None

    async def show(self, view: CardView) -> bool:
        """Make a card show ``view``; return whether Discord was asked.

        Raises:
            Unreachable: try again later.
        """
        async with self.turn(view.task):
            return await self._edit_unless_current(view)

    async def put_film_in(self, task: Task, file: FilmFile) -> Posted:
        """Edit the film into the card as its last state; doing it twice changes nothing.

        Raises:
            Unreachable, CannotPost, FilmTooLarge.
        """
        if task.card_message_id is None:
            raise CannotPost("there is no card")
        posted = Posted(task.channel_id, task.card_message_id, Route.CARD)
        delivered = replace(
            task,
            state=TaskState.DELIVERED,
            film_channel_id=posted.channel_id,
            film_message_id=posted.message_id,
        )
        receipt = CardView(delivered, before=await self._notes.film_before(task))
        async with self.turn(task):  # an older state that is on its way must arrive before it
            await self._edit(receipt, [file])
            self._filmed[posted.message_id] = None
        return posted

    async def take_film_out(self, task: Task) -> None:
        """Edit the card so that no film is in it; doing it twice changes nothing.

        Raises:
            Unreachable, CannotPost.
        """
        view = CardView(replace(task, film_message_id=None))
        async with self.turn(task):
            await self._edit(view, [])
            self._filmed.pop(task.card_message_id or 0, None)
        await self._notes.shown(task.guild_id, task.id, self._painter.digest(view))

    async def _edit_unless_current(self, view: CardView) -> bool:
        task, digest = view.task, self._painter.digest(view)
        if self._is_current(task, digest):
            return False
        try:
            # Whoever had a film taken down wants no file left that an upload cut short put there.
            await self._edit(view, [] if task.withdrawn else None)
        except NotTaken as error:
            log.warning("a card was not taken: %s", error, extra={"task": task.id})
            return True
        except CannotPost:
            self._closed[task.card_message_id or 0] = None
            return True
        await self._notes.shown(task.guild_id, task.id, digest)
        return True

    async def _edit(self, view: CardView, films: Sequence[FilmFile] | None = None) -> None:
        async def send(layout: ui.LayoutView) -> None:
            if not films:  # an upload has had its turn
                await self._traffic.turn(EDITS)
            await self._wire.edit(view.task, layout, films)

        names = [film.name for film in films or ()]
        await past_automod(self._painter, view, send, films=names)

    def _is_current(self, task: Task, digest: str) -> bool:
        """Tell whether an edit would change nothing, or would take the film out of the card."""
        return (
            task.card_message_id in self._closed
            or task.card_message_id in self._filmed
            or task.card_message_id == task.film_message_id
            or self._notes.shows(task) == digest
        )
