"""The disk stays within its limits, and nothing that somebody waits for is lost."""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.task import TaskState, new_task_id
from bot.errors import Failure
from bot.pipeline.shelf import Shelf
from bot.pipeline.tidy import MEGABYTE, Tidy
from bot.store import Store
from tests.pipeline.doubles import FakeClock
from tests.store.building import GUILD, PATHS, S, place

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LIFE = 7 * DAY
LIMIT = 3
"""Megabytes."""
MADE = {state for state, path in PATHS.items() if S.SUBMITTED in path}
"""Where a task may stand whose film is on disk."""

Put = Callable[..., Awaitable[str]]


@pytest.fixture
def clock() -> FakeClock:
    """Return the clock of the test."""
    return FakeClock()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Return an empty shelf."""
    shelf = Shelf(tmp_path / "data")
    shelf.prepare()
    return shelf


@pytest.fixture
def tidy(store: Store, shelf: Shelf, clock: FakeClock) -> Tidy:
    """Return what is tested: films live a week and may take three megabytes."""
    return Tidy(store, shelf, clock, life=LIFE, disk_megabytes=LIMIT)


@pytest.fixture
def put(store: Store, shelf: Shelf, clock: FakeClock) -> Put:
    """Record tasks that reached their state some time ago, with a film and a picture on disk."""

    async def put(
        state: TaskState = S.DELIVERED, *, ago: timedelta, guild: int = GUILD, megabytes: int = 0
    ) -> str:
        async with store.write(guild) as opened:
            task = await place(opened, state, now=clock.now() - ago)
        _write(shelf.film(task.id), clock.now(), megabytes * MEGABYTE)
        _write(shelf.fitted_film(task.id), clock.now())
        _write(_picture(shelf, task.id), clock.now())
        return task.id

    return put


def _write(path: Path, written_at: datetime, size: int = 0) -> None:
    path.touch()
    os.truncate(path, size)  # a hole takes no room on disk
    os.utime(path, (written_at.timestamp(), written_at.timestamp()))


def _picture(shelf: Shelf, task_id: str) -> Path:
    return shelf.picture(f"{task_id}.jpg")


def _has_film(shelf: Shelf, task_id: str) -> bool:
    both = {shelf.film(task_id).exists(), shelf.fitted_film(task_id).exists()}
    assert len(both) == 1, "a film and what was made of it stay or leave together"
    return both.pop()


async def test_delivered_films_leave_after_their_life(tidy: Tidy, shelf: Shelf, put: Put) -> None:
    """FILM_DAYS after the delivery a film leaves, with the version that fitted."""
    old = await put(ago=LIFE + MINUTE)
    elsewhere = await put(ago=LIFE + MINUTE, guild=GUILD + 1)
    young = await put(ago=LIFE - MINUTE)
    await tidy()
    assert [_has_film(shelf, task) for task in (old, elsewhere, young)] == [False, False, True]


async def test_above_the_limit_the_longest_delivered_leave_first(
    tidy: Tidy, shelf: Shelf, put: Put
) -> None:
    """Where films take more than FILM_DISK_MB, as many leave as must."""
    new = await put(ago=1 * DAY, megabytes=1)
    oldest = await put(ago=4 * DAY, megabytes=1)
    middle = await put(ago=2 * DAY, megabytes=2)
    old = await put(ago=3 * DAY, megabytes=1)
    await tidy()
    assert [_has_film(shelf, task) for task in (oldest, old, middle, new)] == [0, 0, 1, 1]


@pytest.mark.parametrize("state", sorted(MADE))
async def test_a_film_that_somebody_waits_for_never_leaves(
    tidy: Tidy, shelf: Shelf, put: Put, state: TaskState
) -> None:
    """Neither age nor a full disk takes it; what was delivered, failed or expired may go."""
    film = await put(state, ago=90 * DAY, megabytes=LIMIT + 1)
    await tidy()
    assert _has_film(shelf, film) == (state in {S.SUBMITTED, S.RUNNING, S.RENDERED, S.KEPT})


async def test_undelivered_films_count_for_the_limit(tidy: Tidy, shelf: Shelf, put: Put) -> None:
    """What may not leave takes the room of what may."""
    delivered = await put(ago=1 * DAY, megabytes=1)
    kept = await put(S.KEPT, ago=2 * DAY, megabytes=LIMIT)
    await tidy()
    assert [_has_film(shelf, task) for task in (delivered, kept)] == [False, True]


async def test_a_film_whose_task_is_unknown_counts_from_when_it_was_written(
    tidy: Tidy, shelf: Shelf, clock: FakeClock
) -> None:
    """A database restored from a backup does not know what was made since."""
    old, young = new_task_id(), new_task_id()
    _write(shelf.film(old), clock.now() - LIFE - MINUTE)
    _write(shelf.film(young), clock.now() - LIFE + MINUTE)
    await tidy()
    assert [shelf.film(task).exists() for task in (old, young)] == [False, True]


@pytest.mark.parametrize("state", [S.DELIVERED, S.KEPT, S.FAILED, S.CANCELLED])
async def test_pictures_leave_a_week_after_the_end(
    tidy: Tidy, shelf: Shelf, put: Put, state: TaskState
) -> None:
    """A picture is needed until its task has ended, and a week longer for questions."""
    old, young = await put(state, ago=7 * DAY + MINUTE), await put(state, ago=7 * DAY - MINUTE)
    await tidy()
    assert [_picture(shelf, task).exists() for task in (old, young)] == [False, True]


@pytest.mark.parametrize("state", [S.QUEUED, S.SENDING, S.RUNNING, S.RENDERED, S.UNCONFIRMED])
async def test_pictures_of_tasks_under_way_stay(
    tidy: Tidy, shelf: Shelf, put: Put, state: TaskState
) -> None:
    """However long a task waits, its picture is there when it is sent."""
    task = await put(state, ago=90 * DAY)
    await tidy()
    assert _picture(shelf, task).exists()


async def test_pictures_of_what_was_written_off_leave(
    tidy: Tidy, store: Store, shelf: Shelf, clock: FakeClock, put: Put
) -> None:
    """A lost task is not sent again: its picture leaves a week after the credits went back."""
    task = await put(S.UNCONFIRMED, ago=9 * DAY)
    async with store.write(GUILD) as guild:
        await guild.write_off(task, now=clock.now() - 8 * DAY, failure=Failure.LOST)
    await tidy()
    assert not _picture(shelf, task).exists()


async def test_pictures_whose_order_was_never_recorded_leave_after_a_day(
    tidy: Tidy, shelf: Shelf, clock: FakeClock
) -> None:
    """A crash between the picture and the hold leaves nothing behind for long."""
    old, young = new_task_id(), new_task_id()
    _write(_picture(shelf, old), clock.now() - DAY - MINUTE)
    _write(_picture(shelf, young), clock.now() - DAY + MINUTE)
    await tidy()
    assert [_picture(shelf, task).exists() for task in (old, young)] == [False, True]


async def test_only_files_named_by_tasks_are_ours(
    tidy: Tidy, shelf: Shelf, clock: FakeClock
) -> None:
    """What an operator put there is left alone, and so is a film that is being written."""
    strangers = [shelf.film("holiday"), shelf.picture("holiday.jpg")]
    written = shelf.film(new_task_id())
    strangers.append(written.with_name(f"{written.name}.part"))
    for path in strangers:
        _write(path, clock.now() - 90 * DAY, (LIMIT + 1) * MEGABYTE)
    await tidy()
    assert all(path.exists() for path in strangers)


async def test_a_file_that_vanishes_meanwhile_is_no_trouble(shelf: Shelf, put: Put) -> None:
    """Between the listing and the look at a file somebody may have removed it."""
    task = await put(ago=DAY)
    ghost = shelf.film(new_task_id())
    ghost.symlink_to("nowhere")  # listed, yet not there
    assert {film.task_id for film in await shelf.films()} == {task}


async def test_tidies_every_ten_minutes(
    tidy: Tidy, shelf: Shelf, clock: FakeClock, put: Put
) -> None:
    """It is called with every sweep, and looks at the disk now and then."""
    await tidy()
    old = await put(ago=LIFE + MINUTE)
    clock.turn(timedelta(minutes=9))
    await tidy()
    assert _has_film(shelf, old)
    clock.turn(MINUTE)
    await tidy()
    assert not _has_film(shelf, old)


async def test_parts_of_a_film_do_not_outlive_a_crash(shelf: Shelf) -> None:
    """What was cut for a member is removed afterwards; after a crash, at the next start."""
    async with shelf.scratch("0123456789ab") as folder:
        (folder / "part-1.mp4").write_bytes(b"film")
        assert await shelf.films() == []
    assert not folder.exists()

    folder.mkdir()
    (folder / "part-1.mp4").write_bytes(b"film")
    shelf.prepare()
    assert not folder.exists()
