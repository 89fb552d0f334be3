"""Rows of the database: for a while it is locked by somebody else, at every step of the story."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import stamina
from aiohttp import web

from bot.domain.task import TaskState
from bot.store import engine
from sandbox.discord import Fault as DiscordFault
from sandbox.services import Fault
from tests.faults.table_acts import order, press, restart, then, waiting
from tests.faults.table_faults import CALLBACK, CREATE, FILM, MESSAGES, do
from tests.faults.table_row import Act, Row, lost
from tests.faults.table_scene import Scene

STEP = "The database is locked"
BUSY = "busy_timeout = 50"
"""How long the bot waits for the lock: milliseconds, instead of its seconds."""
LOCKED = timedelta(seconds=0.6)
SLOWLY = 20
"""A rate at which all that time is some seconds of the world."""


def _lock(database: Path) -> None:
    """Lock the database as another process would, for a while."""
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(LOCKED.total_seconds(), other.close)


class _LockFirst:
    """A request that is answered honestly, the database being locked in this moment."""

    def __init__(self, scene: Scene) -> None:
        self._database = scene.world.folder / "clapboard.db"

    async def __call__(self, request: web.Request, proceed: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await proceed()
        _lock(self._database)
        return answer

    async def happen(self, request: web.Request, handler: Any) -> web.StreamResponse:
        return await self(request, lambda: handler(request))


async def _impatient(scene: Scene) -> None:
    """Let the bot wait for a lock for a moment only; its real patience is five seconds."""
    pragmas = (BUSY, *(each for each in engine.PRAGMAS if "busy" not in each))
    scene.patch.setattr(engine, "PRAGMAS", pragmas)
    await restart(scene)


def _now(scene: Scene) -> None:
    _lock(scene.world.folder / "clapboard.db")


def _at_discord(method: str, route: str) -> Act:
    return do(
        lambda scene: scene.world.discord.faults.add(DiscordFault(method, route, _LockFirst(scene)))
    )


def _at_service(method: str, path: str) -> Act:
    return do(
        lambda scene: scene.world.aivideomaker.faults.add(Fault(method, path, _LockFirst(scene)))
    )


def _at_film(scene: Scene) -> None:
    scene.world.aivideomaker.file_faults.add(Fault("GET", FILM, _LockFirst(scene)))


def _row(fault: str, *acts: Act, **more: Any) -> Row:
    return Row(step=STEP, fault=fault, play=then(_impatient, *acts), **{"rate": SLOWLY, **more})


ROWS = [
    _row(
        "when the order comes",
        do(_now),
        order(),
        told="nothing was charged",
        **lost(None, TaskState.CANCELLED, sent=0, made=0, task=False),
    ),
    _row(
        "when the card's message id is to be stored",
        do(lambda _: stamina.set_testing(False)),
        _at_discord("POST", CALLBACK),
        order(),
    ),
    _row(
        "when the service's answer to create is to be stored",
        _at_service("POST", CREATE),
        order(),
        suite=True,
    ),
    _row("while the service is looked at", waiting(do(_now))),
    _row("when the film has come to the disk", do(_at_film), order()),
    _row("when the film has just been posted", _at_discord("POST", MESSAGES), order()),
    _row(
        "when the member presses Cancel: they press again",
        waiting(do(_now), press()),
    ),
]
