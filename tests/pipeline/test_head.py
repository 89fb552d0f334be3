"""The head of a long line is not worked out anew for every single turn."""

from datetime import timedelta

import pytest

from bot.domain.task import Task
from bot.pipeline.head import FRESH, LONG, Head
from tests.pipeline.rig import BEN, Rig

P = "aivideomaker"


@pytest.fixture
def reads(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often the line is read."""
    asked, queued = [], rig.store.work.queued

    async def counted(provider: str, **options) -> list[Task]:
        asked.append(1)
        return await queued(provider, **options)

    monkeypatch.setattr(rig.store.work, "queued", counted)
    return asked


async def test_a_long_line_is_read_once_a_second(rig: Rig, reads: list[int]) -> None:
    """However fast its turns come; each task is handed out once, and newcomers wait a second."""
    tasks = [await rig.place() for _ in range(LONG)]
    head = Head(P, rig.store, rig.clock)
    taken = [task for _ in range(9) for task in await head.take(1, aside=())]
    assert [task.id for task in taken] == [task.id for task in tasks[:9]]
    newcomer = await rig.place(BEN)
    assert (await head.take(1, aside=()))[0].id == tasks[9].id
    assert len(reads) == 1

    rig.clock.turn(FRESH)
    assert (await head.take(1, aside=[tasks[0].id]))[0].id == newcomer.id
    assert len(reads) == 2


async def test_a_short_line_is_always_the_present_one(rig: Rig, reads: list[int]) -> None:
    """A newcomer who is next is next at once; nobody is forgotten who was not sent."""
    first, second = await rig.place(), await rig.place()
    head = Head(P, rig.store, rig.clock)
    assert (await head.take(1, aside=()))[0].id == first.id
    newcomer = await rig.place(BEN)
    taken = await head.take(3, aside=[first.id])
    assert [task.id for task in taken] == [newcomer.id, second.id]
    assert len(reads) == 2
    rig.clock.turn(timedelta(minutes=1))
    assert len(await head.take(9, aside=())) == 3
