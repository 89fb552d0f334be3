"""The pacer: a steady rhythm, a little credit, fair, and silent while paused."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import RateLimited
from bot.providers.pacer import Pacer
from tests.providers.world import NOON, FakeClock

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


@pytest.mark.parametrize(("takes", "begins"), [(0.4, 2), (0.999, 2), (30, 31)])
async def test_slow_query_does_not_stretch_the_rhythm(
    clock: FakeClock, takes: float, begins: float
) -> None:
    """Turns are counted from beginning to beginning, and only one query is under way."""
    pacer = Pacer("x", clock, SECOND)
    async with pacer.turn():
        following = asyncio.create_task(_begin(pacer, clock))
        await asyncio.sleep(0)
        clock.advance(seconds=takes)
    assert await following == begins * SECOND


async def test_turns_that_nobody_took_are_saved_up(clock: FakeClock) -> None:
    """After a quiet while three may go in a row, never more, however long it was quiet."""
    pacer = Pacer("x", clock, SECOND, credit=3)
    clock.advance(minutes=30)
    begun = [await _begin(pacer, clock) for _ in range(5)]
    quiet = timedelta(minutes=30)
    assert begun == [quiet, quiet, quiet, quiet + SECOND, quiet + 2 * SECOND]


async def test_who_asks_is_told_how_long_a_turn_takes(clock: FakeClock) -> None:
    """A look can be decided on at the last moment, with the latest news."""
    pacer = Pacer("x", clock, SECOND)
    clock.advance(seconds=0.25)
    assert pacer.until_turn() == 0.75 * SECOND
    clock.advance(seconds=2)
    assert pacer.until_turn() == timedelta(0)
    await _turn(pacer)
    assert pacer.until_turn() == SECOND


async def test_nothing_is_saved_up_at_the_start_and_by_a_pause(clock: FakeClock) -> None:
    """A restart loses the credit, and so does a service that asked for a pause."""
    pacer = Pacer("x", clock, SECOND, credit=3)
    assert [await _begin(pacer, clock) for _ in range(3)] == [SECOND, 2 * SECOND, 3 * SECOND]
    clock.advance(seconds=7)
    pacer.pause(10 * SECOND)
    clock.advance(seconds=10)
    assert [await _begin(pacer, clock) for _ in range(3)] == [20 * SECOND, 21 * SECOND, 22 * SECOND]


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


@pytest.mark.parametrize("moment", range(12))
async def test_whoever_gives_up_at_whatever_moment_leaves_his_place(
    clock: FakeClock, moment: int
) -> None:
    """One that is cancelled just when it is his turn, or just after, keeps nobody waiting."""
    pacer = Pacer("x", clock, SECOND)
    async with pacer.turn():
        line = [asyncio.create_task(_turn(pacer)) for _ in range(3)]
        await asyncio.sleep(0)
    for _ in range(moment):
        await asyncio.sleep(0)
    line[0].cancel()
    line[1].cancel()
    await asyncio.gather(*line, return_exceptions=True)
    last = asyncio.create_task(_turn(pacer))
    for _ in range(100):
        await asyncio.sleep(0)
    assert last.done()
    assert not line[2].cancelled()


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


async def _begin(pacer: Pacer, clock: FakeClock) -> timedelta:
    """Take a turn and return when it began."""
    async with pacer.turn():
        return clock.monotonic()


async def _turn(pacer: Pacer) -> None:
    async with pacer.turn():
        pass


async def _fail(pacer: Pacer) -> None:
    async with pacer.turn():
        raise ValueError("mine")
