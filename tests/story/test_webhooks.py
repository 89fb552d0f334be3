"""A service that knocks: the poller looks at once, and believes nothing but its own look."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.app import App
from bot.app import Pace as BotPace
from bot.domain.task import TaskState
from bot.pipeline.schedule import NEWS
from sandbox.discord import Message
from sandbox.services import FOREVER, Pace, Scenario
from tests.faults.table_clock import BotClock, Earth
from tests.story.world import BOT, PATIENCE, World, card_of

SLOW = BotPace(BOT.query_interval, timedelta(minutes=5), BOT.edit_gap)
"""By itself the poller looks once in five minutes: longer than any test."""
DAILY = BotPace(BOT.query_interval, edit_gap=BOT.edit_gap)
"""Looks as in daily life."""
LOOKS = "/api/v1/tasks*"
RATE = 60
"""Seconds of the bot's world in a real one."""


@pytest.fixture(autouse=True)
def _patient_service(world: World) -> None:
    world.aivideomaker.pace = Pace(queued=FOREVER, hold=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _reachable(
    world: World, *, pace: BotPace = SLOW, **more: Any
) -> AsyncIterator[tuple[App, str]]:
    """Run a bot that is knocked at; give it and the address of its listener."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    async with world.bot(pace=pace, http_port=port, webhook_url=url, **more) as app:
        yield app, url


async def _accepted(world: World) -> Message:
    card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
    return await card.until(lambda shown: "Accepted" in shown.text)


async def test_a_knock_makes_the_poller_look(world: World) -> None:
    """Minutes before the next look the film is posted, because the service called."""
    async with _reachable(world) as (app, url):
        card = await _accepted(world)
        hook = world.aivideomaker.creates[0].headers["webhookUrl"]
        assert hook.startswith(f"{url}/hooks/aivideomaker/")
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        await world.film_of(card)
        assert {call.status for call in world.aivideomaker.webhooks.calls} == {204}


async def test_each_task_has_a_secret_of_its_own_that_is_nowhere_kept(world: World) -> None:
    """Secrets are not guessable from each other, and the database holds none of them."""
    async with _reachable(world):
        for _ in range(2):
            await _accepted(world)
        hooks = [create.headers["webhookUrl"] for create in world.aivideomaker.creates]
        secrets = {hook.rsplit("/", 1)[-1] for hook in hooks}
        assert len(secrets) == 2
        data = b"".join(path.read_bytes() for path in world.folder.glob("clapboard.db*"))
        assert not [secret for secret in secrets if secret.encode() in data]


async def test_a_message_from_outside_finishes_nothing(world: World) -> None:
    """A knock that claims the film is done leads to a look, and the look says otherwise."""
    world.aivideomaker.script(Scenario(webhook="never"))
    async with _reachable(world) as (app, _url):
        card = await _accepted(world)
        task = await world.task(app)
        hook = world.aivideomaker.creates[0].headers["webhookUrl"]
        world.aivideomaker.begin(task.upstream_id or "")
        forged = {"taskId": task.upstream_id, "status": "COMPLETED", "output": {"url": "x"}}
        assert await _post(hook, forged) == 204
        await card.until(lambda shown: "Being filmed" in shown.text)
        assert (await world.task(app)).state is TaskState.RUNNING


async def test_a_stranger_wakes_nobody(world: World) -> None:
    """Unknown secrets and services get the same answer as right ones, and cause no look."""
    world.aivideomaker.script(Scenario(webhook="never"))
    async with _reachable(world) as (app, url):
        card = await _accepted(world)
        upstream_id = (await world.task(app)).upstream_id or ""
        hook = world.aivideomaker.creates[0].headers["webhookUrl"]
        secret = hook.rsplit("/", 1)[-1]
        world.aivideomaker.begin(upstream_id)
        await _post(hook, {})
        await card.until(lambda shown: "Being filmed" in shown.text)

        world.aivideomaker.finish(upstream_id)
        for wrong in (
            f"{url}/hooks/aivideomaker/{secret[::-1]}",
            f"{url}/hooks/apigo/{secret}",
            f"{url}/hooks/nobody/{secret}",
            f"{url}/hooks/aivideomaker/{'x' * 500}",
        ):
            assert await _post(wrong, {"status": "COMPLETED"}) == 204
        for _ in range(3):
            await world.ada.slash(world.channel, "video list")
        assert (await world.task(app)).state is TaskState.RUNNING
        await _post(hook, {})
        await world.film_of(card)


async def test_a_failure_is_heard_of_at_once_too(world: World) -> None:
    """The knock says nothing about why; the look does, and the credits are back."""
    world.aivideomaker.script(Scenario(webhook="twice"))
    async with _reachable(world) as (app, _url):
        card = await _accepted(world)
        world.aivideomaker.fail((await world.task(app)).upstream_id or "", "no such luck")
        await card.until(lambda shown: "no such luck" in shown.text)
        assert await world.left(app) == 500


async def test_looks_are_slower_while_webhooks_arrive_and_quick_after_one_is_missed(
    world: World,
) -> None:
    """Three films that webhooks told of: a look each 15 s. One that none told of: each second."""
    earth, service = Earth(), world.aivideomaker
    async with _reachable(world, pace=DAILY, clock=BotClock(earth)):
        for _ in range(3):
            card = await _accepted(world)
            service.finish(service.creates[-1].id)
            await world.film_of(card)
        service.script(Scenario(webhook="never"))
        silent, _other = await _accepted(world), await _accepted(world)
        earth.hurry(RATE)
        earth.skip(NEWS)  # webhooks told of the beginnings, too: looks are quick for a while
        assert await _time_of_looks(world, earth, 5) > timedelta(seconds=44)

        service.finish(service.creates[-2].id)
        await world.film_of(silent)
        assert await _time_of_looks(world, earth, 12) < timedelta(seconds=150)
        earth.hurry(1)


async def _time_of_looks(world: World, earth: Earth, number: int) -> timedelta:
    """Wait for so many looks; return how much time passed in the bot's world meanwhile."""
    before, began = world.aivideomaker.count("GET", LOOKS), earth.elapsed
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while world.aivideomaker.count("GET", LOOKS) < before + number:
            await earth.wait(timedelta(milliseconds=300))
    return earth.elapsed - began


async def test_without_an_address_no_hook_is_asked_for(world: World) -> None:
    """WEBHOOK_URL unset: the header is not sent, polling is all there is."""
    async with world.bot():
        await _accepted(world)
        assert "webhookUrl" not in world.aivideomaker.creates[0].headers


async def _post(url: str, body: object) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status
