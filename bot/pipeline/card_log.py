"""What members were shown and told, written into the rows so that nothing is said twice.

Serves the Mailbox and the first answers. That somebody was told is on disk at once. What a card
shows is written a moment later, with that of all others: a film changes its card four or five times
over, and what a crash forgets costs an edit that changes nothing. Never reads what it wrote.
"""

import asyncio
import logging
from datetime import timedelta

from bot.clock import Clock
from bot.domain.task import Task
from bot.errors import StoreUnavailable
from bot.pipeline.cards import film_before
from bot.pipeline.lately import Lately
from bot.pipeline.ports import Spot
from bot.pipeline.worker import backoff
from bot.store import Store

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=1)


class CardLog:
    """Writes down what cards show, once in a second at most."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._shown: dict[tuple[int, str], str] = {}
        """What is still to be written, by guild and task: of each card only the latest."""
        self._writing: asyncio.Task[None] | None = None
        self._latest = Lately[str, str]()
        """What cards show, by task: the rows that views are made of lag behind."""

    def shows(self, task: Task) -> str | None:
        """Return the digest of what the task's card shows; ``None``: nobody has noted it."""
        return self._latest.get(task.id, task.card_shown)

    async def shown(self, guild_id: int, task_id: str, digest: str) -> None:
        """Note, soon, that the task's card now shows what ``digest`` stands for."""
        self._latest[task_id] = self._shown[guild_id, task_id] = digest
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="card log")

    async def told(self, guild_id: int, task_id: str) -> None:
        """Note that the task's member needs no message about its failure any more."""
        async with self._store.write(guild_id) as guild:
            await guild.note(task_id, told=True)

    async def film_before(self, task: Task) -> Spot | None:
        """Return where the film is, or its card, that the task's film goes on from."""
        return await film_before(self._store, task)

    async def close(self) -> None:
        """Write down what is left, if the database takes it now."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    async def _write_all(self) -> None:
        failed = 0
        while self._shown:
            await self._clock.sleep(backoff(failed, longest=LONGEST_PAUSE))
            failed = 0 if await self._write() else failed + 1

    async def _write(self) -> bool:
        """Write all there is in one transaction; tell whether that was possible."""
        shown = dict(self._shown)
        try:
            await self._store.work.remember_shown(shown)
        except StoreUnavailable as error:
            log.warning("what %d cards show is not written down yet: %s", len(shown), error)
            return False
        self._shown = dict(self._shown.items() - shown.items())  # but for what came meanwhile
        return True
