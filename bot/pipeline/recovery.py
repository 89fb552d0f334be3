"""Step 6: Recovery finds in the rows whatever was left half-way, at start and every little while.

A create that was under way when the bot died becomes one to search for; a card that was shown but
not written down is found again, and a task without one released; what no service will ever finish
is ended; cards that show an old state are brought up to date; interaction tokens are erased when
they die; files are tidied. Never speaks to a video service.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.draft import DRAFT_LIFE
from bot.domain.task import TaskState
from bot.errors import Failure, Unreachable
from bot.pipeline.cards import Cards
from bot.pipeline.moves import Moves
from bot.pipeline.repair import CardRepair
from bot.pipeline.search import UNTIL
from bot.pipeline.worker import Worker
from bot.store import Store

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=20)
CARD_PATIENCE = timedelta(minutes=1)
"""A task whose card has not appeared by then: its member saw an error and may have asked again."""
LONGEST = timedelta(hours=48)
"""No service is at work for so long, nor keeps a film half as long."""


class Recovery(Worker):
    """Sweeps the rows."""

    def __init__(
        self,
        *,
        store: Store,
        moves: Moves,
        providers: Collection[str],
        cards: Cards,
        repair: CardRepair,
        tidy: Callable[[], Awaitable[None]],
        clock: Clock,
        wake: Callable[[str], None] = lambda _provider: None,
    ) -> None:
        """Take the parts; ``providers`` are the names of those that have a key.

        ``wake`` is called with a provider's name when there is something to send to it.
        """
        super().__init__("recovery", clock)
        self._store = store
        self._moves = moves
        self._providers = providers
        self._cards = cards
        self._repair = repair
        self._tidy = tidy
        self._wake = wake
        self._began = clock.now()

    async def take_up(self) -> None:
        """Begin where the last run stopped; once, before anything is sent.

        Whether a create that never came to an end reached the service is not known.
        """
        for task in await self._store.work.in_state(TaskState.SENDING):
            log.warning("the send was interrupted; looking for it", extra={"task": task.id})
            await self._moves.move(task, TaskState.UNCONFIRMED, attempts=0, due_at=None)

    @override
    async def step(self) -> timedelta:
        """Sweep once."""
        await self._store.work.erase_tokens(before=self._clock.now())
        await self._store.work.erase_drafts(before=self._clock.now() - DRAFT_LIFE)
        await self._cardless()
        await self._hopeless()
        await self._without_provider()
        await self._repair.sweep()
        await self._tidy()
        return EVERY

    async def _cardless(self) -> None:
        """Look for the cards of the last run at once, and of this one when they are overdue."""
        overdue = self._clock.now() - CARD_PATIENCE
        for task in await self._store.work.cardless(before=max(overdue, self._began)):
            try:
                message_id = await self._cards.find(task)
            except Unreachable as error:
                log.warning("its card could not be looked for: %s", error, extra={"task": task.id})
                continue
            if message_id is not None:
                log.info("its card was found again", extra={"task": task.id})
                await self._moves.note_and_show(task, card_message_id=message_id)
                self._wake(task.provider)
            elif task.created_at <= overdue:
                log.warning("no card appeared; released", extra={"task": task.id})
                await self._moves.cancel_cardless(task, Failure.NO_CARD)

    async def _hopeless(self) -> None:
        now = self._clock.now()
        for task in await self._store.work.given_up(now - UNTIL):
            log.error("lost: never found in a day; released", extra={"task": task.id})
            await self._moves.write_off(task, Failure.LOST)
        for task in await self._store.work.stuck(now - LONGEST):
            log.error("the service never finished it; released", extra={"task": task.id})
            await self._moves.move(task, TaskState.EXPIRED, failure=Failure.FORGOTTEN)

    async def _without_provider(self) -> None:
        """Release what waits for a service whose key is gone; what is there already may wait."""
        for task in await self._store.work.orphaned(self._providers):
            if task.state is TaskState.QUEUED:
                await self._moves.move(
                    task,
                    TaskState.REFUSED,
                    failure=Failure.SERVICE_OFF,
                    flagged=task.in_doubt,
                )
            elif not task.flagged:
                log.error("%s has no key any more", task.provider, extra={"task": task.id})
                await self._moves.note(task, flagged=True)
