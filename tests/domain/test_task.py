"""Small questions a task answers about itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.task import ENDED, Task, TaskState, new_task_id
from bot.errors import Failure

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def task(**changes) -> Task:
    """Return a task that waits in the queue."""
    fields = {
        "guild_id": 1,
        "id": new_task_id(),
        "order_key": "interaction:1",
        "channel_id": 2,
        "member_id": 3,
        "model": "t2v",
        "provider": "aivideomaker",
        "door": "text",
        "prompts": ("a cat",),
        "aspect": None,
        "duration": timedelta(seconds=5),
        "cost": 5,
        "state": TaskState.QUEUED,
        "created_at": NOW,
    }
    return Task(**{**fields, **changes})


def test_task_ids_fit_a_file_name_and_differ() -> None:
    """An id is 12 hexadecimal digits."""
    ids = {new_task_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[0-9a-f]{12}", task_id) for task_id in ids)


@pytest.mark.parametrize(
    ("seconds_left", "alive"), [(900, True), (31, True), (30, False), (0, False), (-1, False)]
)
def test_a_token_is_used_only_well_within_its_life(seconds_left: int, *, alive: bool) -> None:
    """Thirty seconds before its end a token counts as gone: the request takes time too."""
    expires_at = NOW + timedelta(seconds=seconds_left)
    found = task(token="secret", token_expires_at=expires_at).token_at(NOW)
    assert found == ("secret" if alive else None)


@pytest.mark.parametrize("fields", [{}, {"token": "x"}, {"token_expires_at": NOW}])
def test_without_token_or_its_end_there_is_none(fields: dict[str, object]) -> None:
    """An erased token is no token."""
    assert task(**fields).token_at(NOW - timedelta(days=1)) is None


def test_prompt_is_a_line_a_shot() -> None:
    """Several shots read as several lines."""
    assert task(prompts=("a cat", "a dog")).prompt == "a cat\na dog"


@pytest.mark.parametrize("state", TaskState)
def test_ended_is_what_the_table_calls_an_end(state: TaskState) -> None:
    """Nothing more happens by itself to an ended task."""
    assert task(state=state).ended == (state in ENDED)


def test_what_was_given_up_has_failed_for_its_member() -> None:
    """One state is told everywhere: searched for until the credits went back, then failed."""
    searched = task(state=TaskState.UNCONFIRMED)
    assert (searched.given_up, searched.shown_state) == (False, TaskState.UNCONFIRMED)
    given_up = replace(searched, failure=Failure.LOST)
    assert (given_up.given_up, given_up.shown_state) == (True, TaskState.FAILED)
    assert not given_up.ended  # it may still turn up


@pytest.mark.parametrize(
    ("fields", "owed"),
    [
        ({}, True),
        ({"failure": Failure.LOST, "state": TaskState.UNCONFIRMED}, True),
        ({"ended_at": NOW + timedelta(seconds=60)}, False),
        ({"ended_at": None}, False),
        ({"failure": None, "state": TaskState.DELIVERED}, False),
        ({"failure": Failure.BY_MEMBER}, False),
        ({"failure": Failure.NO_CARD}, False),
        ({"told": True}, False),
    ],
)
def test_news_are_owed_of_a_failure_that_nobody_saw_coming(
    fields: dict[str, object], *, owed: bool
) -> None:
    """Failed later than a minute after the order, not asked for, and not told yet."""
    late: dict[str, object] = {
        "state": TaskState.FAILED,
        "failure": Failure.SERVICE_FAILED,
        "ended_at": NOW + timedelta(seconds=61),
    }
    assert task(**{**late, **fields}).owes_news == owed
