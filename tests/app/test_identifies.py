"""IDENTIFYs are counted across restarts, and paced: a thousand a day would cost the token."""

from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import discord
import pytest
from typing_extensions import override

from bot.app import identifies
from bot.app.identifies import APART, DAY, DISCORDS_LIMIT, FILE, FREE, Identifies
from sandbox.discord import Answer, Fault
from tests.pipeline.doubles import FakeClock
from tests.story.world import MovableClock, open_world

LONG = timedelta(minutes=2)
WAITS = "sessions were begun in a day"


class SkippingClock(MovableClock):
    """The real time, but long sleeps pass in no time."""

    @override
    async def sleep(self, duration: timedelta) -> None:
        if duration == timedelta(hours=5) or LONG < duration <= APART:
            self.ahead += duration
        else:
            await super().sleep(duration)


def busiest_day(instants: list[datetime]) -> int:
    """Return the most instants in any 24 hours."""
    return max(sum(start <= at < start + DAY for at in instants) for start in instants)


async def test_a_bot_that_crashes_all_the_time_stays_below_the_limit(tmp_path: Path) -> None:
    """Started again every ten seconds for two days: few hundred starts are free, the rest wait."""
    clock, begun = FakeClock(), []
    start = clock.now()
    while clock.now() - start < 2 * DAY:
        fresh = Identifies(tmp_path, clock)
        await fresh.turn()
        await fresh.count()
        begun.append(clock.now())
        clock.turn(timedelta(seconds=10))
    assert begun[FREE - 1] - start == (FREE - 1) * timedelta(seconds=10)
    assert FREE < busiest_day(begun) < 0.8 * DISCORDS_LIMIT


@pytest.mark.parametrize("content", ["no instant\n", "\xff\xfe", "2026-11-20T11:00:00\nhalf"])
async def test_a_damaged_count_begins_anew(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot is of more use than its count: a warning, and it starts."""
    (tmp_path / FILE).write_text(content)
    counted = Identifies(tmp_path, FakeClock())
    await counted.turn()
    await counted.count()
    assert "counting anew" in caplog.text
    assert len((tmp_path / FILE).read_text().splitlines()) == 1


async def test_a_count_that_cannot_be_written_goes_on_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full or read-only disk: a warning each time, and the pace is kept all the same."""
    clock = FakeClock()
    counted = Identifies(tmp_path / "not there", clock)
    for _ in range(FREE):
        await counted.count()
    assert "cannot be written" in caplog.text
    before = clock.now()
    await counted.turn()
    assert clock.now() - before == APART


async def test_a_clock_that_jumps_does_not_lock_the_bot_out(tmp_path: Path) -> None:
    """Whatever the clock was when they were counted, the next turn comes within three minutes."""
    clock = FakeClock()
    counted = Identifies(tmp_path, clock)
    for _ in range(FREE):
        await counted.count()
    for jump in (-timedelta(hours=5), timedelta(hours=9), -timedelta(days=900)):
        clock.turn(jump)
        before = clock.now()
        await Identifies(tmp_path, clock).turn()
        assert clock.now() - before <= APART


async def test_what_discord_says_is_left_counts_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where others use the same token up, the bot waits for Discord's own count to begin anew."""
    clock = FakeClock()
    before, paced = clock.now(), Identifies(tmp_path, clock)
    await paced.turn_as_discord_says(700, timedelta(hours=3))
    assert clock.now() == before
    await paced.turn_as_discord_says(7, timedelta(hours=3))
    assert clock.now() - before == timedelta(hours=3)
    assert "only 7 more sessions" in caplog.text
    assert "3:00:00" in caplog.text


async def test_each_start_of_the_bot_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every IDENTIFY that the gateway hears is in the file, whichever run sent it."""
    async with open_world(tmp_path) as world:
        for runs in (1, 2):
            async with world.bot():
                assert world.discord.gateway.identifies == runs
            assert len((tmp_path / "data" / FILE).read_text().splitlines()) == runs
    assert "identifies" not in caplog.text


async def test_the_bot_waits_at_its_start_after_too_many(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the file of many starts before it, a new one sends nothing until its turn has come."""
    async with open_world(tmp_path) as world:
        clock = SkippingClock()
        earlier = [clock.now() - timedelta(seconds=number) for number in range(FREE)]
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / FILE).write_text("\n".join(at.isoformat() for at in earlier))
        async with world.bot(clock=clock):
            assert clock.ahead > APART - timedelta(seconds=20)
            assert world.discord.gateway.identifies == 1
    assert caplog.text.count(WAITS) == 1


async def test_the_bot_waits_at_its_start_on_discords_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Discord says that few are left, nothing is sent until they are many again."""
    async with open_world(tmp_path) as world:
        clock = SkippingClock()
        limit = {"total": 1000, "remaining": 5, "reset_after": 5 * 3_600_000, "max_concurrency": 1}
        says = {"url": world.discord.gateway_url, "shards": 1, "session_start_limit": limit}
        world.discord.faults.add(Fault("GET", "/gateway/bot", Answer(200, says)))
        async with world.bot(clock=clock):
            assert clock.ahead >= timedelta(hours=5)
            assert world.discord.gateway.identifies == 1
    assert "only 5 more sessions" in caplog.text


@pytest.fixture
def _no_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what discord.py itself waits before each new session."""
    monkeypatch.setattr(discord.AutoShardedClient, "before_identify_hook", AsyncMock())


@pytest.mark.usefixtures("_no_five_seconds")
async def test_sessions_that_are_invalidated_all_the_time_are_paced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each new session of one run waits for its turn; a word in the log each time, no traceback."""
    monkeypatch.setattr(identifies, "FREE", 1)
    async with open_world(tmp_path) as world:
        clock = SkippingClock()
        async with world.bot(clock=clock):
            for number in (1, 2, 3):
                world.discord.gateway.invalidate()
                await world.discord.bot_gone()
                await world.discord.bot_ready()
                assert clock.ahead > number * (APART - timedelta(seconds=20))
            assert world.discord.gateway.identifies == 4
    assert caplog.text.count(WAITS) == 3
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("_no_five_seconds")
async def test_a_session_that_is_taken_up_again_never_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resuming costs no IDENTIFY, so it is not put off."""
    monkeypatch.setattr(identifies, "FREE", 1)
    async with open_world(tmp_path) as world:
        clock = SkippingClock()
        async with world.bot(clock=clock):
            for _ in range(3):
                world.discord.gateway.ask_to_reconnect()
                await world.discord.bot_gone()
                await world.discord.bot_ready()
            assert world.discord.gateway.resumes == 3
            assert clock.ahead == timedelta(0)
