"""Rows of step 4: what becomes of a job that the service has, and cancelling it."""

from typing import Any

from aiohttp import web

from bot.domain.task import TaskState
from sandbox.services import CHALLENGE, Action, Cut, Fault, Phase, Reply, Reset, Scenario
from sandbox.services.actions import Proceed
from tests.faults.table_acts import (
    accepted,
    hold,
    order,
    passes,
    press,
    running,
    says,
    then,
    waiting,
)
from tests.faults.table_faults import DETAILS, LIST, VIDEO, apigo, avm, do, html, job
from tests.faults.table_row import Row, lost
from tests.faults.table_scene import Scene

S = TaskState
AVM, SORA = "Look, AI Video Maker", "Look, /v1/videos"
NO_SUCH_TASK = Reply.json(404, {"status": "FAILED", "message": "Task not found"})
NO_KEY = Reply.json(401, {"status": "FAILED"})
NO_SUCH_VIDEO = Reply.json(404, {"error": {"code": "not_found", "message": "No such video"}})
FORGOTTEN = lost("lost this job", S.EXPIRED, flagged=True)
CANCEL = f"{DETAILS}/cancel"
CANCELLED = lost("Cancelled on request", S.CANCELLED)
THROUGH_AN_HOUR = 1500
"""A rate at which an hour of looks in vain takes seconds."""


def _forget(scene: Scene) -> None:
    scene.world.aivideomaker.forget()
    scene.world.apigo.forget()


def _avm(fault: str, *actions: Action, times: int | None = 3, **more: Any) -> Row:
    """A row whose lonely job is asked for by its id."""
    play = waiting(avm("GET", DETAILS, *actions, times=times))
    return Row(step=AVM, fault=fault, play=play, **more)


def _sora(fault: str, *actions: Action, times: int | None = 3, **more: Any) -> Row:
    play = waiting(apigo("GET", VIDEO, *actions, times=times), model="sora-2")
    return Row(step=SORA, fault=fault, play=play, **{"spent": 40, **more})


def _list(fault: str, *actions: Action) -> Row:
    """A row with two jobs, which are looked for in the list."""
    play = then(
        do(hold),
        order(),
        accepted,
        avm("GET", LIST, *actions, times=3),
        order(),
        accepted,
        _list_read,
        _finish,
    )
    return Row(
        step="List, AI Video Maker", fault=fault, play=play, spent=10, sent=2, made=2, films=2
    )


async def _list_read(scene: Scene) -> None:
    """Wait until the list was asked for: before, each job may be asked for alone."""
    await scene.until_rows(lambda _: scene.world.aivideomaker.count("GET", LIST))


async def _finish(scene: Scene) -> None:
    for create in scene.world.aivideomaker.creates:
        scene.world.aivideomaker.finish(create.id)


