"""Rows beside the story: whose picture it was takes the film down, and something goes wrong."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.domain.task import TaskState
from sandbox.discord import Answer, Permissions, Reset, Upload
from sandbox.discord import Fault as DiscordFault
from sandbox.services import Reset as ServiceReset
from tests.faults.table_acts import (
    PROMPT,
    accepted,
    begin,
    finish,
    hold,
    passes,
    restart,
    says,
    then,
    until,
)
from tests.faults.table_faults import (
    ALWAYS,
    CREATE,
    MESSAGE,
    MESSAGES,
    avm,
    discord,
    do,
    refused,
    wait_a_moment,
)
from tests.faults.table_row import Act, Film, Row, lost
from tests.faults.table_scene import Scene
from tests.story.world import picture

S = TaskState
STEP = "Taken down"
WORDS = "Taken down by"


async def _order(scene: Scene) -> None:
    """Let Ada animate Ben's picture."""
    world = scene.world
    posted = await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])
    asked = await world.ada.say(world.channel, PROMPT, reply_to=posted, mention_bot=True)
    card = await world.channel.until(
        lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
    )
    scene.cards.append(card)
    scene.earth.hurry(scene.row.rate)


async def _press(scene: Scene) -> None:
    """Let Ben press the button of the card."""
    await scene.world.ben.click(scene.cards[-1], "Take down")


@dataclass
class _PressMeanwhile:
    """Lets Ben press while a request is on its way, and then lets it through."""

    scene: Scene

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await _press(self.scene)
        return await handler(request)


def _press_during_upload(scene: Scene) -> None:
    scene.world.discord.faults.add(DiscordFault("POST", MESSAGES, _PressMeanwhile(scene)))


def _permit(denied: Permissions) -> Act:
    def permit(scene: Scene) -> None:
        me = scene.world.guild.me
        assert me is not None
        scene.world.channel.set_permissions(me, deny=denied)

    return do(permit)


async def _operator_told(scene: Scene) -> None:
    await scene.until_rows(lambda tasks: tasks[0].flagged)


async def _removed(scene: Scene) -> None:
    await scene.until_rows(lambda tasks: tasks[0].film_message_id is None)


def _delete_film(scene: Scene) -> None:
    for film in scene.films:
        film.delete()


def _delivered(fault: str, *acts: Act, **more: Any) -> Row:
    """Return a row whose film is there before it is taken down: it stays paid."""
    play = then(_order, until(S.DELIVERED), *acts, _removed)
    ending = {"film": Film.NONE, "card": WORDS, "ends": S.DELIVERED, **more}
    return Row(step=STEP, fault=fault, play=play, **ending)


def _under_way(fault: str, *acts: Act, **more: Any) -> Row:
    """Return a row whose film is called off before it is there: the credits are back."""
    play = then(do(hold), _order, *acts)
    return Row(step=STEP, fault=fault, play=play, **lost(WORDS, S.CANCELLED, **more))


def _deletion(fault: str, action: Any, *, times: int = 1, **more: Any) -> Row:
    return _delivered(fault, discord("DELETE", MESSAGE, action, times=times), _press, **more)


ROWS = [
    _deletion("500 before Discord has deleted the film", refused(500, 0)),
    _deletion("503 for minutes", Answer(503), times=6, suite=True),
    _deletion("503 after Discord has deleted the film", Answer(503, "", after_effect=True)),
    _deletion("reset before Discord has deleted the film", Reset()),
    _deletion("reset after Discord has deleted the film", Reset(after_effect=True)),
    _deletion("429, Discord's own", wait_a_moment()),
    _delivered("a moderator had deleted the film before", do(_delete_film), _press),
    _delivered(
        "the bot stops between the wish and the deletion",
        discord("DELETE", MESSAGE, Answer(503), times=ALWAYS),
        _press,
        says(WORDS),
        restart,
        do(lambda scene: scene.world.discord.faults.clear()),
    ),
    _delivered(
        "the channel is closed to the bot for an hour",
        _permit(Permissions.VIEW_CHANNEL),
        _press,
        _operator_told,
        _permit(Permissions.NONE),
        passes(hours=1),
        card=None,
        flagged=True,
    ),
    Row(
        step=STEP,
        fault="while the film is being uploaded",
        play=then(do(hold), _order, accepted, do(_press_during_upload), finish),
        film=Film.NONE,
        card=WORDS,
        ends=S.DELIVERED,
    ),
    _under_way("while the service is at work on it", accepted, begin, _press, finish),
    _under_way(
        "while the service has not begun it",
        accepted,
        _press,
    ),
    _under_way(
        "while the answer to create is lost: the job is found, and cancelled",
        avm("POST", CREATE, ServiceReset(after=True)),
        until(S.UNCONFIRMED),
        _press,
    ),
]
