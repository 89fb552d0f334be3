"""Films take turns to be uploaded: one a channel, ten in all, fairly between servers.

Serves step 5. Discord breaks off uploads that come all at once, a channel's messages share one rate
limit, and whoever waits for that limit must not stand in the way of other channels. Never uploads
anything itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.discord_ui.traffic import FILMS, Traffic
from bot.domain.task import Task
from bot.pipeline.gate import Gate

AT_ONCE = 10
"""An upload of a megabyte takes about a second: twice what five films a second need."""


class Uploads:
    """The turns."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._gate = Gate(AT_ONCE)
        self._channels: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, task: Task) -> AsyncIterator[None]:
        """Wait for this task's turn to upload into its channel, and hold it."""
        channel = self._channels.setdefault(task.channel_id, asyncio.Lock())
        async with channel, self._gate.place(task.guild_id):
            await self._traffic.turn(FILMS)
            yield
