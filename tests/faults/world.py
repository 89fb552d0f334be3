"""One world in which the bot dies again and again, and what its rows say after each death.

A life: the bot starts as a child process, members order, a snare or a whim of time kills it. The
next life begins at once. It never helps the bot: nothing is put right between two lives.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.domain.task import Task, TaskState
from bot.errors import StoreUnavailable
from bot.store import Store
from bot.store.engine import Database
from bot.store.migrate import database_url
from sandbox.discord import Discord, Limits
from sandbox.services import Films, Pace
from sandbox.stage import DISCORD_TOKEN, Stage
from tests.faults.crowd import PLAIN, Crowd
from tests.faults.snares import Snare, Step
from tests.faults.weather import Weather

CREDITS = 1_000_000
PATIENCE = timedelta(seconds=8)
"""So long a life waits for its step, unless told otherwise."""
MOST_BUSY = 16
"""So many films at once; members wait for some of them before they order more."""
BETWEEN_ORDERS = 0.6
"""Seconds, on average."""
STORM = 1 / 8
"""How many of the orders come with a request that goes wrong."""
QUICK = Pace(timedelta(seconds=0.4), timedelta(seconds=0.8))
DATABASE = "clapboard.db"


@dataclass
class Death:
    """One kill.

    Attributes:
        at: the step or time it was meant for.
        reached: whether that came; if not, the bot was killed where it happened to be.
        step: whether it was a named step.
        sending: the ids of the tasks whose create was not answered, as the rows have it.
    """

    at: str
    reached: bool
    step: bool
    sending: frozenset[str]


@dataclass
class World:
    """A server, both services, and a bot that is killed.

    Attributes:
        deaths: all kills so far, in order.
    """

    stage: Stage
    crowd: Crowd
    weather: Weather
    dice: Random
    deaths: list[Death] = field(default_factory=list)

    async def live_until(self, step: Step, patience: timedelta = PATIENCE) -> Death:
        """Let the bot live until the step, but no longer than ``patience``; kill it then."""
        snare = Snare(step)
        snare.lay(self.stage)
        async with self._life():
            acting = asyncio.create_task(self._order(step.order, patience))
            reached = await _within(patience, snare.caught())
            await self.stage.bot.kill()
            acting.cancel()
        snare.open()
        return await self._died(str(step), reached=reached, step=True)

    async def live_for(self, time: timedelta) -> Death:
        """Let the bot live for so long after its start; kill it then."""
        async with self._life():
            await asyncio.sleep(time.total_seconds())
            await self.stage.bot.kill()
        return await self._died(f"after {time.total_seconds():.1f} s", reached=True, step=False)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await self.stage.bot.start()
        try:
            yield
        finally:
            await self.stage.bot.kill()
            await self.stage.discord.bot_gone()
            self._forget()

    def _forget(self) -> None:
        """Behave again; and no nonce, which Discord knows for minutes only, hides a second film."""
        self.stage.discord.faults.clear()
        for service in (self.stage.aivideomaker, self.stage.apigo):
            service.faults.clear()
            service.file_faults.clear()
        for message in self.stage.discord.messages:
            message.nonce = None

    @asynccontextmanager
    async def members_order(self) -> AsyncIterator[None]:
        """Let members order whatever comes to mind while the body runs, in changing weather."""
        ordering = asyncio.create_task(self._keep_ordering())
        try:
            yield
        finally:
            ordering.cancel()
            await asyncio.gather(ordering, return_exceptions=True)

    async def _keep_ordering(self) -> None:
        async with asyncio.TaskGroup() as acts:
            while True:
                await asyncio.sleep(self.dice.expovariate(1 / BETWEEN_ORDERS))
                if self.dice.random() < STORM:
                    self.weather.worsen()
                if self.stage.discord.gateway.live and self.crowd.busy < MOST_BUSY:
                    acts.create_task(self.crowd.act_somehow())

    async def _order(self, kind: str, patience: timedelta) -> None:
        await self.stage.discord.bot_ready(patience)
        await self.crowd.act(kind)

    async def idle(self, patience: timedelta) -> bool:
        """Wait until all cards show that nothing more will happen; tell whether they came to."""
        bell = self.stage.discord.world.bell
        return await _within(patience, bell.until(lambda: self.crowd.busy == 0, patience))

    async def _died(self, at: str, *, reached: bool, step: bool) -> Death:
        death = Death(at, reached, step, await self._sending())
        self.deaths.append(death)
        return death

    async def _sending(self) -> frozenset[str]:
        """Read whose create was under way from a copy: the next bot finds its rows untouched."""
        with _copied(self.stage.folder / DATABASE) as copy:
            async with opened(copy) as store:
                try:
                    tasks = await store.work.in_state(TaskState.SENDING)
                except StoreUnavailable:  # killed before it had made its tables
                    return frozenset()
        return frozenset(task.id for task in tasks)

    async def tasks(self, store: Store) -> list[Task]:
        """Return all tasks, newest first."""
        async with store.read(self.crowd.guild.id) as guild:
            return await guild.tasks_of(None, limit=100_000)


@asynccontextmanager
async def open_world(
    folder: Path, seed: str, films: Films, fates: Sequence[str] = PLAIN
) -> AsyncIterator[World]:
    """Open a world.

    Args:
        folder: where the bot keeps its things.
        seed: casts the dice.
        films: the studio that its films come from.
        fates: the markers that may stand in a prompt.
    """
    dice = Random(seed)  # noqa: S311 - it decides who orders what
    discord = Discord(DISCORD_TOKEN, limits=Limits.generous())
    settings = {"DEFAULT_SERVER_CREDITS": str(CREDITS)}
    async with Stage(folder, discord=discord, pace=QUICK, films=films, settings=settings) as stage:
        yield World(stage, Crowd(stage, dice, fates), Weather(stage, dice), dice)


@asynccontextmanager
async def opened(database: Path) -> AsyncIterator[Store]:
    """Open a database as it is, whatever its age."""
    url = database_url(f"sqlite+aiosqlite:///{database}")
    store = Store(Database(url), default_credits=CREDITS)
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def _copied(database: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for file in database.parent.glob(f"{database.name}*"):
            if not file.name.endswith("-shm"):  # an index of the log, made anew
                shutil.copy(file, folder)
        yield Path(folder) / database.name


async def _within(patience: timedelta, event: Coroutine[Any, Any, object]) -> bool:
    """Wait for an event; tell whether it came in time."""
    try:
        await asyncio.wait_for(event, patience.total_seconds())
    except TimeoutError:
        return False
    return True
