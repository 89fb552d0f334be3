"""Rows of step 1: the order arrives, and Discord's three seconds for the first answer."""

from datetime import timedelta

from bot.domain.task import TaskState
from sandbox.discord import Answer, Delay, Reset
from tests.faults.table_acts import order, order_by_message, order_picture, then
from tests.faults.table_faults import ALWAYS, CALLBACK, MESSAGES, ORIGINAL, discord, do, refused
from tests.faults.table_row import Act, Row, lost
from tests.faults.table_scene import Scene

STEP = "First answer"
PICTURE = "/ephemeral-attachments/{channel}/{file}/{name}"
SLOW_PICTURE = discord("GET", PICTURE, Delay(timedelta(seconds=2.2)))
"""Longer than the bot waits before it shows a "thinking"."""
CARD_TAKEN = discord("PATCH", ORIGINAL, Reset(after_effect=True))
UNCHARGED = "nothing was charged"
DROPPED = lost(None, TaskState.CANCELLED, sent=0, made=0)
NO_TASK = lost(None, TaskState.CANCELLED, sent=0, made=0, task=False)


def _twice(event: str) -> Act:
    return do(lambda scene: scene.world.discord.gateway.echo.add(event))


async def _answered(scene: Scene) -> None:
    """Wait until the refusal is there."""
    await scene.calls[-1].until(lambda call: bool(call.private) or call.failed)


ROWS = [
    Row(
        step=STEP,
        fault="the connection breaks after Discord has taken the card",
        play=then(discord("POST", CALLBACK, Reset(after_effect=True)), order()),
        suite=True,
    ),
    Row(
        step=STEP,
        fault="the connection breaks before Discord has the card",
        play=then(discord("POST", CALLBACK, Reset()), order()),
        told=UNCHARGED,
        **DROPPED,
    ),
    Row(
        step=STEP,
        fault="one 500, nothing taken",
        play=then(discord("POST", CALLBACK, refused(500, 0)), order()),
    ),
    Row(
        step=STEP,
        fault="503 after Discord has taken the card",
        play=then(discord("POST", CALLBACK, Answer(503, "", after_effect=True)), order()),
    ),
    Row(
        step=STEP,
        fault="it came too late for Discord (10062)",
        play=then(discord("POST", CALLBACK, refused(404, 10062), times=ALWAYS), order()),
        unanswered=True,
        **DROPPED,
    ),
    Row(
        step=STEP,
        fault="Discord says that it was answered already (40060), and shows the card",
        play=then(
            discord(
                "POST",
                CALLBACK,
                Answer(400, {"message": "acknowledged", "code": 40060}, after_effect=True),
            ),
            order(),
        ),
    ),
    Row(
        step=STEP,
        fault="the interaction arrives twice",
        play=then(_twice("INTERACTION_CREATE"), order()),
        suite=True,
    ),
    Row(
        step="Order by message",
        fault="the message arrives twice",
        play=then(_twice("MESSAGE_CREATE"), order_by_message),
    ),
    Row(
        step="Order by message",
        fault="the connection breaks before Discord has the card",
        play=then(discord("POST", MESSAGES, Reset()), order_by_message),
    ),
    Row(
        step="Order by message",
        fault="the connection breaks after Discord has taken the card",
        play=then(discord("POST", MESSAGES, Reset(after_effect=True)), order_by_message),
    ),
    Row(
        step="Order by message",
        fault="503 twice",
        play=then(discord("POST", MESSAGES, Answer(503), times=2), order_by_message),
    ),
    Row(
        step="Picture",
        fault="the connection to Discord's CDN breaks",
        play=then(discord("GET", PICTURE, Reset(), times=ALWAYS), order_picture, _answered),
        told="I could not fetch that picture just now",
        **NO_TASK,
    ),
    Row(
        step="Picture",
        fault="the picture's link is dead",
        play=then(discord("GET", PICTURE, refused(404, 0)), order_picture, _answered),
        told="no longer there",
        **NO_TASK,
    ),
    Row(
        step="Thinking",
        fault="the picture is slow: a “thinking” becomes the card",
        play=then(SLOW_PICTURE, order_picture),
    ),
    Row(
        step="Thinking",
        fault="the “thinking” breaks off before Discord has it",
        play=then(SLOW_PICTURE, discord("POST", CALLBACK, Reset()), order_picture),
    ),
    Row(
        step="Thinking",
        fault="the “thinking” breaks off after Discord has taken it",
        play=then(SLOW_PICTURE, discord("POST", CALLBACK, Reset(after_effect=True)), order_picture),
    ),
    Row(
        step="Thinking → card",
        fault="the connection breaks before Discord has the card",
        play=then(SLOW_PICTURE, discord("PATCH", ORIGINAL, Reset()), order_picture),
    ),
    Row(
        step="Thinking → card",
        fault="the connection breaks after Discord has taken the card",
        play=then(
            SLOW_PICTURE, discord("PATCH", ORIGINAL, Reset(after_effect=True)), order_picture
        ),
    ),
    Row(
        step="Thinking → card",
        fault="502 before Discord has the card",
        play=then(SLOW_PICTURE, discord("PATCH", ORIGINAL, Answer(502)), order_picture),
    ),
]
