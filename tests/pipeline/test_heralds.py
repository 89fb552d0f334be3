"""Do webhooks come? Trust is earned by several and lost with one."""

from datetime import timedelta

import pytest

from bot.pipeline.heralds import Heralds
from tests.pipeline.doubles import FakeClock


def seconds(number: float) -> timedelta:
    """Say it shortly."""
    return timedelta(seconds=number)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock to turn."""
    return FakeClock()


@pytest.fixture
def heralds(clock: FakeClock) -> Heralds:
    """Return the record of a service nobody has heard from."""
    return Heralds(clock)


def announced(heralds: Heralds, clock: FakeClock, times: int = 3) -> None:
    """Let films be found finished just after their webhooks came."""
    for number in range(times):
        heard = clock.monotonic()
        clock.turn(seconds(1))
        heralds.ended(f"hook-{number}", heard)


def test_trust_is_earned_by_three(heralds: Heralds, clock: FakeClock) -> None:
    """One or two may be luck."""
    announced(heralds, clock, 2)
    assert not heralds.trusted
    announced(heralds, clock, 1)
    assert heralds.trusted


def test_an_end_that_none_told_of_ends_the_trust(heralds: Heralds, clock: FakeClock) -> None:
    """From that moment looks are quick again; it takes three more to earn it back."""
    announced(heralds, clock)
    heralds.ended("silent", None)
    assert not heralds.trusted
    clock.turn(seconds(6))
    heralds.heard("silent")
    announced(heralds, clock, 2)
    assert not heralds.trusted
    announced(heralds, clock, 1)
    assert heralds.trusted


def test_a_webhook_may_come_a_moment_after_our_own_look(heralds: Heralds, clock: FakeClock) -> None:
    """Then it was on its way: the trust is back."""
    announced(heralds, clock)
    heralds.ended("tardy", None)
    clock.turn(seconds(4))
    assert not heralds.trusted
    assert heralds.expects("tardy")
    heralds.heard("tardy")
    assert not heralds.expects("tardy")
    assert heralds.trusted


def test_a_webhook_long_before_the_end_told_of_something_else(
    heralds: Heralds, clock: FakeClock
) -> None:
    """A service may tell of beginnings and be silent about ends."""
    for number in range(5):
        heard = clock.monotonic()
        clock.turn(seconds(31))
        heralds.ended(f"hook-{number}", heard)
    assert not heralds.trusted


def test_trust_fades(heralds: Heralds, clock: FakeClock) -> None:
    """What came ten minutes ago says nothing about now."""
    announced(heralds, clock)
    clock.turn(timedelta(minutes=11))
    assert not heralds.trusted


def test_a_job_without_an_address_says_nothing(heralds: Heralds, clock: FakeClock) -> None:
    """It was ordered before webhooks were set up: no webhook can tell of it."""
    announced(heralds, clock)
    heralds.ended(None, None)
    assert heralds.trusted


def test_a_stranger_earns_nothing(heralds: Heralds, clock: FakeClock) -> None:
    """A webhook that belongs to no job is no evidence."""
    for number in range(10):
        heralds.heard(f"stranger-{number}")
    assert not heralds.trusted
