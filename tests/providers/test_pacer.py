"""The pacer: one query at a time, an interval apart, fair, and silent while paused."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import RateLimited
from bot.providers.pacer import Pacer
from tests.providers.world import NOON, FakeClock, largest_window

SECOND = timedelta(seconds=1)


async def test_first_turn_comes_an_interval_after_the_start(clock: FakeClock) -> None:
    """A restart does not put two queries closer together than the interval."""
    async with Pacer("x", clock, SECOND).turn():
        assert clock.now() == NOON + SECOND


async def test_turns_are_taken_in_order_and_an_interval_apart(clock: FakeClock) -> None:
    """First come, first served; no two within the interval."""
    pacer = Pacer("x", clock, SECOND)
    taken: list[tuple[int, timedelta]] = []

    async def query(number: int) -> None:
        async with pacer.turn():
            taken.append((number, clock.now() - NOON))

    await asyncio.gather(*(query(number) for number in range(4)))
    assert taken == [(0, SECOND), (1, 2 * SECOND), (2, 3 * SECOND), (3, 4 * SECOND)]


async def test_distance_counts_from_the_end_of_a_slow_query(clock: FakeClock) -> None:
    """A query that takes long is not followed at once: only one is under way."""
    pacer = Pacer("x", clock, SECOND)
    async with pacer.turn():
        clock.advance(seconds=30)
    async with pacer.turn():
        assert clock.now() == NOON + 32 * SECOND


async def test_urgent_goes_ahead_of_those_in_line(clock: FakeClock) -> None:
    """A cancel does not wait behind a long look."""
    pacer = Pacer("x", clock, SECOND)
    taken: list[str] = []

    async def query(name: str, *, urgent: bool) -> None:
        async with pacer.turn(urgent=urgent):
            taken.append(name)

    async with pacer.turn():
        looks = [asyncio.create_task(query(f"look{n}", urgent=False)) for n in range(3)]
        await asyncio.sleep(0)
        cancel = asyncio.create_task(query("cancel", urgent=True))
        await asyncio.sleep(0)
    await asyncio.gather(*looks, cancel)
    assert taken == ["cancel", "look0", "look1", "look2"]


async def test_never_more_than_sixty_in_any_minute(clock: FakeClock) -> None:
    """AI Video Maker's limit of 60 queries a minute holds in every window, not on average."""
    pacer = Pacer("x", clock, timedelta(seconds=1.1))
    times = []
    for _ in range(200):
        async with pacer.turn():
            times.append(clock.now())
    assert largest_window(times, timedelta(minutes=1)) <= 60


async def test_paused_pacer_refuses_at_once_and_those_in_line_too(clock: FakeClock) -> None:
    """After a 429 nobody asks before the pause ends, and nobody sleeps through it."""
    pacer = Pacer("x", clock, SECOND)
    async with pacer.turn():
        waiting = asyncio.create_task(_turn(pacer))
        await asyncio.sleep(0)
        pacer.pause(timedelta(minutes=5))
    with pytest.raises(RateLimited) as refused:
        await waiting
    assert timedelta(minutes=4) < refused.value.retry_after <= timedelta(minutes=5)
    with pytest.raises(RateLimited):
        await _turn(pacer)
    clock.advance(minutes=5)
    await _turn(pacer)


async def test_shorter_pause_does_not_end_a_longer_one(clock: FakeClock) -> None:
    """Of two pauses the longer holds."""
    pacer = Pacer("x", clock, SECOND)
    pacer.pause(timedelta(minutes=5))
    pacer.pause(SECOND)
    clock.advance(minutes=4)
    with pytest.raises(RateLimited):
        await _turn(pacer)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_wall_clock_set_wrong_changes_nothing(clock: FakeClock, hours: int) -> None:
    """Set back, it does not stop the queries; set forward, it neither bursts nor ends pauses."""
    pacer = Pacer("x", clock, SECOND)
    await _turn(pacer)
    clock.put_wrong(hours=hours)
    for _ in range(3):
        await _turn(pacer)
    assert clock.passed == 4 * SECOND
    pacer.pause(timedelta(minutes=5))
    clock.put_wrong(hours=hours)
    with pytest.raises(RateLimited) as refused:
        await _turn(pacer)
    assert refused.value.retry_after == timedelta(minutes=5)


async def test_given_up_turn_does_not_block_the_line(clock: FakeClock) -> None:
    """A caller that is cancelled while it waits, or fails in its turn, leaves the line in order."""
    pacer = Pacer("x", clock, SECOND)
    async with pacer.turn():
        first = asyncio.create_task(_turn(pacer))
        second = asyncio.create_task(_turn(pacer))
        await asyncio.sleep(0)
        first.cancel()
    await second
    with pytest.raises(ValueError, match="mine"):
        await _fail(pacer)
    await _turn(pacer)


async def test_several_at_once_are_bounded(clock: FakeClock) -> None:
    """With room for two, a third waits until one is done."""
    pacer = Pacer("x", clock, SECOND, at_once=2)
    busy, most = 0, 0

    async def query() -> None:
        nonlocal busy, most
        async with pacer.turn():
            busy += 1
            most = max(most, busy)
            for _ in range(20):
                await asyncio.sleep(0)
            busy -= 1

    await asyncio.gather(*(query() for _ in range(6)))
    assert most == 2


async def _turn(pacer: Pacer) -> None:
    async with pacer.turn():
        pass


async def _fail(pacer: Pacer) -> None:
    async with pacer.turn():
        raise ValueError("mine")
