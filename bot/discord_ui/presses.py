"""One wish or two? A finger that is too quick is taken for one.

Serves the buttons that order at once, where every press is paid for. Remembers only moments; a
restart in between is long enough for two wishes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.clock import Clock
from bot.errors import Refusal, Refused

MOMENT = timedelta(seconds=2)
"""From the answer on; a second press within it belongs to the first."""

Wish = tuple[int, str]
"""Who presses, and the task whose button it is."""


class Presses:
    """Remembers what was pressed a moment ago."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._under_way: set[Wish] = set()
        self._answered: dict[Wish, timedelta] = {}

    @contextmanager
    def one(self, member_id: int, task_id: str) -> Iterator[None]:
        """Answer a press inside; a wish that is turned down there may be repeated at once.

        Raises:
            Refused: the same member has pressed the same button just now.
        """
        wish = (member_id, task_id)
        self._forget()
        if wish in self._under_way or wish in self._answered:
            raise Refused(Refusal.PRESSED_TWICE)
        self._under_way.add(wish)
        try:
            yield
        finally:
            self._under_way.discard(wish)
        self._answered[wish] = self._clock.monotonic()

    def _forget(self) -> None:
        """Let go of what was answered longer than a moment ago; the oldest comes first."""
        now = self._clock.monotonic()
        while self._answered:
            wish = next(iter(self._answered))
            if now - self._answered[wish] < MOMENT:
                return
            del self._answered[wish]