def _begin_when_cancelled(scene: Scene) -> None:
    service = scene.world.aivideomaker

    async def begin(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        service.begin(service.creates[0].id)
        return await proceed()

    service.faults.add(Fault("PUT", CANCEL, begin))


def _cancel(fault: str, *actions: Action, **more: Any) -> Row:
    play = then(do(hold), order(), accepted, avm("PUT", CANCEL, *actions), press())
    return Row(step="Cancel", fault=fault, play=play, **{**CANCELLED, **more})


LOOKS = [
    _avm("500, again and again for a while", html(500), times=8),
    _avm("resets", Reset()),
    _avm("a web page with status 200", CHALLENGE),
    _avm("half a JSON", Cut(0.5)),
    _avm("404 twice: a replica that lags", NO_SUCH_TASK, times=2),
    _avm("a web page with status 404", html(404), times=20),
    _avm("429 with Retry-After", html(429, Retry_After="60")),
    _avm("429 without Retry-After", html(429)),
    _avm(
        "401 for a while: the key is being mended", Reply.json(401, {"status": "FAILED"}), rate=300
    ),
    _avm("an answer without any field that we know", Reply.json(200, {"hello": "world"})),
    Row(
        step=AVM,
        fault="it forgets the job for good",
        play=then(do(hold), order(), accepted, do(_forget)),
        rate=THROUGH_AN_HOUR,
        **FORGOTTEN,
    ),
    Row(
        step=AVM,
        fault="it says FAILED",
        play=then(job(Scenario(fails="no such luck")), order()),
        **lost("tried and failed", S.FAILED),
    ),
    Row(
        step=AVM,
        fault="it cancels the job itself",
        play=then(job(Scenario(ends=Phase.CANCELLED)), order()),
        **lost("cancelled this one itself", S.CANCELLED),
    ),
    Row(
        step=AVM,
        fault="COMPLETED, and its output comes two looks later",
        play=then(job(Scenario(output_late=2)), order()),
    ),
    Row(
        step=AVM,
        fault="COMPLETED without any output, for good",
        play=then(job(Scenario(output="null")), order()),
        **lost("says it is done but gave no film", S.FAILED, flagged=True),
    ),
    Row(
        step=AVM,
        fault="a status that no document names",
        play=then(job(Scenario(words={Phase.RUNNING: "PONDERING"})), order()),
    ),
    _list("500, again and again for a while", html(500)),
    _list("it breaks off in the middle", Cut(0.5)),
    _list("a web page with status 200", CHALLENGE),
    _list("it shows no job of ours", Reply.json(200, {"tasks": []})),
    _sora("500, again and again for a while", html(500)),
    _sora("resets", Reset()),
    _sora("a web page with status 200", CHALLENGE),
    _sora("half a JSON", Cut(0.5)),
    _sora("404 twice: a replica that lags", NO_SUCH_VIDEO, times=2),
    _sora("429 with Retry-After", html(429, Retry_After="60")),
    Row(
        step=SORA,
        fault="it forgets the job for good",
        play=then(do(hold), order("sora-2"), accepted, do(_forget)),
        rate=THROUGH_AN_HOUR,
        **FORGOTTEN,
    ),
    Row(
        step=SORA,
        fault="it says failed",
        play=then(job(Scenario(fails="no such luck")), order("sora-2")),
        **lost("tried and failed", S.FAILED),
    ),
]

CANCELS = [
    _cancel("500, and nothing was cancelled: asked again", html(500)),
    _cancel("reset before it was cancelled: asked again", Reset(), suite=True),
    _cancel("reset after it was cancelled", Reset(after=True)),
    _cancel("a web page in answer, though it was cancelled", html(200, after=True)),
    _cancel("429: asked again after the pause", html(429, Retry_After="20")),
    Row(
        step="Cancel",
        fault="too late: the service began in this moment",
        play=then(
            do(hold),
            order(),
            accepted,
            do(_begin_when_cancelled),
            press(),
            says("too late to cancel"),
            _finish,
        ),
        seen="too late to cancel",
    ),
]


SLOW = [
    Row(
        step="A long wait",
        fault="45 minutes at AI Video Maker",
        play=running(passes(minutes=45), says("It is not lost; I keep looking")),
        seen="It is not lost; I keep looking",
        suite=True,
    ),
    Row(
        step="A long wait",
        fault="45 minutes at /v1/videos",
        play=running(passes(minutes=45), says("It is not lost; I keep looking"), model="sora-2"),
        seen="It is not lost; I keep looking",
        spent=40,
    ),
    Row(
        step="A long wait",
        fault="20 hours in the service's queue",
        play=waiting(passes(hours=20), says("It is not lost; I keep looking")),
        seen="It is not lost; I keep looking",
    ),
    Row(
        step="A long wait",
        fault="two days, and the service never ends it",
        play=then(do(hold), order(), accepted, passes(hours=49)),
        **FORGOTTEN,
    ),
]

ROWS = [*LOOKS, *CANCELS, *SLOW]
