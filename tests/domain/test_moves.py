"""The table of legal moves, pair by pair, and what the states mean."""

import pytest

from bot.domain.task import ENDED, MOVES, RELEASED, SETTLED, UPSTREAM, TaskState, may_move

S = TaskState

LEGAL = {
    (S.QUEUED, S.SENDING),
    (S.QUEUED, S.CANCELLED),
    (S.QUEUED, S.REFUSED),
    (S.SENDING, S.SUBMITTED),
    (S.SENDING, S.REFUSED),
    (S.SENDING, S.UNCONFIRMED),
    (S.SENDING, S.QUEUED),
    (S.UNCONFIRMED, S.SUBMITTED),
    (S.UNCONFIRMED, S.QUEUED),
    (S.SUBMITTED, S.RUNNING),
    (S.SUBMITTED, S.RENDERED),
    (S.SUBMITTED, S.FAILED),
    (S.SUBMITTED, S.CANCELLED),
    (S.SUBMITTED, S.EXPIRED),
    (S.RUNNING, S.RENDERED),
    (S.RUNNING, S.FAILED),
    (S.RUNNING, S.CANCELLED),
    (S.RUNNING, S.EXPIRED),
    (S.RENDERED, S.DELIVERED),
    (S.RENDERED, S.KEPT),
    (S.RENDERED, S.FAILED),
    (S.RENDERED, S.EXPIRED),
    (S.RENDERED, S.CANCELLED),
    (S.KEPT, S.DELIVERED),
}
"""Written out a second time, so that no move is added or lost unnoticed."""


@pytest.mark.parametrize("start", TaskState)
@pytest.mark.parametrize("to", TaskState)
def test_each_pair_of_states(start: TaskState, to: TaskState) -> None:
    """A task moves where the story goes, and nowhere else."""
    assert may_move(start, to) == ((start, to) in LEGAL)


def test_every_state_has_its_row() -> None:
    """No state is missing from the table."""
    assert set(MOVES) == set(TaskState)


@pytest.mark.parametrize("state", TaskState)
def test_every_state_can_be_reached_and_left_towards_an_end(state: TaskState) -> None:
    """From the queue every state can come, and from every state an end."""
    assert state in _reach(S.QUEUED)
    assert _reach(state) & ENDED


def test_settled_and_released_are_the_ends() -> None:
    """An end means one thing for the credits; a task upstream has not ended."""
    assert SETTLED | RELEASED == ENDED
    assert not SETTLED & RELEASED
    assert not UPSTREAM & ENDED


def test_no_way_leads_from_spent_to_given_back_or_back() -> None:
    """What is settled stays settled, what is released stays released."""
    assert all(not _reach(state) - SETTLED for state in SETTLED)
    assert all(not _reach(state) - RELEASED for state in RELEASED)


def _reach(start: TaskState) -> set[TaskState]:
    reached, ahead = {start}, [start]
    while ahead:
        new = MOVES[ahead.pop()] - reached
        reached |= new
        ahead += new
    return reached
