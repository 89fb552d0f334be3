"""Can the data folder be written, can the database be used, and what is in it?

Part of ``python -m bot check``. Leaves no file behind and touches none of a running bot's; a
database that is not there yet is not made.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.app.check.findings import Finding, good, note, wrong
from bot.domain.task import ENDED, Task, TaskState
from bot.errors import ConfigurationError, StoreUnavailable
from bot.pipeline.shelf import Shelf
from bot.settings import Settings
from bot.store import Store, WorkQueue
from bot.store.migrate import database_url

MOST_FLAGGED = 20
"""Flagged tasks shown one by one."""
_GIGABYTE = 10**9
_MEGABYTE = 1024**2


async def check_data(settings: Settings) -> Sequence[Finding]:
    """Return whether ``DATA_DIR`` can be written, and whether the films will fit."""
    folder = settings.data_dir
    try:
        free = await asyncio.to_thread(_free_bytes, folder)
        films = sum((await Shelf(folder).sizes()).values())
    except OSError as error:
        return [
            wrong(
                f"Data: {folder} cannot be written ({error.strerror}). Make it writable for this "
                "user, or set DATA_DIR to a folder that is."
            )
        ]
    left = f"{free / _GIGABYTE:.1f} GB free"
    made = "can be written" if folder.is_dir() else "will be made at the first start"
    growth = settings.film_disk_mb * _MEGABYTE - films
    if free < growth:
        return [
            note(
                f"Data: {folder} {made}; {left}, yet films may take {growth / _GIGABYTE:.1f} GB "
                "more. Make room, or lower FILM_DISK_MB."
            )
        ]
    return [good(f"Data: {folder} {made}; {left}")]


async def check_database(settings: Settings) -> Sequence[Finding]:
    """Return whether the database can be used, how much is in it, and what needs a look."""
    try:
        path = Path(database_url(settings.database_url).database or "")
        if not await asyncio.to_thread(path.exists):
            return [await asyncio.to_thread(_future_database, path)]
        store = await Store.open(
            settings.database_url, default_credits=settings.default_server_credits
        )
    except ConfigurationError as error:
        return [wrong(str(error))]
    try:
        return await _contents(store.work)
    except StoreUnavailable as error:
        return [wrong(f"Database: {error}. Close what else uses it, or restore a backup.")]
    finally:
        await store.close()


def _free_bytes(folder: Path) -> int:
    """Return the space where ``folder`` is or will be.

    Raises:
        OSError: it cannot be written.
    """
    place = _nearest(folder)
    with tempfile.TemporaryFile(dir=place):
        return shutil.disk_usage(place).free


def _future_database(path: Path) -> Finding:
    try:
        _free_bytes(path.parent)
    except OSError as error:
        return wrong(
            f"Database: {path} cannot be made ({error.strerror}). Make its folder writable for "
            "this user, or set DATABASE_URL to another file."
        )
    return good(f"Database: sqlite, {path} will be made at the first start")


def _nearest(folder: Path) -> Path:
    """Return ``folder``, or what exists of the way to it."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


async def _contents(work: WorkQueue) -> Sequence[Finding]:
    counts = await work.counts()
    flagged = await work.flagged(limit=MOST_FLAGGED + 1)
    findings = [good(f"Database: sqlite, schema is current, {_summary(counts)}")]
    findings += [_flagged(task) for task in flagged[:MOST_FLAGGED]]
    if len(flagged) > MOST_FLAGGED:
        findings.append(note(f"Tasks: more than {MOST_FLAGGED} are flagged; the latest are shown"))
    return findings


def _summary(counts: Mapping[TaskState, int]) -> str:
    running = sum(
        number
        for state, number in counts.items()
        if state not in ENDED and state is not TaskState.UNCONFIRMED
    )
    return f"{sum(counts.values()):,} tasks, {running:,} running"


def _flagged(task: Task) -> Finding:
    since = task.ended_at or task.created_at
    state = task.state.value.lower()
    reason = f" ({task.failure.value.replace('_', ' ')})" if task.failure else ""
    job = f", job {task.upstream_id}" if task.upstream_id else ""
    return note(
        f"Task {task.id}: {state}{reason} since {since:%Y-%m-%d %H:%M} UTC; {_charge(task)} "
        f"({task.provider}{job})"
    )


def _charge(task: Task) -> str:
    if task.state is TaskState.REFUSED and not task.repeats:
        return "nothing was made or charged"
    if task.charged is not None:
        return f"the service says it charged {task.charged:,} credits"
    return "the service may have charged for it"
