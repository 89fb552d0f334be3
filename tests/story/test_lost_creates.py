"""A create without an answer, at a service that knows a repeated one and at one that does not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.task import Task, TaskState
from sandbox.discord import Message
from sandbox.services import Fault, Films, Reply, Reset
from tests.story.world import FULL_POOL, MovableClock, World, card_of, open_world

CREATE, LIST = "/api/v1/generate/*", "/api/v1/tasks"
LIVE_PRICE = 15
NO_TASKS = Reply.json(200, {"tasks": []})


@pytest.fixture
async def live(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world whose AI Video Maker honours idempotency keys and shows them."""
    async with open_world(tmp_path, films=films, mode="live") as opened:
        yield opened


async def _lost(world: World, fault: Reset) -> Message:
    """Order a film whose create is not answered; return its card once the bot knows."""
    world.aivideomaker.faults.add(Fault("POST", CREATE, fault))
    card = card_of(await world.ada.slash(world.channel, "video text", prompt="a lost boat"))
    return await card.until(lambda shown: "nothing is ordered twice" in shown.text)


async def _sought(world: World, app: App, clock: MovableClock) -> Task:
    """Let time pass until the search has given up, one way or the other."""
    while (task := (await world.tasks(app))[0]).state is TaskState.UNCONFIRMED:
        if task.given_up:
            break
        clock.ahead += timedelta(seconds=20)
        app.pipeline.searches["aivideomaker"].wake()
        await asyncio.sleep(0.02)
    return task


@pytest.mark.parametrize("made", [False, True], ids=["before the effect", "hidden by the list"])
async def test_the_live_service_gets_the_same_create_again(live: World, made: bool) -> None:
    """Lost and not in the list: the same bytes, the same key, one job, one charge, one film."""
    clock, service = MovableClock(), live.aivideomaker
    async with live.bot(clock=clock) as app:
        await live.film(await live.ada.slash(live.channel, "video text", prompt="a boat"))
        service.faults.add(Fault("GET", LIST, NO_TASKS, times=2))
        card = await _lost(live, Reset(after=made))
        await _sought(live, app, clock)
        await live.film_of(card)

        _, first, second = (seen for seen in service.requests if seen.method == "POST")
        assert first.body == second.body
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
        assert len(service.creates) == 2
        assert service.balance == 1_000_000 - 2 * LIVE_PRICE
        assert await live.left(app) == FULL_POOL - 2 * LIVE_PRICE
        assert len([message for message in live.channel.messages if message.attachments]) == 2


async def test_the_documented_service_never_gets_it_again(world: World) -> None:
    """Where nothing shows that a repeat is known, the credits go back and nothing is sent twice."""
    clock, service = MovableClock(), world.aivideomaker
    async with world.bot(clock=clock) as app:
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        card = await _lost(world, Reset())
        task = await _sought(world, app, clock)
        await card.until(lambda shown: "you get it for free" in shown.text)

        assert task.flagged
        assert service.count("POST") == 2
        assert len(service.creates) == 1
        assert await world.left(app) == FULL_POOL - 5
