"""Doubt: an oddity is believed once it was met often enough over long enough."""

from datetime import timedelta

from bot.providers.doubt import Doubt
from tests.providers.world import FakeClock


def test_believed_after_times_and_span(clock: FakeClock) -> None:
    """Often is not enough, and long ago is not enough: it must be both."""
    doubt = Doubt(clock, times=3, span=timedelta(minutes=1))
    assert [doubt.confirms("a") for _ in range(5)] == [False] * 5
    assert not doubt.confirms("b")
    clock.advance(minutes=1)
    assert doubt.confirms("a")
    assert not doubt.confirms("b")


def test_dispelled_and_forgotten(clock: FakeClock) -> None:
    """What was seen as it should be, or not met for a day, begins anew."""
    doubt = Doubt(clock, times=2, span=timedelta(minutes=1))
    doubt.confirms("a")
    doubt.confirms("b")
    doubt.dispel("a")
    clock.advance(hours=25)
    assert not doubt.confirms("a")
    assert not doubt.confirms("b")
