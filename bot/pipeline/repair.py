"""Part of step 6: cards that may show an old state are brought up to date.

A card is edited when its task moves; this is for the edits that never came through, and for what
changes by the mere passing of time. It costs by what has changed, not by what is in flight:

- At the start, every task under way and those that ended lately: the last run may have died before
  it had told them. The Mailbox knows by a digest in the row which of them show all there is.
- From then on the cards that the Mailbox itself had to give up, until Discord answers again.
- Films that take longer than usual, each once, when that becomes true.
- And, in case all of this has a hole, a small part of everything, taking turns.

Never edits a card itself.
"""

import asyncio
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.task import Task
from bot.pipeline.cards import Cards
from bot.pipeline.ports import Mailbox
from bot.store import Store

CARD_MEMORY = timedelta(hours=24)
"""How far back the start looks among the tasks that have ended."""
RECENT = timedelta(minutes=10)
ENDED_AT_START = 1000
SLICE = 100
"""Cards looked at in one go, and the part of everything that has its turn in a sweep. A bot with
fewer films looks at all of them every time."""


class CardRepair:
    """Sweeps over the cards, a little at a time."""

    def __init__(self, store: Store, mailbox: Mailbox, cards: Cards, clock: Clock) -> None:
        self._store = store
        self._mailbox = mailbox
        self._cards = cards
        self._clock = clock
        self._looked_at: Task | None = None
        """The last one under way that had its turn."""
        self._begun = False
        self._owed: list[str] = []
        """Ids of the tasks whose cards the Mailbox gave up."""
        self._slow_since: dict[tuple[str, timedelta], datetime] = {}
        """For each kind of film: who was accepted until then was already called slow."""

    async def sweep(self) -> None:
        """Ask for the cards that may show an old state; the Mailbox skips those up to date.

        Raises:
            StoreUnavailable: the rows cannot be read now; the next sweep makes up for it.
        """
        if not self._begun:
            await self._everything()
            self._begun = True
            return
        await self._unshown()
        await self._newly_slow()
        await self._some_of_all()

    async def _everything(self) -> None:
        await self._ended_since(CARD_MEMORY, ENDED_AT_START)
        while await self._next_slice():
            pass
        await self._newly_slow()  # from here on

    async def _some_of_all(self) -> None:
        await self._ended_since(RECENT, SLICE)
        await self._next_slice()

    async def _unshown(self) -> None:
        self._owed.extend(self._mailbox.unshown())  # kept: it tells only once
        while self._owed:
            await self._show(await self._store.work.tasks(self._owed[:SLICE]))
            del self._owed[:SLICE]

    async def _ended_since(self, memory: timedelta, limit: int) -> None:
        since = self._clock.now() - memory
        await self._show(await self._store.work.ended_since(since, limit))

    async def _next_slice(self) -> bool:
        """Show the next ones under way; tell whether there are more behind them."""
        tasks = await self._store.work.under_way(after=self._looked_at, limit=SLICE)
        more = len(tasks) == SLICE
        self._looked_at = tasks[-1] if more else None
        await self._show(tasks)
        return more

    async def _newly_slow(self) -> None:
        for kind in await self._store.work.kinds_at_work():
            until = self._clock.now() - await self._cards.slow_after(*kind)
            since = self._slow_since.setdefault(kind, until)
            if since < until:
                tasks = await self._store.work.accepted_between(*kind, since, until)
                self._slow_since[kind] = until
                await self._show(tasks)

    async def _show(self, tasks: list[Task]) -> None:
        for start in range(0, len(tasks), SLICE):
            await self._cards.refresh(*tasks[start : start + SLICE])
            await asyncio.sleep(0)  # drawing takes time, and others wait
