"""The script that all contenders are measured by."""

from datetime import UTC, datetime, timedelta

import pytest

from bench import programme
from bench.scene.plan import Plan

START = datetime(2026, 1, 1, tzinfo=UTC)
GAP = timedelta(milliseconds=200)


@pytest.mark.parametrize("in_flight", [10, 100, 1000])
def test_about_as_many_are_in_flight_as_it_says(in_flight):
    """At any moment the service is at work on as many films as the case is about."""
    plan = Plan(in_flight, GAP, START)
    films = [(plan.begins(number), plan.ends(number)) for number in range(3 * in_flight)]
    for share in (0.0, 0.3, 0.7, 1.0):
        moment = START + share * plan.life
        busy = sum(begins <= moment < ends for begins, ends in films)
        assert busy == pytest.approx(in_flight, rel=0.1, abs=2)


def test_one_film_is_done_in_each_gap():
    """Films are done evenly, and a film is never done before it was ordered."""
    plan = Plan(20, GAP, START)
    for number in range(-50, 200):
        assert (plan.ends(number) - START) // GAP == number
        assert plan.earliest(number) <= plan.begins(number) < plan.ends(number)


def test_a_burst_is_done_at_one_moment():
    """Where there is no gap all are done at the start, having been ordered before."""
    plan = Plan(50, timedelta(0), START)
    assert {plan.ends(number) for number in range(50)} == {START}
    assert all(plan.begins(number) < START for number in range(50))


def test_nothing_is_done_where_nothing_shall_be():
    """A case about rest has all its films under way for as long as it lasts."""
    plan = Plan(50, None, START)
    assert all(plan.begins(number) < START for number in range(50))
    assert all(plan.ends(number) > START + timedelta(hours=1) for number in range(50))


def test_the_programme_takes_half_an_hour():
    """The whole programme fits into half an hour, with a start of eight seconds for each case."""
    start = timedelta(seconds=8)
    times = [start + case.warm + case.lasts for case in programme.whole()]
    assert sum(times, timedelta(0)) < timedelta(minutes=30)


def test_every_flow_has_two_hundred_films():
    """Delays are told of at least two hundred films."""
    flows = [case for case in programme.whole() if case.part in {"delays", "rare", "new", "talk"}]
    assert all(case.films_a_lane * case.lanes >= 200 for case in flows)
