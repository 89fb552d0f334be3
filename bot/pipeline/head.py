"""Part of step 3: who is next in line, without asking for each of a long line's turns.

Used by the Submitter. The order of a thousand who wait takes the database some time to work out,
and hardly changes from one turn to the next. Never decides whether there is room for another.
"""

from collections import deque
from collections.abc import Collection
from datetime import timedelta

from bot.clock import Clock
from bot.domain.task import Task
from bot.store import Store

LONG = 50
"""From so many in line on, they are remembered …"""
FRESH = timedelta(seconds=1)
"""… for so long: the most that a newcomer loses by it."""


class Head:
    """The head of one provider's line."""

    def __init__(self, provider: str, store: Store, clock: Clock) -> None:
        self._provider = provider
        self._store = store
        self._clock = clock
        self._next: deque[Task] = deque()
        self._read_at = timedelta(0)

    async def take(self, count: int, *, aside: Collection[str]) -> list[Task]:
        """Return the next tasks that may be sent, at most ``count``, none that is ``aside``.

        Each is handed out once in a second: one that was not sent after all waits for as long.
        """
        now = self._clock.monotonic()
        if not self._next or now - self._read_at >= FRESH:
            await self._read(count + len(aside))
        taken: list[Task] = []
        while self._next and len(taken) < count:
            task = self._next.popleft()
            if task.id not in aside:
                taken.append(task)
        return taken

    async def _read(self, count: int) -> None:
        limit = max(LONG, count)
        waiting = await self._store.work.queued(self._provider, now=self._clock.now(), limit=limit)
        self._next = deque(waiting if len(waiting) == limit else waiting[:count])
        self._read_at = self._clock.monotonic()
        if len(waiting) < limit:
            self._read_at -= FRESH  # a short line is asked for again each time
