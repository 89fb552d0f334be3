"""A gate with so many places, shared fairly: what keeps one server from holding up the others.

Used by the Courier's downloads and by the uploads to Discord. Who holds the fewest places goes
first, and nobody holds more than a share, so that downloads that never end leave room for others.
Never ends what is under way.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Lends places; ``share`` is the most that one owner may hold at a time (none: all)."""

    def __init__(self, places: int, *, share: int | None = None) -> None:
        self._free = places
        self._share = places if share is None else share
        self._held: Counter[int] = Counter()
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}
        """The owners that wait, those who were served the longest ago first."""

    def has_room(self, owner: int) -> bool:
        """Tell whether ``owner`` would get a place at once."""
        return self._free > 0 and self._held[owner] < self._share and not self._waiting

    @asynccontextmanager
    async def place(self, owner: int) -> AsyncIterator[None]:
        """Hold one of ``owner``'s places while the body runs; wait for it where there is none."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        self._lend()
        try:
            await turn
            yield
        finally:
            self._give_back(owner, turn)

    def _lend(self) -> None:
        while self._free and (owner := self._next()) is not None:
            turns = self._waiting.pop(owner)
            turn = turns.popleft()
            if turns:
                self._waiting[owner] = turns  # at the end of the round
            if not turn.cancelled():
                turn.set_result(None)
                self._free -= 1
                self._held[owner] += 1

    def _next(self) -> int | None:
        may = [owner for owner in self._waiting if self._held[owner] < self._share]
        return min(may, key=lambda owner: self._held[owner], default=None)

    def _give_back(self, owner: int, turn: asyncio.Future[None]) -> None:
        if not turn.done() or turn.cancelled():  # it gave up waiting
            self._forget(owner, turn)
            return
        self._free += 1
        self._held[owner] -= 1
        if not self._held[owner]:
            del self._held[owner]
        self._lend()

    def _forget(self, owner: int, turn: asyncio.Future[None]) -> None:
        turns = self._waiting.get(owner, deque())
        if turn in turns:  # or it was passed over a moment ago
            turns.remove(turn)
            if not turns:
                del self._waiting[owner]
