"""Coalescing: the latest wish wins, troubles are waited out, channels are independent."""

import asyncio
from datetime import timedelta

import pytest

from bot.discord_ui.edits import TRIES, CardEditor
from bot.domain.turns import Place
from bot.errors import Unreachable
from bot.pipeline.ports import CardView
from tests.discord_ui.building import task
from tests.pipeline.doubles import FakeClock


class Screen:
    """A transport that notes what was shown; it can be held back or fail."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str, Place | None]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.troubles: list[Exception] = []

    async def show(self, seen: CardView) -> bool:
        await self.open.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.shown.append((seen.task.channel_id, seen.task.id, seen.place))
        return True


@pytest.fixture
def screen() -> Screen:
    """Return a screen that shows at once."""
    return Screen()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that is turned by sleeping."""
    return FakeClock()


@pytest.fixture
def editor(screen: Screen, clock: FakeClock) -> CardEditor:
    """Return an editor for the screen."""
    return CardEditor(screen.show, clock)


async def test_only_the_latest_wish_for_a_card_is_shown(editor: CardEditor, screen: Screen) -> None:
    """While one edit is under way, any number of wishes become one."""
    screen.open.clear()
    editor.want(CardView(task(), place=Place(9)))
    await asyncio.sleep(0)
    for place in range(8, 0, -1):
        editor.want(CardView(task(), place=Place(place)))
    screen.open.set()
    await editor.close()
    assert screen.shown == [(20, "0123456789ab", Place(9)), (20, "0123456789ab", Place(1))]


async def test_a_channel_is_edited_at_most_once_a_second(
    editor: CardEditor, screen: Screen, clock: FakeClock
) -> None:
    """Ten cards in one channel take ten gaps, because they share one rate limit."""
    start = clock.now()
    for number in range(10):
        editor.want(CardView(task(id=f"{number:012x}")))
    await editor.close()
    assert len(screen.shown) == 10
    assert clock.now() - start == timedelta(seconds=10)


async def test_trouble_is_waited_out_and_the_newest_view_is_shown(
    editor: CardEditor, screen: Screen
) -> None:
    """A broken connection costs no card: the edit is made again, with what is wanted by then."""
    screen.open.clear()
    screen.troubles = [Unreachable("reset"), Unreachable("503")]
    editor.want(CardView(task(), place=Place(2)))
    await asyncio.sleep(0)
    editor.want(CardView(task(), place=Place(1)))
    screen.open.set()
    await editor.close()
    assert screen.shown == [(20, "0123456789ab", Place(1))]


async def test_a_card_that_nobody_takes_is_given_up(
    editor: CardEditor, screen: Screen, clock: FakeClock
) -> None:
    """After some tries with growing pauses the rest is Recovery's; other cards go on."""
    screen.troubles = [Unreachable("down", timedelta(seconds=2))] * TRIES
    start = clock.now()
    editor.want(CardView(task(id="a" * 12)))
    editor.want(CardView(task(id="b" * 12)))
    await editor.close()
    assert screen.shown == [(20, "b" * 12, None)]
    assert clock.now() - start > timedelta(seconds=60)
    assert editor.given_up() == ["a" * 12]  # for Recovery, who is told once
    assert editor.given_up() == []


async def test_a_bug_in_one_card_does_not_stop_the_others(
    editor: CardEditor, screen: Screen
) -> None:
    """The worker's loop catches what nobody foresaw."""
    screen.troubles = [ValueError("bug")]
    editor.want(CardView(task(id="a" * 12)))
    editor.want(CardView(task(id="b" * 12)))
    await editor.close()
    assert screen.shown == [(20, "b" * 12, None)]


async def test_channels_do_not_wait_for_each_other(editor: CardEditor, screen: Screen) -> None:
    """One channel in trouble leaves the others alone."""
    screen.open.clear()
    editor.want(CardView(task()))
    editor.want(CardView(task(channel_id=21)))
    await asyncio.sleep(0)
    screen.open.set()
    await editor.close()
    assert {20, 21} == {channel for channel, _, _ in screen.shown}


async def test_closing_does_not_wait_for_ever(editor: CardEditor, screen: Screen) -> None:
    """What is not shown in time is left to the next start."""
    screen.open.clear()
    editor.want(CardView(task()))
    await editor.close(patience=timedelta(milliseconds=10))
    assert screen.shown == []
