"""Rows of the gateway: the connection comes and goes, and nothing depends on it for long."""

import asyncio
from typing import Any

from bot.domain.task import TaskState
from sandbox.discord import Answer
from tests.faults.table_acts import accepted, hold, order, press, then, waiting
from tests.faults.table_faults import discord, do
from tests.faults.table_row import Act, Row, lost
from tests.faults.table_scene import Scene

STEP = "Gateway"


def _gateway(change: Any) -> Act:
    """Let something happen to the connection, and wait until there is one again."""

    async def act(scene: Scene) -> None:
        gateway = scene.world.discord.gateway
        before = gateway.identifies + gateway.resumes
        change(gateway)
        await scene.until_rows(lambda _: gateway.identifies + gateway.resumes > before)
        await scene.world.discord.bot_ready()

    return act


RECONNECT = _gateway(lambda gateway: gateway.ask_to_reconnect())
RESUMABLE = _gateway(lambda gateway: gateway.invalidate(resumable=True))
INVALID = _gateway(lambda gateway: gateway.invalidate())
CUT = _gateway(lambda gateway: gateway.drop())
CLOSED = _gateway(lambda gateway: gateway.drop(4000))


async def _refused_for_a_second(scene: Scene) -> None:
    gateway = scene.world.discord.gateway
    gateway.refusing = True
    gateway.drop()
    await asyncio.sleep(1)  # the machine's time: discord.py counts in it
    gateway.refusing = False
    await scene.world.discord.bot_ready()


async def _down_at_start(scene: Scene) -> None:
    """Let the film be ready while the bot is away, and the gateway down when it comes back."""
    await scene.stop()
    scene.world.aivideomaker.finish(scene.world.aivideomaker.creates[0].id)
    gateway = scene.world.discord.gateway
    gateway.refusing = True

    def open_again() -> None:
        gateway.refusing = False

    asyncio.get_running_loop().call_later(0.5, open_again)
    await scene.start()


async def _rest_down_at_start(scene: Scene) -> None:
    await scene.stop()
    scene.world.aivideomaker.finish(scene.world.aivideomaker.creates[0].id)
    await discord("*", "*", Answer(503), times=5)(scene)
    await scene.start()


async def _heard_late(scene: Scene) -> None:
    """Order while the connection is down: Discord tells it once there is one again."""
    scene.world.discord.gateway.drop()
    await order()(scene)


def _row(fault: str, *acts: Act, **more: Any) -> Row:
    return Row(step=STEP, fault=fault, play=waiting(*acts), **more)


ROWS = [
    _row("RECONNECT while a film is waited for", RECONNECT),
    _row("the session is invalid and can be resumed", RESUMABLE),
    _row("the session is invalid for good", INVALID),
    _row("the line is cut", CUT),
    _row("closed with 4000", CLOSED),
    _row("refused with 503 for a while", _refused_for_a_second),
    Row(
        step=STEP,
        fault="cut; the button on the card works afterwards",
        play=then(do(hold), order(), accepted, CUT, press()),
        **lost("Cancelled on request", TaskState.CANCELLED),
    ),
    Row(
        step=STEP,
        fault="invalid for good; the button on the card works afterwards",
        play=then(do(hold), order(), accepted, INVALID, press()),
        **lost("Cancelled on request", TaskState.CANCELLED),
    ),
    Row(
        step=STEP,
        fault="an order while the line is cut for a moment",
        play=_heard_late,
    ),
    Row(
        step=STEP,
        fault="it is down when the bot starts",
        play=then(do(hold), order(), accepted, _down_at_start),
        suite=True,
    ),
    Row(
        step=STEP,
        fault="Discord's REST is down when the bot starts",
        play=then(do(hold), order(), accepted, _rest_down_at_start),
    ),
]
