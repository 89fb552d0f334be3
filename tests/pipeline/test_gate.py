"""The gate: so many at once, shared fairly, whatever becomes of those who wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.pipeline.gate import Gate


class Crowd:
    """People at a gate; each stays inside until told to leave."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._leave: list[asyncio.Event] = []
        self.inside: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *names: str) -> None:
        """Let people come one after the other; the first letter is their owner."""
        for name in names:
            self._leave.append(asyncio.Event())
            self.tasks.append(asyncio.create_task(self._stay(name, self._leave[-1])))
            await self.settle()

    async def settle(self) -> None:
        """Let everybody go as far as they can."""
        for _ in range(5):
            await asyncio.sleep(0)

    async def leave(self, number: int) -> None:
        """Let the one who came as number ``number`` leave."""
        self._leave[number].set()
        await self.settle()

    async def _stay(self, name: str, leave: asyncio.Event) -> None:
        async with self._gate.place(ord(name[0])):
            self.inside.append(name)
            try:
                await leave.wait()
            finally:
                self.inside.remove(name)


@asynccontextmanager
async def crowd(places: int, *, share: int | None = None) -> AsyncIterator[Crowd]:
    """Open a gate and send everybody home in the end."""
    people = Crowd(Gate(places, share=share))
    yield people
    for task in people.tasks:
        task.cancel()
    await asyncio.gather(*people.tasks, return_exceptions=True)


async def test_nobody_holds_more_than_a_share() -> None:
    """What never ends for one owner leaves room for the others."""
    async with crowd(4, share=2) as people:
        await people.come("a1", "a2", "a3", "b1", "c1", "d1")
        assert people.inside == ["a1", "a2", "b1", "c1"]
        await people.leave(3)
        assert people.inside == ["a1", "a2", "c1", "d1"]
        await people.leave(0)
        assert people.inside == ["a2", "c1", "d1", "a3"]


async def test_who_holds_the_fewest_places_goes_first() -> None:
    """Then who waits the longest."""
    async with crowd(2) as people:
        await people.come("a1", "a2", "a3", "b1", "c1")
        await people.leave(0)
        assert people.inside == ["a2", "b1"]
        await people.leave(1)
        assert people.inside == ["b1", "a3"]
        await people.leave(3)
        assert people.inside == ["a3", "c1"]


async def test_a_place_is_not_lost_with_who_gives_up_waiting() -> None:
    """The next one comes in instead."""
    async with crowd(1) as people:
        await people.come("a1", "b1", "c1")
        people.tasks[1].cancel()
        await people.leave(0)
        assert people.inside == ["c1"]


async def test_a_place_is_not_lost_with_who_is_cancelled_in_that_moment() -> None:
    """Let in, and gone before they knew: the place goes on to the next one."""
    gate = Gate(1)
    first, second = gate.place(1), asyncio.create_task(_enter(gate))
    await first.__aenter__()
    await asyncio.sleep(0)  # the second one waits
    await first.__aexit__(None, None, None)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    async with asyncio.timeout(5), gate.place(3):
        pass


async def _enter(gate: Gate) -> None:
    async with gate.place(2):
        pytest.fail("it was cancelled before it could come in")
