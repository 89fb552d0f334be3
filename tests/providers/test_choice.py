"""What a look reads from the list and what it asks by id: whichever costs less."""

from datetime import timedelta

import pytest

from bot.providers.aivideomaker_choice import TURN_IN_BYTES, choose
from bot.providers.base import Job
from tests.providers.world import NOON

MINUTE = timedelta(minutes=1)
SHALLOW, DEEP = TURN_IN_BYTES // 100, TURN_IN_BYTES * 5 // 2
"""Bytes of the list per minute: a small bot, and one with thousands of tasks in flight."""


def due(*minutes: float) -> list[Job]:
    """Return due jobs of these ages."""
    return [Job(f"j{n}", NOON - age * MINUTE) for n, age in enumerate(minutes)]


@pytest.mark.parametrize(
    ("minutes", "per_minute", "listed", "by_id"),
    [
        ([], SHALLOW, [], []),
        ([5], SHALLOW, [], [0]),
        ([5], DEEP, [], [0]),
        ([5, 6], SHALLOW, [0, 1], []),
        ([5, 6], 0, [0, 1], []),
        ([1, 2, 3, 40], SHALLOW, [0, 1, 2, 3], []),
        ([1, 1, 40], DEEP, [], [0, 1, 2]),
        ([0.1, 0.1, 0.1, 0.1, 40], DEEP, [0, 1, 2, 3], [4]),
        ([40, 0.1, 0.1, 0.1, 0.1, 0.1, 30], DEEP, [1, 2, 3, 4, 5], [0, 6]),
        ([40] * 100, DEEP, list(range(100)), []),
        ([50, 60, 5], SHALLOW, [], [2]),
        ([50, 60, 5, 6], SHALLOW, [2, 3], []),
        ([50, 60], SHALLOW, [], []),
    ],
)
def test_the_cheapest_way_is_taken(
    minutes: list[float], per_minute: int, listed: list[int], by_id: list[int]
) -> None:
    """The list for many, ids for one, for few far back, and for stragglers where there is room."""
    choice = choose(due(*minutes), NOON, lambda made: round((NOON - made) / MINUTE * per_minute))
    assert [job.upstream_id for job in choice.listed] == [f"j{n}" for n in listed]
    assert [job.upstream_id for job in choice.by_id] == [f"j{n}" for n in by_id]
