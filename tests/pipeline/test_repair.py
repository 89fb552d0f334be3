"""Cards that show an old state are found, at a cost that goes by what has changed."""

from datetime import timedelta

import pytest

from bot.domain.task import Task
from bot.errors import StoreUnavailable
from bot.pipeline import repair as repairing
from bot.pipeline.repair import CardRepair
from tests.pipeline.rig import Rig

MINUTE = timedelta(minutes=1)
SLICE = 6


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a few cards many."""
    monkeypatch.setattr(repairing, "SLICE", SLICE)


async def _under_way(rig: Rig, count: int) -> list[Task]:
    """Have some films made, and their cards up to date."""
    tasks = [await rig.place() for _ in range(count)]
    for _ in range(-(-count // 4)):
        await rig.take(rig.submitter)
    rig.mailbox.cards.clear()
    return tasks


async def test_a_start_looks_at_every_card(rig: Rig) -> None:
    """The last run may have died before it had told them: those under way, and those that ended."""
    tasks = await _under_way(rig, SLICE + 5)
    await rig.finish(tasks[0])
    rig.mailbox.cards.clear()
    await rig.restart()
    await rig.take(rig.recovery)
    assert set(rig.mailbox.cards) == {task.id for task in tasks}


async def test_a_card_that_was_given_up_is_tried_again(rig: Rig) -> None:
    """Discord was away for minutes: the next sweep asks for them again, however many there are."""
    tasks = await _under_way(rig, SLICE + 5)
    await rig.take(rig.recovery)
    rig.mailbox.cards.clear()
    rig.mailbox.given_up = [task.id for task in tasks]
    await rig.take(rig.recovery)
    assert set(rig.mailbox.cards) == {task.id for task in tasks}


async def test_what_was_given_up_is_not_forgotten_when_the_rows_cannot_be_read(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Mailbox tells once; a database in trouble costs no card its repair."""
    (task,) = await _under_way(rig, 1)
    repair = CardRepair(rig.store, rig.mailbox, rig.cards, rig.clock)
    await repair.sweep()
    rig.mailbox.cards.clear()
    rig.mailbox.given_up = [task.id]
    with monkeypatch.context() as broken:
        broken.setattr(rig.store.work, "tasks", _unreadable)
        with pytest.raises(StoreUnavailable):
            await repair.sweep()
    monkeypatch.setattr(rig.store.work, "under_way", _nothing)
    await repair.sweep()
    assert set(rig.mailbox.cards) == {task.id}


async def _unreadable(_ids: object) -> list[Task]:
    raise StoreUnavailable("locked")


async def _nothing(**_: object) -> list[Task]:
    return []


async def test_a_sweep_costs_no_more_when_much_is_in_flight(rig: Rig) -> None:
    """Only a part of everything has its turn; in the end all had one."""
    tasks = await _under_way(rig, 2 * SLICE + 5)
    await rig.take(rig.recovery)
    seen: set[str] = set()
    for _ in range(3):
        rig.mailbox.cards.clear()
        await rig.take(rig.recovery)
        assert len(rig.mailbox.cards) <= SLICE
        seen |= set(rig.mailbox.cards)
    assert seen == {task.id for task in tasks}


async def test_each_slow_film_is_told_once_when_it_becomes_slow(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a slow card until its turn comes round."""
    await _under_way(rig, 1)
    await rig.take(rig.recovery)
    monkeypatch.setattr(rig.store.work, "under_way", _nothing)
    rig.clock.turn(5 * MINUTE)
    late = await rig.place()
    await rig.take(rig.submitter)
    for passed, slow in ((5, False), (4, False), (1, True), (1, False)):
        rig.clock.turn(passed * MINUTE)
        rig.mailbox.cards.clear()
        await rig.take(rig.recovery)
        told = [view.slow for view in rig.mailbox.cards.get(late.id, [])]
        assert told == [True] * slow
