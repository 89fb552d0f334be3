"""A worker with several tasks under way at once: the Submitter, the Courier, the Search.

A step starts what is due and returns; each task ends by itself and wakes the worker. What stumbles
is logged and rested, and never touches another: this is the body of a worker's loop, once per task.
Never keeps anything that a restart would miss.
"""

import asyncio
import logging
from abc import abstractmethod
from collections import Counter
from datetime import datetime, timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task
from bot.pipeline.worker import Worker

log = logging.getLogger(__name__)

STUMBLE_REST = timedelta(minutes=1)


class Crew(Worker):
    """Does one thing with every task that is due, so many at once, and so many of one server."""

    def __init__(self, name: str, clock: Clock, *, places: int, share: int | None = None) -> None:
        super().__init__(name, clock)
        self._places = places
        self._share = places if share is None else share
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._of_guild: Counter[int] = Counter()
        self._resting: dict[str, datetime] = {}

    @abstractmethod
    async def due(self, limit: int) -> list[Task]:
        """Return up to ``limit`` tasks that may be acted on now, the most urgent first.

        Those that ``aside`` names may be among them or be left out.
        """

    @abstractmethod
    async def act(self, task: Task) -> None:
        """Do what is to be done with one task."""

    @abstractmethod
    async def rest(self) -> timedelta:
        """Return how long there is nothing to start, unless woken."""

    async def stumbled(self, task: Task) -> None:
        """Put right what a task left behind that stumbled; by default nothing."""

    @property
    def under_way(self) -> frozenset[str]:
        """The ids of the tasks that are being acted on."""
        return frozenset(self._under_way)

    @property
    def aside(self) -> frozenset[str]:
        """The ids of the tasks that are not to be started: under way, or resting."""
        return frozenset(self._under_way.keys() | self._resting.keys())

    @property
    def at_their_share(self) -> list[int]:
        """The guilds that have as many tasks under way as one may have."""
        return [guild for guild, count in self._of_guild.items() if count >= self._share]

    @override
    async def step(self) -> timedelta:
        """Start what is due, as far as there are places."""
        now = self._clock.now()
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        aside, free = self.aside, self._places - len(self._under_way)
        if free > 0:
            for task in await self.due(free + len(aside)):
                if task.id not in aside and self._has_place(task):
                    self._start(task)
        return await self.rest()

    async def settled(self) -> None:
        """Return once nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    @override
    async def stop(self, grace: timedelta = timedelta(seconds=10)) -> None:
        """Begin nothing new, and end what takes no longer than ``grace``."""
        until = self._clock.monotonic() + grace
        await super().stop(grace)
        if self._under_way:
            left = max(timedelta(0), until - self._clock.monotonic())
            await asyncio.wait(self._under_way.values(), timeout=left.total_seconds())
        late = list(self._under_way.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _has_place(self, task: Task) -> bool:
        free = len(self._under_way) < self._places
        return free and self._of_guild[task.guild_id] < self._share

    def _start(self, task: Task) -> None:
        self._of_guild[task.guild_id] += 1
        self._under_way[task.id] = asyncio.create_task(
            self._one(task), name=f"{self.name} {task.id}"
        )

    async def _one(self, task: Task) -> None:
        try:
            await self.act(task)
        except Exception:
            log.exception("%s stumbled over a task", self.name, extra={"task": task.id})
            self.on_error(self.name)
            self._resting[task.id] = self._clock.now() + STUMBLE_REST
            await self.stumbled(task)
        finally:
            del self._under_way[task.id]
            self._of_guild -= Counter([task.guild_id])  # keeps no zeros
            self.wake()
