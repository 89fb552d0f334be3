"""Moving a task: the row, the log line, the card and the figures, always together.

Used by every step that moves a task. Never decides whether a move is legal: the store does.
"""

import logging
from collections.abc import Callable
from typing import Protocol, Unpack

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.errors import Failure
from bot.pipeline.cards import Cards
from bot.store import Changes, Store

log = logging.getLogger(__name__)


class Movable(Protocol):
    """A task, or as much of one as it takes to move it."""

    @property
    def guild_id(self) -> int:
        """Whose it is."""

    @property
    def id(self) -> str:
        """Which it is."""

    @property
    def state(self) -> TaskState:
        """Where it stood when it was last read, for the log."""


class Moves:
    """Moves tasks, one at a time; ``observe`` is told of each task that has moved."""

    def __init__(
        self, store: Store, cards: Cards, clock: Clock, observe: Callable[[Task], None]
    ) -> None:
        self._store = store
        self._cards = cards
        self._clock = clock
        self._observe = observe

    async def move(self, task: Movable, to: TaskState, **changes: Unpack[Changes]) -> Task | None:
        """Move a task and show it; ``None``: another worker was first, and nothing was done."""
        moved = await self.quietly(task, to, **changes)
        if moved is not None:
            await self._cards.refresh(moved)
        return moved

    async def quietly(
        self, task: Movable, to: TaskState, **changes: Unpack[Changes]
    ) -> Task | None:
        """Move a task in a way that its card need not show."""
        async with self._store.write(task.guild_id) as guild:
            moved = await guild.move(task.id, to, now=self._clock.now(), **changes)
        if moved is not None:
            log.info("%s → %s", task.state.value, to.value, extra={"task": task.id})
            self._observe(moved)
        return moved

    async def note(self, task: Task, **changes: Unpack[Changes]) -> Task:
        """Write columns that are no state and that the card does not show."""
        return await self._note(task, changes) or task

    async def note_and_show(self, task: Movable, **changes: Unpack[Changes]) -> Task | None:
        """Write columns that are no state, and show it; ``None``: there is no such task."""
        noted = await self._note(task, changes)
        if noted is not None:
            await self._cards.refresh(noted)
        return noted

    async def _note(self, task: Movable, changes: Changes) -> Task | None:
        async with self._store.write(task.guild_id) as guild:
            return await guild.note(task.id, now=self._clock.now(), **changes)

    async def cancel_cardless(self, task: Task, failure: Failure) -> None:
        """Give up on a task that has no card, unless one has appeared in this moment."""
        async with self._store.write(task.guild_id) as guild:
            cancelled = await guild.cancel_cardless(task.id, now=self._clock.now(), failure=failure)
        if cancelled is not None:
            self._observe(cancelled)

    async def write_off(self, task: Task, failure: Failure) -> None:
        """Give the credits of an ``UNCONFIRMED`` task back and tell its member."""
        async with self._store.write(task.guild_id) as guild:
            lost = await guild.write_off(task.id, now=self._clock.now(), failure=failure)
        if lost is not None:
            self._observe(lost)
            await self._cards.refresh(lost)
