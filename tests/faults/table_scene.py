"""A row's scene: the world, the bot in it, its clock, and how to wait for the end of the story."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, Pace
from bot.domain.task import Task, TaskState
from sandbox.discord import Call, Message
from sandbox.services import Films
from sandbox.services import Pace as ServicePace
from tests.faults.table_clock import BotClock, Earth
from tests.faults.table_row import Row
from tests.story.world import World, open_world

PATIENCE = timedelta(seconds=25)
WHILE_ORDERING = 10
"""How fast time passes until the card is there: a card may be a minute late at most."""
SERVICES = ServicePace(queued=timedelta(seconds=2), running=timedelta(seconds=4))
A_LOOK = 0.01


@dataclass
class Scene:
    """What a row's acts may touch."""

    world: World
    earth: Earth
    clock: BotClock
    row: Row
    patch: pytest.MonkeyPatch
    app: App = field(init=False)
    calls: list[Call] = field(default_factory=list)
    cards: list[Message] = field(default_factory=list)
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        """Start the bot on what the last one left."""
        bot = self.world.bot(clock=self.clock, pace=Pace(), **self.row.settings)  # type: ignore[arg-type]  # a Clock
        self.app = await self._running.enter_async_context(bot)

    async def stop(self) -> None:
        """Stop the bot."""
        await self._running.aclose()

    async def tasks(self) -> list[Task]:
        """Return all tasks, the first ordered first."""
        return (await self.world.tasks(self.app))[::-1]

    async def upstream_id(self) -> str:
        """Return the first task's job, once it is known."""
        await self.until_rows(lambda tasks: bool(tasks) and tasks[0].upstream_id is not None)
        return (await self.tasks())[0].upstream_id or ""

    async def until_rows(self, holds: Any) -> None:
        """Return once `holds` is true of the tasks; it is asked again and again."""
        tasks: list[Task] = []
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                while not holds(tasks := await self.tasks()):  # noqa: ASYNC110 - rows ring no bell
                    await asyncio.sleep(A_LOOK)
        except TimeoutError:
            cards = "\n".join(card.text for card in self.cards)
            raise TimeoutError(f"still {tasks}; the cards say:\n{cards}") from None

    async def until_state(self, *states: TaskState) -> None:
        """Return once every task is in one of these states."""
        await self.until_rows(lambda tasks: tasks and all(task.state in states for task in tasks))

    async def until_card(self, words: str) -> None:
        """Return once the last card says these words."""
        await self.cards[-1].until(lambda shown: words in shown.text, PATIENCE)

    @property
    def films(self) -> list[Message]:
        """Every film that somebody can see in a message, wherever; copies for one person aside."""
        return [
            message
            for message in self.world.discord.messages
            if not (message.deleted or message.channel.deleted or message.only_for)
            and message.author == self.world.discord.bot
            and any(file.name.endswith(".mp4") for file in message.attachments)
        ]


@asynccontextmanager
async def open_scene(
    row: Row, folder: Path, films: Films, patch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    """Open a row's world and start the bot in it; both live in the same time."""
    earth = Earth()
    earth.hurry(WHILE_ORDERING)
    async with open_world(folder, services=SERVICES, films=films, **row.world) as world:
        world.aivideomaker.clock = world.apigo.clock = earth.now
        scene = Scene(world, earth, BotClock(earth), row, patch)
        await scene.start()
        try:
            yield scene
        finally:
            earth.hurry(1)
            await scene.stop()
