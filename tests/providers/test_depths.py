"""How deep the list is: what one scan learns for the next look."""

from datetime import timedelta

import pytest

from bot.providers.aivideomaker_list import Depths, Stretch
from tests.providers.world import NOON, FakeClock, stamp

MINUTE = timedelta(minutes=1)


def stretch(minutes: float, size: int, *, last: bool = False) -> Stretch:
    """Return a stretch whose last task is so old."""
    return Stretch([{"id": "x"}, {"createdAt": stamp(NOON - minutes * MINUTE)}], size, last)


@pytest.fixture
def depths(clock: FakeClock) -> Depths:
    """Return what a scan back to four minutes ago has learned."""
    depths = Depths(clock)
    depths.begin()
    for minutes, size in ((1, 1000), (2, 5000), (4, 6000)):
        depths.note(stretch(minutes, size))
    return depths


@pytest.mark.parametrize(
    ("minutes", "size"), [(0.5, 1000), (1, 1000), (1.5, 5000), (3, 6000), (4, 6000), (40, 60_000)]
)
def test_bytes_to_an_age(depths: Depths, minutes: float, size: int) -> None:
    """As the scan saw it; what lies deeper is taken to be as dense."""
    assert depths.bytes_to(NOON - minutes * MINUTE) == size


def test_list_that_ended_is_no_longer_than_that(depths: Depths) -> None:
    """A list that was read to its end costs no more, however old the task."""
    depths.note(stretch(5, 6500, last=True))
    assert depths.bytes_to(NOON - 40 * MINUTE) == 6500


def test_age_counts_from_the_scan(depths: Depths, clock: FakeClock) -> None:
    """A task that lay under a thousand bytes then still does, but for what has come since."""
    clock.advance(minutes=10)
    assert depths.bytes_to(NOON - MINUTE) == 1000


def test_nothing_is_known_before_the_first_scan(clock: FakeClock) -> None:
    """The first look reads the list, to learn."""
    depths = Depths(clock)
    assert depths.bytes_to(NOON - MINUTE) == 0
    depths.begin()
    depths.note(Stretch([], 20, last=True))
    assert depths.bytes_to(NOON - MINUTE) == 20
