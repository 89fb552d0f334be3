"""Rows of step 3: the create, whose answer decides whether money was spent."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.domain.task import TaskState
from sandbox.services import CHALLENGE, Action, Cut, Fault, Reply, Reset, Scenario, Silence
from sandbox.services.actions import Proceed
from tests.faults.table_acts import order, passes, then, until
from tests.faults.table_faults import CREATE, LIST, VIDEOS, apigo, avm, complaint, do, html, job
from tests.faults.table_row import Row, lost
from tests.faults.table_scene import Scene

STEP = "Create"
S = TaskState
LOOKING = "nothing is ordered twice"
FREE = "Should it turn up after all, you get it for free"
LOST = lost(FREE, S.UNCONFIRMED, flagged=True, seen=LOOKING)
SORA = order("sora-2")
NO_TASKS = Reply.json(200, {"tasks": []})


async def _impatient(scene: Scene) -> None:
    """Give up a create after a moment instead of minutes."""
    scene.patch.setattr("bot.providers.service._CREATE_DEADLINE", timedelta(seconds=0.3))


async def _service_down(scene: Scene) -> None:
    await scene.world.aivideomaker.stop()


async def _service_up(scene: Scene) -> None:
    await scene.until_card("try again")
    await scene.world.aivideomaker.start()


def _with_list(scene: Scene) -> None:
    """Let the /v1/videos service be one that lists its jobs."""
    scene.world.apigo.faults.add(Fault("GET", VIDEOS, _Listing(scene), times=None))


class _Listing:
    """Answers the list that the strict dialect does not have."""

    def __init__(self, scene: Scene) -> None:
        self._service = scene.world.apigo

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        jobs = [
            {**self._service.document(job), "prompt": job.create.fields["prompt"]}
            for job in self._service.jobs
        ]
        return Reply.json(200, {"object": "list", "data": jobs}).response()


def _row(fault: str, action: Action, **more: Any) -> Row:
    play = then(avm("POST", CREATE, action), order())
    return Row(step=f"{STEP}, AI Video Maker", fault=fault, play=play, **more)


def _sora(fault: str, action: Action, **more: Any) -> Row:
    play = then(apigo("POST", VIDEOS, action), SORA)
    return Row(step=f"{STEP}, /v1/videos", fault=fault, play=play, **{"spent": 40, **more})


ROWS = [
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="no answer at all, though the job was made",
        play=then(_impatient, avm("POST", CREATE, Silence(after=True)), order()),
        seen=LOOKING,
    ),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="no answer at all, and no job",
        play=then(_impatient, avm("POST", CREATE, Silence()), order()),
        **LOST,
        made=0,
    ),
    _row("reset after the job was made", Reset(after=True), seen=LOOKING, suite=True),
    _row("reset before anything happened", Reset(), **LOST, made=0),
    _row("502 after the job was made", html(502, after=True)),
    _row("502, and no job", html(502), **LOST, made=0),
    _row("half a JSON, the job was made", Cut(0.5)),
    _row("a web page with status 200, the job was made", html(200, after=True)),
    _row("a web page with status 200, and no job", CHALLENGE, **LOST, made=0),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="reset after the job was made, by the live service that repeats the idempotency key",
        play=then(job(Scenario(charge=5)), avm("POST", CREATE, Reset(after=True)), order()),
        world={"mode": "live"},
    ),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="reset before anything happened, by a service that has shown that it knows repeats",
        play=then(
            job(Scenario(charge=5)),
            order(),
            until(S.DELIVERED),
            job(Scenario(charge=5)),
            avm("POST", CREATE, Reset()),
            order(prompt="another boat"),
        ),
        world={"mode": "live"},
        spent=10,
        sent=3,
        made=2,
        films=2,
    ),
    _row("429 with Retry-After", html(429, Retry_After="30"), seen="try again", sent=2),
    _row("429 without Retry-After", html(429), seen="try again", sent=2),
    _row("503 with Retry-After", html(503, Retry_After="20"), seen="try again", sent=2),
    _row("503 without Retry-After", html(503), **LOST, made=0),
    _row(
        "401: the operator's key is not accepted",
        complaint(401, "UNAUTHORIZED", "Invalid API key"),
        **lost("does not accept this bot's key", S.REFUSED, made=0, flagged=True),
    ),
    _row(
        "402: the operator's account is empty",
        complaint(402, "INSUFFICIENT_CREDITS", "Insufficient credits"),
        **lost("account at the video service is empty", S.REFUSED, made=0, flagged=True),
    ),
    _row(
        "409: a job with this idempotency key exists",
        Reply.json(409, {"status": "FAILED", "errorCode": "IDEMPOTENCY_CONFLICT"}, after=True),
        seen=LOOKING,
    ),
    _row(
        "422: content rules",
        complaint(422, "CONTENT_POLICY", "This prompt is not suitable"),
        **lost("content rules turned down", S.REFUSED, made=0),
    ),
    _row(
        "400: a field is wrong",
        complaint(400, "VALIDATION_ERROR", "aspectRatio is wrong"),
        **lost("did not accept how I asked", S.REFUSED, made=0),
    ),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="nobody listens there for a while",
        play=then(_service_down, order(), _service_up),
        seen="try again",
    ),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="two equal orders, both answers lost",
        play=then(avm("POST", CREATE, Reset(after=True), Reset(after=True)), order(), order()),
        spent=10,
        sent=2,
        made=2,
        films=2,
    ),
    Row(
        step=f"{STEP}, AI Video Maker",
        fault="answer lost, and the list shows the job only an hour later",
        play=then(
            avm("POST", CREATE, Reset(after=True)),
            avm("GET", LIST, NO_TASKS, times=3),
            order(),
            until(S.UNCONFIRMED),
            passes(hours=1),
        ),
        spent=0,
        seen=FREE,
        rate=600,
    ),
    _sora("reset after the job was made; it has no list", Reset(after=True), **LOST, suite=True),
    _sora("reset before anything happened; it has no list", Reset(), **LOST, made=0),
    _sora("502 after the job was made; it has no list", html(502, after=True), **LOST),
    _sora("half a JSON; it has no list", Cut(0.5), **LOST),
    Row(
        step=f"{STEP}, /v1/videos",
        fault="reset after the job was made; this one has a list",
        play=then(do(_with_list), apigo("POST", VIDEOS, Reset(after=True)), SORA),
        spent=40,
        seen=LOOKING,
    ),
    _sora("429 with Retry-After", html(429, Retry_After="30"), seen="try again", sent=2),
    _sora(
        "429 insufficient_quota: the operator's account is empty",
        Reply.json(429, {"error": {"code": "insufficient_quota", "message": "You ran out"}}),
        **lost("account at the video service is empty", S.REFUSED, made=0, flagged=True),
    ),
    _sora(
        "401: the operator's key is not accepted",
        Reply.json(401, {"error": {"code": "invalid_api_key", "message": "Wrong key"}}),
        **lost("does not accept this bot's key", S.REFUSED, made=0, flagged=True),
    ),
    _sora(
        "a web page with status 200; it has no list",
        CHALLENGE,
        **LOST,
        made=0,
    ),
]
