"""One wish or two."""

from datetime import timedelta

import pytest

from bot.discord_ui.presses import MOMENT, Presses
from bot.errors import Refusal, Refused
from tests.pipeline.doubles import FakeClock

ADA, BEN, FILM = 30, 31, "0123456789ab"


def _press(presses: Presses, member: int = ADA, task_id: str = FILM) -> None:
    with presses.one(member, task_id):
        pass


def test_a_second_press_within_a_moment_is_the_same_wish() -> None:
    """It is told so; somebody else's, another film's and a later one are wishes of their own."""
    clock = FakeClock()
    presses = Presses(clock)
    _press(presses)
    with pytest.raises(Refused) as told:
        _press(presses)
    assert told.value.code is Refusal.PRESSED_TWICE
    _press(presses, BEN)
    _press(presses, ADA, "ffffffffffff")
    clock.turn(MOMENT)
    _press(presses)


def test_while_the_first_is_answered_there_is_no_second() -> None:
    """However long a picture takes; the moment begins with the answer."""
    clock = FakeClock()
    presses = Presses(clock)
    with presses.one(ADA, FILM):
        clock.turn(timedelta(minutes=1))
        with pytest.raises(Refused):
            _press(presses)
    with pytest.raises(Refused):
        _press(presses)


def test_a_wish_that_was_turned_down_may_be_repeated_at_once() -> None:
    """Who was refused has nothing yet."""
    presses = Presses(FakeClock())
    with pytest.raises(Refused), presses.one(ADA, FILM):
        raise Refused(Refusal.POOL_EMPTY)
    _press(presses)
