"""AI Video Maker's limit, whatever happens: at most 60 queries arrive in any 60 seconds.

A simulation on a clock of its own: queries come when they like and take as long as they like, some
are cancels, and the bot is killed and started again in the middle.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.providers.aivideomaker import CREDIT, INTERVAL
from bot.providers.pacer import Pacer
from tests.providers.world import NOON, largest_window

MINUTE = timedelta(minutes=1)
ON_THE_WIRE = 2.0
"""Seconds that a query whose sender was killed may still need to arrive."""


@dataclass(frozen=True)
class Query:
    """One wish for a query: seconds after the one before, and seconds until it is answered."""

    after: float
    takes: float
    arrives: float
    """When, as a share of what it takes."""
    urgent: bool = False
    killed: bool = False
    """The bot is killed and started again as soon as this query is wished for."""


class SteppingClock:
    """A clock that goes on to the next instant that somebody sleeps until."""

    def __init__(self) -> None:
        self._passed = timedelta(0)
        self._sleepers: list[tuple[timedelta, int, asyncio.Event]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return (NOON + self._passed).astimezone(UTC)

    def monotonic(self) -> timedelta:
        return self._passed

    async def sleep(self, duration: timedelta) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._passed + duration, next(self._numbers), woken))
        await woken.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on for as long as the body lasts."""
        hand = asyncio.create_task(self._go_on())
        yield
        hand.cancel()

    async def _go_on(self) -> None:
        while True:
            for _ in range(12):  # let everybody do what they can at this instant
                await asyncio.sleep(0)
            if self._sleepers:
                at, _, woken = heapq.heappop(self._sleepers)
                self._passed = max(self._passed, at)
                woken.set()


async def arrivals(wishes: list[Query], *, interval: timedelta, credit: int) -> list[datetime]:
    """Play the wishes and return when their queries arrived."""
    clock, arrived = SteppingClock(), list[datetime]()
    pacer = Pacer("x", clock, interval, credit=credit)

    async def query(wish: Query, pacer: Pacer) -> None:
        async with pacer.turn(urgent=wish.urgent):
            under_way = timedelta(seconds=wish.takes)
            arrived.append(clock.now() + under_way * wish.arrives)
            here = len(arrived) - 1
            try:
                await clock.sleep(under_way)
            except asyncio.CancelledError:
                lost = clock.now() + timedelta(seconds=ON_THE_WIRE)
                arrived[here] = min(arrived[here], lost)
                raise

    async with clock.running():
        alive: list[asyncio.Task[None]] = []
        for wish in wishes:
            await clock.sleep(timedelta(seconds=wish.after))
            if wish.killed:
                for task in alive:
                    task.cancel()
                await asyncio.gather(*alive, return_exceptions=True)
                alive, pacer = [], Pacer("x", clock, interval, credit=credit)
            alive.append(asyncio.create_task(query(wish, pacer)))
        await asyncio.gather(*alive)
    return arrived


QUERIES = st.builds(
    Query,
    after=st.sampled_from([0, 0, 0, 0.3, 1.1, 4, 30]),
    takes=st.sampled_from([0, 0.05, 0.4, 0.4, 1, 3, 70]),
    arrives=st.sampled_from([0, 0.5, 1]),
    urgent=st.booleans(),
    killed=st.sampled_from([False] * 12 + [True]),
)
QUIET, BUSY = Query(60, 0, 0), Query(0, 0, 0)
HUNG = Query(0, 70, 0.5)
"""Under way when the bot is killed, so that it arrives last of all."""


def restarts(every: float) -> list[Query]:
    """Return the wishes of a bot that dies again and again, so many seconds after each start."""
    lives = round(120 / every)
    return [QUIET, *[Query(every, 0, 0, killed=True), BUSY, BUSY, BUSY, HUNG] * lives]


@given(wishes=st.lists(QUERIES, min_size=70, max_size=160))
@example(wishes=[QUIET] + [BUSY] * 150)
@example(wishes=[Query(10, 90, 1)] + [BUSY] * 150)
@example(wishes=restarts(1.15))
@example(wishes=restarts(2.5))
@example(wishes=restarts(4.5))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_never_more_than_sixty_arrive_in_any_minute(wishes: list[Query]) -> None:
    """Bursts after a rest, slow queries, cancels and restarts: the limit holds in every window."""
    times = asyncio.run(arrivals(wishes, interval=INTERVAL, credit=CREDIT))
    assert largest_window(sorted(times), MINUTE) <= 60


async def test_limit_is_nearly_used_up() -> None:
    """Who has much to ask is not held back for nothing: 54 queries a minute, and the credit."""
    times = await arrivals([QUIET] + [BUSY] * 150, interval=INTERVAL, credit=CREDIT)
    assert largest_window(times, MINUTE) == 57
