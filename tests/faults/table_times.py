"""Rows of time: clocks that jump, and a machine that sleeps in the middle of each state."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.domain.task import TaskState
from sandbox.discord import Fault as DiscordFault
from sandbox.discord import Reset as DiscordReset
from sandbox.services import Fault, Reply, Reset
from tests.faults.table_acts import order, running, then, until, waiting
from tests.faults.table_faults import CREATE, FILM, MESSAGES, avm, do, film_fault
from tests.faults.table_row import Act, Row, lost
from tests.faults.table_scene import Scene

S = TaskState
CLOCK, SLEEP = "The machine's clock", "The machine sleeps for 3 hours"
HOUR, NIGHT = timedelta(hours=1), timedelta(hours=3)
NOT_YET = Reply(404, "<Error><Code>NoSuchKey</Code></Error>")


def _set(by: timedelta) -> Act:
    return do(lambda scene: scene.clock.set_wrong(by))


FORWARD, BACK = _set(HOUR), _set(-HOUR)


def _sleep(scene: Scene) -> None:
    """Sleep: the world goes on, and no connection outlives it."""
    scene.clock.lid_closed(NIGHT)
    scene.world.discord.gateway.drop()


LID = do(_sleep)


class _AsleepMeanwhile:
    """A request during which the machine sleeps; its connection is broken afterwards."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def __call__(self, request: web.Request, proceed: Any) -> web.StreamResponse:
        await proceed()
        _sleep(self._scene)
        return await Reset()(request, proceed)

    async def happen(self, request: web.Request, handler: Any) -> web.StreamResponse:
        await handler(request)
        _sleep(self._scene)
        return await DiscordReset().happen(request, handler)


def _during_create(scene: Scene) -> None:
    scene.world.aivideomaker.faults.add(Fault("POST", CREATE, _AsleepMeanwhile(scene)))


def _during_download(scene: Scene) -> None:
    scene.world.aivideomaker.file_faults.add(Fault("GET", FILM, _AsleepMeanwhile(scene)))


def _during_upload(scene: Scene) -> None:
    scene.world.discord.faults.add(DiscordFault("POST", MESSAGES, _AsleepMeanwhile(scene)))


async def _service_down(scene: Scene) -> None:
    await scene.world.aivideomaker.stop()


async def _service_up(scene: Scene) -> None:
    await scene.world.aivideomaker.start()


def _clock(fault: str, play: Act, **more: Any) -> Row:
    return Row(step=CLOCK, fault=fault, play=play, **more)


def _asleep(state: str, play: Act, **more: Any) -> Row:
    return Row(step=SLEEP, fault=f"while {state}", play=play, **more)


LATE_FILM = film_fault(NOT_YET, times=2)
LOST_CREATE = avm("POST", CREATE, Reset(after=True))


def _upload_taken(scene: Scene) -> None:
    """Let an upload break off; Discord no longer knows its nonce when it is tried again."""
    scene.patch.setattr("sandbox.discord.rest.sending._NONCE_LIFE", timedelta(0))
    scene.world.discord.faults.add(DiscordFault("POST", MESSAGES, DiscordReset(after_effect=True)))


UPLOAD_TAKEN = do(_upload_taken)

ROWS = [
    _clock("an hour fast all the time", then(FORWARD, order())),
    _clock("an hour slow all the time", then(BACK, order())),
    _clock(
        "an hour fast, and the upload breaks off after Discord has taken it",
        then(FORWARD, UPLOAD_TAKEN, order()),
    ),
    _clock(
        "an hour slow, and the upload breaks off after Discord has taken it",
        then(BACK, UPLOAD_TAKEN, order()),
    ),
    _clock(
        "an hour fast, and the answer to create is lost: the job is not recognised by its time",
        then(FORWARD, LOST_CREATE, order()),
        **lost("you get it for free", S.UNCONFIRMED, flagged=True),
    ),
    _clock("set forward while the service has the job", waiting(FORWARD)),
    _clock("set back while the service has the job", waiting(BACK), rate=600),
    _clock(
        "set back while the film is not there yet",
        then(LATE_FILM, order(), until(S.RENDERED), BACK),
        rate=600,
    ),
    _clock(
        "set back while a lost job is searched for",
        then(LOST_CREATE, order(), until(S.UNCONFIRMED), BACK),
        rate=600,
    ),
    _asleep("the task is queued here", then(_service_down, order(), LID, _service_up)),
    _asleep("the create is under way", then(do(_during_create), order()), suite=True),
    _asleep("the answer to create is lost", then(LOST_CREATE, order(), until(S.UNCONFIRMED), LID)),
    _asleep("the service has the job", waiting(LID)),
    _asleep("the service is at work", running(LID)),
    _asleep("the film is coming", then(do(_during_download), order())),
    _asleep("the film is being uploaded", then(do(_during_upload), order())),
]
