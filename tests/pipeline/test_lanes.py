"""The lanes of downloads: who is slow leaves their place to others, and still arrives."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import Interrupted
from bot.pipeline import lanes
from bot.pipeline.lanes import AT_ONCE, SLOW_AT_ONCE, SLOW_SHARE, Lanes

AT_ONCE_OR_SLOW = timedelta(0)


async def _at_hand() -> str:
    return "film"


class Trickle:
    """A download that goes on until it is told to end."""

    def __init__(self) -> None:
        self.begun = self.stopped = 0
        self.end = asyncio.Event()

    async def __call__(self) -> str:
        """Begin, and wait."""
        self.begun += 1
        try:
            await self.end.wait()
        finally:
            self.stopped += 1
        return "film"


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_slow_films_of_many_servers_hold_up_no_quick_one() -> None:
    """More trickle in than there are places: a few go on, the others come again later."""
    road, trickle = Lanes(AT_ONCE_OR_SLOW), Trickle()
    servers = [server for server in range(AT_ONCE) for _ in range(SLOW_SHARE)]
    tries = [asyncio.create_task(road.go(server, trickle)) for server in servers]
    going_on = set(tries)
    while len(going_on) > SLOW_AT_ONCE:
        broken_off, going_on = await asyncio.wait(going_on, return_when="FIRST_COMPLETED")
        assert {type(each.exception()) for each in broken_off} == {Interrupted}
    assert trickle.begun == len(tries)
    films = await asyncio.gather(*(road.go(0, _at_hand) for _ in range(2 * AT_ONCE)))
    assert films == ["film"] * 2 * AT_ONCE

    trickle.end.set()
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert ends.count("film") == SLOW_AT_ONCE


async def test_who_moves_over_leaves_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a single place for all, a film that trickles in is not in the way."""
    monkeypatch.setattr(lanes, "AT_ONCE", 1)
    road, trickle = Lanes(AT_ONCE_OR_SLOW), Trickle()
    slow = asyncio.create_task(road.go(1, trickle))
    await _settle()
    assert await road.go(2, _at_hand) == "film"
    assert not slow.done()
    trickle.end.set()
    assert await slow == "film"


async def test_one_server_has_its_share_of_the_slow_lane() -> None:
    """Its slow films leave room for those of others."""
    road, trickle = Lanes(AT_ONCE_OR_SLOW), Trickle()
    own = [asyncio.create_task(road.go(1, trickle)) for _ in range(SLOW_SHARE + 1)]
    await asyncio.wait(own, return_when="FIRST_COMPLETED")
    other = asyncio.create_task(road.go(2, trickle))
    await _settle()
    trickle.end.set()
    assert await other == "film"
    ends = await asyncio.gather(*own, return_exceptions=True)
    assert ends.count("film") == SLOW_SHARE


async def test_who_is_called_off_stops_the_download() -> None:
    """At shutdown nothing goes on behind anybody's back."""
    road, trickle = Lanes(), Trickle()
    under_way = asyncio.create_task(road.go(1, trickle))
    await _settle()
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)
    assert under_way.cancelled()
    assert (trickle.begun, trickle.stopped) == (1, 1)
