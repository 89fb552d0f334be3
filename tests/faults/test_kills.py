"""A dozen real kills at named steps: the bot as a child process, started again at once each time.

The long run (CONTRIBUTING) does hundreds, at all steps and at random times. Here the last start is
in this process, with a clock that races, so that nobody waits for a minute.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import running
from bot.clock import SystemClock
from bot.settings import Settings
from sandbox.services import Films
from tests.faults import judge
from tests.faults.snares import Moment, Origin, Step
from tests.faults.steps import step
from tests.faults.world import DATABASE, World, open_world, opened
from tests.story.world import BOT

RECEIVED, MADE, HALF, ANSWERED = Moment
LIVES = (
    (
        step("create", MADE, Origin.AIVIDEOMAKER),
        step("film asked for", HALF, Origin.FILMS),
        step("film posted", RECEIVED),
        step("film posted", MADE),
    ),
    (
        step("create", MADE, Origin.APIGO),
        step("card as a reply", MADE),
        step("film put into the card", MADE),
        step("card edited", ANSWERED),
    ),
    (
        step("create with a picture", RECEIVED),
        step("first answer", MADE),
        step("commands told", RECEIVED),
        step("film asked for", RECEIVED, Origin.APIGO),
    ),
)
PATIENCE = timedelta(seconds=25)


class RacingClock(SystemClock):
    """Runs sixty times as fast as the machine's: who waits for a minute waits for a second."""

    def __init__(self) -> None:
        self._began, self._zero = super().now(), super().monotonic()

    def now(self) -> datetime:
        return self._began + self.monotonic()

    def monotonic(self) -> timedelta:
        return 60 * (super().monotonic() - self._zero)

    async def sleep(self, duration: timedelta) -> None:
        await super().sleep(duration / 60)


@pytest.mark.timeout(150)  # fifteen starts of a whole bot, on a machine that may be busy
async def test_twelve_kills(tmp_path: Path) -> None:
    """Whatever is under way at a kill: each film comes once, is paid once, or is refunded."""
    films, alone = Films(longest_side=96, frame_rate=4), asyncio.Lock()
    folders = [tmp_path / str(number) for number in range(len(LIVES))]
    try:
        async with asyncio.TaskGroup() as worlds:
            for folder, steps in zip(folders, LIVES, strict=True):
                worlds.create_task(_survives(folder, films, alone, steps))
    finally:
        films.close()


async def _survives(
    folder: Path, films: Films, alone: asyncio.Lock, steps: tuple[Step, ...]
) -> None:
    folder.mkdir()
    async with open_world(folder, "short", films, fates=("",)) as world:
        for each in steps:
            death = await world.live_until(each, PATIENCE)
            assert death.reached, f"{death.at} was never reached:\n{world.stage.bot.tail()}"
        async with alone:  # in one process discord.py knows one address of Discord
            case = await _at_last(world)
    assert judge.violations(case) == []
    assert case.tasks


async def _at_last(world: World) -> judge.Case:
    """Let the bot live in this process, time flying, until nothing more happens.

    Its minutes are not the service's: that one stops counting how often it is asked in one.
    """
    world.stage.aivideomaker.query_limit.limit = None
    settings: dict[str, Any] = {
        name.lower(): value for name, value in world.stage.settings().items()
    }
    async with (
        running(Settings(_env_file=None, **settings), clock=RacingClock(), pace=BOT),
        opened(world.stage.folder / DATABASE) as store,
    ):
        await world.idle(PATIENCE)
        return await judge.evidence(world, store)
