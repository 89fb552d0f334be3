"""A worker with several tasks under way at once: the Submitter, the Courier, the Search.

A step starts what is due and returns; each task ends by itself and wakes the worker. What stumbles
is logged and rested, and never touches another: this is the body of a worker's loop, once per task.
Never keeps anything that a restart would miss.
"""

import asyncio
import logging
from abc import abstractmethod
from datetime import datetime, timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.domain.task import Task
from bot.pipeline.worker import Worker

log = logging.getLogger(__name__)

STUMBLE_REST = timedelta(minutes=1)


class Crew(Worker):
    """Does one thing with every task that is due, so many at once."""

    def __init__(self, name: str, clock: Clock, *, places: int) -> None:
        super().__init__(name, clock)
        self._places = places
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, datetime] = {}

    @abstractmethod
    async def due(self, limit: int) -> list[Task]:
        """Return up to ``limit`` tasks that may be acted on now, the most urgent first."""

    @abstractmethod
    async def act(self, task: Task) -> None:
        """Do what is to be done with one task."""

    @abstractmethod
    async def rest(self) -> timedelta:
        """Return how long there is nothing to start, unless woken."""

    async def stumbled(self, task: Task) -> None:
        """Put right what a task left behind that stumbled; by default nothing."""

    @override
    async def step(self) -> timedelta:
        """Start what is due, as far as there are places."""
        now = self._clock.now()
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        aside = self._under_way.keys() | self._resting.keys()
        if len(self._under_way) < self._places:
            for task in await self.due(self._places + len(aside)):
                if task.id not in aside and len(self._under_way) < self._places:
                    self._under_way[task.id] = asyncio.create_task(
                        self._one(task), name=f"{self.name} {task.id}"
                    )
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
            self.wake()
