"""Absences: a job is given up only where the service can be believed."""

import pytest

from bot.errors import Failure, Unavailable
from bot.providers.absence import Absences
from bot.providers.base import JobStatus, Sighting
from tests.providers.world import FakeClock

GONE = Sighting("a", JobStatus.EXPIRED, failure=Failure.FORGOTTEN)


@pytest.fixture
def absences(clock: FakeClock) -> Absences:
    """Return the absences of a service that has not said anything yet."""
    return Absences("x", clock)


def test_beside_others_a_minute_is_enough(absences: Absences, clock: FakeClock) -> None:
    """Who knows one job and not the other does not lack the power to know."""
    assert absences.judge({"b"}, ["a"]) == []
    clock.advance(seconds=59)
    assert absences.judge({"b"}, ["a"]) == []
    clock.advance(seconds=1)
    assert absences.judge({"b"}, ["a"]) == [GONE]


def test_other_looks_count_for_half_a_minute(absences: Absences, clock: FakeClock) -> None:
    """A look may be for one job only: what the service knew a moment ago, it knows beside it."""
    assert absences.judge({"b"}, []) == []
    assert absences.judge([], ["a"]) == []
    clock.advance(seconds=59)
    absences.judge({"b"}, [])
    clock.advance(seconds=1)
    assert absences.judge([], ["a"]) == [GONE]


def test_what_was_known_before_the_trouble_gives_up_nothing(
    absences: Absences, clock: FakeClock
) -> None:
    """A service that knows nothing any more ends no job, although it knew all a minute ago."""
    absences.judge({"b"}, [])
    for _ in range(30):
        assert absences.judge([], ["a"]) == []
        clock.advance(seconds=30)
    with pytest.raises(Unavailable):
        absences.judge([], ["a", "b"])


def test_alone_it_takes_an_hour(absences: Absences, clock: FakeClock) -> None:
    """With nothing to compare it to, a job is missed for an hour before it is given up."""
    for _ in range(12):
        assert absences.judge([], ["a"]) == []
        clock.advance(minutes=5)
    assert absences.judge([], ["a"]) == [GONE]


def test_none_of_several_is_given_up(absences: Absences, clock: FakeClock) -> None:
    """A service that knows none of our jobs has a trouble of its own, for however long."""
    for _ in range(48):
        with pytest.raises(Unavailable):
            absences.judge([], ["a", "b"])
        clock.advance(minutes=30)


def test_time_in_which_nothing_was_known_does_not_count(
    absences: Absences, clock: FakeClock
) -> None:
    """The first look after an outage does not give up what the outage hid."""
    for _ in range(5):
        with pytest.raises(Unavailable):
            absences.judge([], ["a", "b"])
        assert absences.judge([], ["a"]) == []
        clock.advance(minutes=5)
    assert absences.judge({"b"}, ["a"]) == []


def test_job_seen_again_begins_anew(absences: Absences, clock: FakeClock) -> None:
    """An answer between two absences makes the second the first."""
    for known in ({"b"}, set[str]()):
        for _ in range(20):
            assert absences.judge(known, ["a"]) == []
            clock.advance(minutes=45)
            absences.judge({"a"}, [])
