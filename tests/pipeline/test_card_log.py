"""What cards show is written down, a moment later and all at once; who was told, immediately."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from bot.domain.task import Task
from bot.pipeline.card_log import CardLog
from bot.store import Store
from bot.store import engine as database
from tests.pipeline.doubles import FakeClock
from tests.store.building import GUILD, place


class Hours(FakeClock):
    """Time that is over at once, and tells when a pause was longer than the usual second."""

    def __init__(self) -> None:
        super().__init__()
        self.long_pause = asyncio.Event()

    @override
    async def sleep(self, duration: timedelta) -> None:
        if duration > timedelta(seconds=1):
            self.long_pause.set()
        await super().sleep(duration)


@pytest.fixture
def hours() -> Hours:
    """Return the log's clock."""
    return Hours()


@pytest.fixture
def card_log(store: Store, hours: Hours) -> CardLog:
    """Return a log that need not wait."""
    return CardLog(store, hours)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lock on the file be an error at once."""
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "busy_timeout = 0"))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the database as another process may."""
    with closing(sqlite3.connect(folder / "clapboard.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def placed(store: Store, guild_id: int = GUILD) -> Task:
    """Return a new task."""
    async with store.write(guild_id) as guild:
        return await place(guild)


async def now(store: Store, task: Task) -> Task:
    """Return the task as its row has it."""
    async with store.read(task.guild_id) as guild:
        found = await guild.task(task.id)
    assert found is not None
    return found


async def written() -> None:
    """Return once the log has nothing more to do."""
    await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name() == "card log"])


async def test_what_cards_show_is_written_down(store: Store, card_log: CardLog) -> None:
    """Of each card the latest, whichever server it is in; a restart then edits none of them."""
    one, other = await placed(store), await placed(store, GUILD + 1)
    for task, digest in ((one, "first"), (other, "other"), (one, "second")):
        await card_log.shown(task.guild_id, task.id, digest)
    await written()
    assert (await now(store, one)).card_shown == "second"
    assert (await now(store, other)).card_shown == "other"


async def test_what_comes_while_it_is_written_is_not_lost(store: Store, card_log: CardLog) -> None:
    """A card that changes again in that moment is written down again."""
    task = await placed(store)
    async with store.write(GUILD):  # the log has begun, and waits for its turn
        await card_log.shown(task.guild_id, task.id, "first")
        for _ in range(10):
            await asyncio.sleep(0)
        await card_log.shown(task.guild_id, task.id, "second")
    await written()
    assert (await now(store, task)).card_shown == "second"


async def test_what_a_card_shows_is_known_at_once(store: Store, card_log: CardLog) -> None:
    """Rows lag behind; until they are read anew, nobody edits a card that shows all there is."""
    task = await placed(store)
    assert card_log.shows(task) is None
    await card_log.shown(task.guild_id, task.id, "digest")
    assert card_log.shows(task) == "digest"
    await card_log.close()
    assert CardLog(store, FakeClock()).shows(await now(store, task)) == "digest"


async def test_another_servers_task_of_the_same_name_is_left_alone(
    store: Store, card_log: CardLog
) -> None:
    """A digest belongs to a task of one server."""
    task = await placed(store)
    await card_log.shown(GUILD + 1, task.id, "not its own")
    await card_log.close()
    assert (await now(store, task)).card_shown is None


async def test_a_locked_database_is_waited_for(
    store: Store, card_log: CardLog, tmp_path: Path, hours: Hours
) -> None:
    """Nothing is forgotten, and nobody who edits cards has to wait or hears of the trouble."""
    task = await placed(store)
    with locked(tmp_path):
        await card_log.shown(task.guild_id, task.id, "digest")
        await hours.long_pause.wait()
    await written()
    assert (await now(store, task)).card_shown == "digest"


async def test_the_end_writes_down_what_is_left(store: Store, card_log: CardLog) -> None:
    """A bot that is stopped does not edit its cards again at the next start."""
    task = await placed(store)
    await card_log.shown(task.guild_id, task.id, "digest")
    await card_log.close()
    assert (await now(store, task)).card_shown == "digest"


async def test_the_end_does_not_wait_for_a_locked_database(
    store: Store, card_log: CardLog, tmp_path: Path
) -> None:
    """What cannot be written costs some edits that change nothing."""
    task = await placed(store)
    with locked(tmp_path):
        await card_log.shown(task.guild_id, task.id, "digest")
        await card_log.close()
    assert (await now(store, task)).card_shown is None


async def test_who_was_told_is_on_disk_at_once(store: Store, card_log: CardLog) -> None:
    """Nobody is told twice, whenever the process dies."""
    task = await placed(store)
    await card_log.told(task.guild_id, task.id)
    assert (await now(store, task)).told
