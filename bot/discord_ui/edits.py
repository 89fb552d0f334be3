"""Card edits, coalesced: one worker a channel, the latest wish a card, nothing in a hurry.

Behind ``Mailbox.refresh``. A channel's edits share one rate limit, so they are made one after the
other; a wish that was overtaken is never made. Never knows what an edit is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock
from bot.errors import Unreachable
from bot.pipeline.ports import CardView

log = logging.getLogger(__name__)

GAP = timedelta(seconds=1)
"""Between two edits in one channel; what changes meanwhile needs no edit of its own."""
TRIES = 6
LONGEST_PAUSE = timedelta(minutes=1)
REMEMBERED = 10_000
"""Cards given up that are kept in mind; Recovery asks for them within seconds."""

Show = Callable[[CardView], Awaitable[bool]]
"""Makes a card show a view; tells whether Discord was asked. Raises ``Unreachable``."""


class CardEditor:
    """Keeps cards up to date in the background."""

    def __init__(self, show: Show, clock: Clock, gap: timedelta = GAP) -> None:
        self._show = show
        self._gap = gap
        self._clock = clock
        self._wanted: dict[int, dict[str, CardView]] = {}
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._given_up: set[str] = set()

    def want(self, view: CardView) -> None:
        """Ask for a card to show ``view``; replaces what was asked for before."""
        channel_id = view.task.channel_id
        self._wanted.setdefault(channel_id, {})[view.task.id] = view
        if channel_id not in self._workers:
            self._workers[channel_id] = asyncio.create_task(
                self._work(channel_id), name=f"cards in {channel_id}"
            )

    def given_up(self) -> list[str]:
        """Return the ids of the tasks whose cards were given up since the last question."""
        ids = list(self._given_up)
        self._given_up.clear()
        return ids

    async def close(self, patience: timedelta = timedelta(seconds=5)) -> None:
        """Finish what is wanted within ``patience``; the rest is repaired at the next start."""
        workers = list(self._workers.values())
        if not workers:
            return
        _done, late = await asyncio.wait(workers, timeout=patience.total_seconds())
        for worker in late:
            worker.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, channel_id: int) -> None:
        wanted = self._wanted[channel_id]
        try:
            while wanted:
                view = wanted.pop(next(iter(wanted)))
                asked = await self._persist(view, wanted)
                await (self._clock.sleep(self._gap) if asked else asyncio.sleep(0))
        finally:
            del self._wanted[channel_id], self._workers[channel_id]

    async def _persist(self, view: CardView, wanted: dict[str, CardView]) -> bool:
        """Show the newest view of one card, again and again while Discord is in trouble."""
        for attempt in range(TRIES):
            view = wanted.pop(view.task.id, view)
            try:
                return await self._show(view)
            except Unreachable as error:
                await self._clock.sleep(min(error.retry_after * 2**attempt, LONGEST_PAUSE))
            except Exception:  # a worker's loop body: one bad card must not stop the others
                log.exception("a card could not be drawn", extra={"task": view.task.id})
                return True
        log.warning("a card was not updated: no answer", extra={"task": view.task.id})
        if len(self._given_up) < REMEMBERED:
            self._given_up.add(view.task.id)
        return True
