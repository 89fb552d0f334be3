"""How long a job rests between two looks: calm, quick, and calmer with age."""

from datetime import timedelta

import pytest

from bot.pipeline.durations import Usual
from bot.pipeline.schedule import rest


def seconds(number: float) -> timedelta:
    """Say it shortly."""
    return timedelta(seconds=number)


MINUTES = Usual.of([seconds(100 + 10 * number) for number in range(20)])
"""Films that take 100 to 290 seconds; but for the odd one, 280."""
MOMENTS = Usual.of([seconds(1)] * 5)


@pytest.mark.parametrize(
    ("age", "usual", "expected"),
    [
        # nothing is known: quick while young, calmer with age, never more than a minute
        (0, None, 1),
        (300, None, 1),
        (900, None, 3),
        (86400, None, 60),
        (-3600, None, 1),
        # nothing can be ready: calm, but no longer than until something can
        (0, MINUTES, 15),
        (60, MINUTES, 15),
        (70, MINUTES, 8),
        (77.9, MINUTES, 1),
        (-3600, MINUTES, 15),
        # any moment
        (78, MINUTES, 1),
        (570, MINUTES, 1),
        (0, MOMENTS, 1),
        # it should long have been ready
        (570 + 180, MINUTES, 3),
        (570 + 1800, MINUTES, 30),
        (86400, MINUTES, 60),
    ],
)
def test_the_rest_follows_the_age(age: float, usual: Usual | None, expected: float) -> None:
    """Looks come when a film may be ready, and cost little when it cannot be."""
    assert rest(seconds(age), usual) == pytest.approx(seconds(expected), abs=seconds(0.11))


@pytest.mark.parametrize(
    ("age", "usual", "expected"), [(100, None, 15), (100, MINUTES, 15), (86400, MINUTES, 60)]
)
def test_where_webhooks_come_a_look_need_not_find_the_film(
    age: float, usual: Usual | None, expected: float
) -> None:
    """Looks go on, slower."""
    assert rest(seconds(age), usual, heralded=True) == seconds(expected)


def test_no_rest_is_shorter_than_the_shortest() -> None:
    """Whoever runs the bot says how quick it may be."""
    for age in (0, 70, 100, 600):
        for usual in (None, MINUTES):
            assert rest(seconds(age), usual, quick=seconds(20)) >= seconds(20)


def test_few_films_teach_nothing() -> None:
    """Four films may all be odd ones."""
    assert Usual.of([seconds(60)] * 4) is None


def test_films_of_another_length_tell_how_long_it_takes_at_least_and_at_most() -> None:
    """Twice as long: no quicker, and at most twice as slow. Half as long: the other way round."""
    usual = Usual.of([seconds(60), *[seconds(70)] * 8, seconds(80)])
    assert usual is not None
    longer, shorter = usual.stretched(2), usual.stretched(0.5)
    assert (longer.shortest, longer.longest) == (seconds(60), usual.longest * 2)
    assert (shorter.shortest, shorter.longest) == (seconds(30), usual.longest)


def test_an_odd_film_does_not_change_what_is_usual() -> None:
    """One that took a day, since the service was down, keeps nobody looking for two days."""
    usual = Usual.of([seconds(60)] * 30 + [timedelta(days=1)])
    assert usual is not None
    assert usual.longest == seconds(60)
