"""How many requests a second, and who goes first: films before edits, and turns for uploads."""

import asyncio
from datetime import timedelta

import pytest

from bot.discord_ui.traffic import EDITS, FILMS, SECOND, Traffic
from bot.discord_ui.uploads import AT_ONCE, Uploads
from tests.discord_ui.building import task
from tests.pipeline.doubles import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that is turned by sleeping."""
    return FakeClock()


async def test_never_more_in_any_second_than_discord_allows(clock: FakeClock) -> None:
    """A burst of films and edits is spread out; in no second there are more than fifty."""
    traffic, begun = Traffic(clock), []

    async def make(most: int) -> None:
        await traffic.turn(most)
        begun.append(clock.monotonic())

    await asyncio.gather(*(make(most) for most in (FILMS, EDITS) * 100))
    assert len(begun) == 200
    for first, later in zip(begun, begun[FILMS:], strict=False):
        assert later - first >= SECOND


async def test_films_find_room_however_many_edits_there_are(clock: FakeClock) -> None:
    """A thousand cards to be edited do not hold up twenty films a second."""
    traffic = Traffic(clock)
    for _ in range(EDITS):
        await traffic.turn(EDITS)
    start = clock.monotonic()
    waiting = asyncio.create_task(traffic.turn(EDITS))
    for _ in range(20):
        await traffic.turn(FILMS)
    assert clock.monotonic() == start
    await waiting
    assert clock.monotonic() - start >= SECOND


async def test_quiet_traffic_waits_for_nothing(clock: FakeClock) -> None:
    """Five films a second with their cards are nothing to slow down."""
    traffic, start = Traffic(clock), clock.monotonic()
    for _ in range(60):
        clock.turn(timedelta(milliseconds=200))
        for most in (FILMS, EDITS, EDITS, EDITS):
            await traffic.turn(most)
    assert clock.monotonic() - start == timedelta(seconds=12)


class Stage:
    """Uploads that last until they are told to end."""

    def __init__(self, clock: FakeClock) -> None:
        self.uploads = Uploads(Traffic(clock))
        self.under_way: list[tuple[int, int]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.end = asyncio.Event()

    async def begin(self, *where: tuple[int, int]) -> None:
        """Let films come to be uploaded, by server and channel."""
        for guild_id, channel_id in where:
            film = task(guild_id=guild_id, channel_id=channel_id)
            self.tasks.append(asyncio.create_task(self._upload(film.guild_id, film.channel_id)))
        for _ in range(5 + len(where)):
            await asyncio.sleep(0)

    async def _upload(self, guild_id: int, channel_id: int) -> None:
        async with self.uploads.turn(task(guild_id=guild_id, channel_id=channel_id)):
            self.under_way.append((guild_id, channel_id))
            await self.end.wait()


async def test_a_busy_channel_holds_one_place(clock: FakeClock) -> None:
    """Its films wait for one another outside; other channels, of whichever server, go on."""
    stage = Stage(clock)
    await stage.begin(*[(1, 20)] * AT_ONCE, (1, 21), (2, 22))
    assert stage.under_way == [(1, 20), (1, 21), (2, 22)]
    stage.end.set()
    await asyncio.gather(*stage.tasks)
    assert len(stage.under_way) == AT_ONCE + 2


async def test_uploads_are_few_and_shared_between_servers(clock: FakeClock) -> None:
    """Many channels of one server leave the next free place to another one."""
    stage = Stage(clock)
    await stage.begin(*((1, channel) for channel in range(2 * AT_ONCE)), (2, 99))
    assert len(stage.under_way) == AT_ONCE
    stage.end.set()
    await asyncio.gather(*stage.tasks)
    assert stage.under_way[AT_ONCE] == (2, 99)
