"""Buttons pressed while the database is locked, or while their channel is being deleted."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from bot.domain.task import TaskState
from sandbox.discord import Fault
from sandbox.services import Scenario
from tests.story.world import FULL_POOL, PATIENCE, MovableClock, World, card_of

CALLBACK = "/interactions/{interaction}/{token}/callback"
NO_CHANNEL = {"code": 10003, "message": "Unknown Channel"}


class _Gone:
    """What Discord answers in a channel that is no longer there."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def happen(self, _request: web.Request, _handler: object) -> web.StreamResponse:
        """Answer, and let the test know."""
        self.asked.set()
        return web.json_response(NO_CHANNEL, status=404)


@contextmanager
def _locked(world: World) -> Iterator[None]:
    """Keep the database locked as another process would: nothing can be written."""
    with closing(sqlite3.connect(world.folder / "clapboard.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_forms_open_while_the_database_is_locked(world: World) -> None:
    """A form that begins with a task needs nothing written: it opens, and nothing is held."""
    world.aivideomaker.script(Scenario(fails="no luck"), matching="storm")
    async with world.bot() as app:
        sunny = card_of(await world.ada.slash(world.channel, "video text", prompt="sun"))
        film = await world.film_message(sunny)
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="storm"))
        await card.until(lambda shown: "credits are back" in shown.text)
        await app.client.settle(PATIENCE)
        with _locked(world):
            for message, button in ((film, "Continue"), (card, "Change words")):
                assert (await world.ben.click(message, button)).modal is not None
        assert len(await world.tasks(app)) == 2


async def test_a_channel_that_is_deleted_while_one_presses(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """There is nowhere left to answer: no traceback, and what was held comes back."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="sun"))
        await world.film_of(card)
        film = await world.film_message(card)
        gone = _Gone()
        world.discord.faults.add(Fault("POST", CALLBACK, gone, times=0))
        press = asyncio.ensure_future(world.ben.click(film, "Again"))
        await gone.asked.wait()
        await app.client.settle(PATIENCE)
        press.cancel()  # nobody waits for Discord to call it failed
        clock.ahead = timedelta(minutes=2)
        await app.pipeline.recovery.step()
        again, first = await world.tasks(app)
        assert (again.state, first.state) == (TaskState.CANCELLED, TaskState.DELIVERED)
        assert await world.left(app) == FULL_POOL - first.cost
        assert world.creates == 1
        assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []
