"""The Eraser: what was taken down leaves Discord and the disk, however often that takes.

Beside the story, after Consent. The rows say what is left: the film's message, the film, the
picture; each is crossed out once it is gone, so that a crash at any line repeats only what does no
harm. Never decides what is taken down.
"""

import logging
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task
from bot.errors import CannotPost, Unreachable
from bot.pipeline.crew import Crew
from bot.pipeline.moves import Moves
from bot.pipeline.ports import Mailbox
from bot.pipeline.shelf import Shelf
from bot.pipeline.worker import backoff
from bot.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 2
REST = timedelta(seconds=10)
CLOSED = timedelta(hours=1)
"""Between two tries where we may not: a moderator may give us the permission back."""


class Eraser(Crew):
    """Removes what is left of films that were taken down."""

    def __init__(
        self, *, store: Store, moves: Moves, mailbox: Mailbox, shelf: Shelf, clock: Clock
    ) -> None:
        super().__init__("eraser", clock, places=AT_ONCE)
        self._store = store
        self._moves = moves
        self._mailbox = mailbox
        self._shelf = shelf

    @override
    async def due(self, limit: int) -> list[Task]:
        """Return the tasks of which something is left."""
        return await self._store.work.taken_down(now=self._clock.now(), limit=limit)

    @override
    async def rest(self) -> timedelta:
        """Rest a little: few films are ever taken down, and the question is cheap."""
        return REST

    @override
    async def act(self, task: Task) -> None:
        """Remove what is left of one task: from the disk first, which is always ours."""
        await self._shelf.discard(self._shelf.of_task(task))
        if task.film is not None or task.picture is not None:
            task = await self._moves.note(task, film=None, picture=None)
        if task.film_message_id is None:
            return
        try:
            await self._mailbox.remove_film(task)
        except Unreachable as error:
            pause = max(error.retry_after, backoff(task.attempts))
            await self._later(task, pause, str(error))
        except CannotPost as error:
            await self._later(task, CLOSED, str(error), flagged=True)
        else:
            log.info("taken down", extra={"task": task.id})
            await self._moves.note_and_show(task, film_message_id=None, due_at=None)

    async def _later(
        self, task: Task, pause: timedelta, why: str, *, flagged: bool = False
    ) -> None:
        log.warning("not taken down yet: %s", why, extra={"task": task.id})
        await self._moves.note(
            task,
            due_at=self._clock.now() + pause,
            attempts=task.attempts + 1,
            flagged=task.flagged or flagged,
        )
