"""Beside step 3: the places on the cards of those who wait for one provider.

Woken whenever the line moves, it shows the places at the head again, and a few of those behind in
turn. However fast the line moves, that is a bounded number of edits a second. Never decides who is
next: the store's rows do.

A place far behind is an estimate that nobody acts on, and an edit costs a request that a film may
need: with a thousand in line and five films a second, telling everybody each time would be five
thousand edits a second where Discord allows fifty requests.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.pipeline.worker import Worker
from bot.store import InLine, Store

EVERY = timedelta(seconds=5)
"""The line is shown at most this often."""
REST = timedelta(seconds=20)
"""And this often although nobody says that it moved, while somebody waits."""
IDLE = timedelta(minutes=5)
HEAD = 25
"""So many at the head learn their place each time …"""
BEHIND = 5
"""… and so many of those behind, taking turns: six cards a second in all, at the very most."""


class Line(Worker):
    """The line in front of one provider that takes so many tasks at once."""

    def __init__(
        self,
        provider: str,
        *,
        store: Store,
        show: Callable[[InLine], Awaitable[None]],
        clock: Clock,
        every: timedelta = EVERY,
    ) -> None:
        """Take the parts; ``show`` asks for one card to tell its place."""
        super().__init__(f"line:{provider}", clock)
        self._provider = provider
        self._store = store
        self._show = show
        self._every = every
        self._shown_at: timedelta | None = None
        self._behind = HEAD + 1
        """The first place behind the head whose turn it is."""

    @override
    async def step(self) -> timedelta:
        """Show the line, unless that was done a moment ago."""
        now = self._clock.monotonic()
        if self._shown_at is not None and now - self._shown_at < self._every:
            return self._shown_at + self._every - now
        self._shown_at = now
        length = await self._store.work.waiting(self._provider)
        if length == 0:
            return IDLE
        await self._show_places(1, HEAD)
        if length > HEAD:
            await self._show_some_behind(length)
        return REST

    async def _show_some_behind(self, length: int) -> None:
        if self._behind > length:
            self._behind = HEAD + 1
        last = self._behind + BEHIND - 1
        await self._show_places(self._behind, last)
        self._behind = last + 1

    async def _show_places(self, first: int, last: int) -> None:
        now = self._clock.now()
        places = await self._store.work.places(self._provider, now=now, first=first, last=last)
        for waiting in places:
            await self._show(waiting)
