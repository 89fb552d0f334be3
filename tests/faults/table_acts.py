"""What happens in rows: what the member does, and what is waited for in between.

Each function is an act or returns one; ``then`` makes several into one.
"""

from datetime import timedelta
from typing import Any

from bot.domain.task import TaskState
from sandbox.discord import Call, Upload
from sandbox.services import FOREVER, Pace
from tests.faults.table_faults import do
from tests.faults.table_row import Act
from tests.faults.table_scene import Scene
from tests.story.world import picture

PROMPT = "a boat"


def then(*acts: Act) -> Act:
    """Let one thing happen after the other."""

    async def together(scene: Scene) -> None:
        for act in acts:
            await act(scene)

    return together


def hold(scene: Scene) -> None:
    """Let both services take jobs in, and begin none by themselves."""
    scene.world.aivideomaker.pace = scene.world.apigo.pace = Pace(queued=FOREVER, hold=True)


# What the member does


def order(model: str = "t2v", **options: str) -> Act:
    """`/video text`."""

    async def act(scene: Scene) -> None:
        wanted = {"prompt": PROMPT, "model": model, **options}
        _seen(scene, await scene.world.ada.slash(scene.world.channel, "video text", **wanted))
        scene.earth.hurry(scene.row.rate)

    return act


async def order_picture(scene: Scene) -> None:
    """`/video image`."""
    call = await scene.world.ada.slash(
        scene.world.channel, "video image", image=Upload("boat.png", picture()), prompt=PROMPT
    )
    _seen(scene, await call.answered())
    scene.earth.hurry(scene.row.rate)


async def order_by_message(scene: Scene) -> None:
    """Mention the bot on a picture."""
    asked = await scene.world.ada.say(
        scene.world.channel, PROMPT, uploads=[Upload("boat.png", picture())], mention_bot=True
    )
    scene.cards.append(
        await scene.world.channel.until(
            lambda shown: shown.reply_to == asked and shown.author == scene.world.discord.bot
        )
    )
    scene.earth.hurry(scene.row.rate)


def _seen(scene: Scene, call: Call) -> None:
    scene.calls.append(call)
    if call.message is not None:
        scene.cards.append(call.message)


def press(button: str = "Cancel") -> Act:
    """Press a button of the last card."""

    async def act(scene: Scene) -> None:
        await scene.world.ada.click(scene.cards[-1], button)

    return act


# Between


async def accepted(scene: Scene) -> None:
    """Wait until the service has taken the job in, and Discord shows it."""
    await scene.upstream_id()
    await scene.until_card("Accepted")


async def begin(scene: Scene) -> None:
    """Let the service begin the first job, and wait until it is seen."""
    _service(scene).begin(await scene.upstream_id())
    await scene.until_card("Being filmed")


async def finish(scene: Scene) -> None:
    """Let the service finish the first job."""
    _service(scene).finish(await scene.upstream_id())


def _service(scene: Scene) -> Any:
    model = scene.world.apigo.creates[:1]
    return scene.world.apigo if model else scene.world.aivideomaker


def waiting(*acts: Act, model: str = "t2v") -> Act:
    """Order, wait until the service has it, let things happen, and let the service finish."""
    return then(do(hold), order(model), accepted, *acts, finish)


def running(*acts: Act, model: str = "t2v") -> Act:
    """Likewise, once the service is at work on it."""
    return then(do(hold), order(model), accepted, begin, *acts, finish)


def passes(**length: float) -> Act:
    """Let time pass at once."""
    return do(lambda scene: scene.earth.skip(timedelta(**length)))


def until(*states: TaskState) -> Act:
    """Wait until all tasks are in one of these states."""

    async def act(scene: Scene) -> None:
        await scene.until_state(*states)

    return act


def says(words: str) -> Act:
    """Wait until the last card says these words."""

    async def act(scene: Scene) -> None:
        await scene.until_card(words)

    return act


async def restart(scene: Scene) -> None:
    """Stop the bot and start it again."""
    await scene.stop()
    await scene.start()
