"""The answer to a create, classified: a wrong verdict costs somebody money."""

from datetime import timedelta

import httpx
import pytest

from bot.errors import (
    Declined,
    Failure,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Unauthorised,
)
from tests.providers.world import KEY, World, order, say

AVM = "POST /api/v1/generate/t2v"
OAI = "POST /v1/videos"
HTML = "<html><title>Just a moment... your image violates our policy</title></html>"


def page(status: int, text: str = HTML, **headers: str) -> httpx.Response:
    """Return an answer that is no JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, text=text, headers=named)


def envelope(message: str, code: str | int | None = None, **more: object) -> dict[str, object]:
    """Return OpenAI's error envelope."""
    return {"error": {"message": message, "code": code, "type": "invalid_request_error", **more}}


UNCLEAR = [
    httpx.ReadTimeout("x"),
    httpx.WriteTimeout("x"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("server disconnected"),
    page(502),
    page(500, "oops"),
    page(504, ""),
    page(503),
    page(408),
    page(200),
    page(200, ""),
    page(200, '{"status":"SUBMITTED","taskI'),
    say({"status": "SUBMITTED"}),
    say({"status": "SUBMITTED", "taskId": "x" * 201, "id": "x" * 201}),
    say({"status": "SUBMITTED", "taskId": "a\nb", "id": "a\nb"}),
    say([1, 2]),
]


@pytest.mark.parametrize("reply", UNCLEAR)
@pytest.mark.parametrize("route", [AVM, OAI])
async def test_lost_answer_is_unknown_and_never_sent_again(
    world: World, route: str, reply: httpx.Response | Exception
) -> None:
    """Whatever leaves it open whether a paid job exists is said so, after exactly one POST."""
    world.on(route, reply)
    with pytest.raises(OutcomeUnknown):
        await _submit(world, route)
    assert world.count(route) == 1


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")],
)
@pytest.mark.parametrize("route", [AVM, OAI])
async def test_no_connection_is_not_sent(world: World, route: str, error: Exception) -> None:
    """Where not a byte left, the task may be sent again; by somebody else, later."""
    world.on(route, error)
    with pytest.raises(NotSent):
        await _submit(world, route)
    assert world.count(route) == 1


@pytest.mark.parametrize(
    ("route", "reply", "failure"),
    [
        (AVM, say({"status": "FAILED", "message": "Insufficient credits"}), "service_credits"),
        (AVM, say({"status": "FAILED", "message": "Unsupported model: lv"}), "model_closed"),
        (AVM, say({"status": "FAILED", "message": "We are sorry"}), "service_failed"),
        (AVM, say({"status": "FAILED", "message": "x"}, 400), "invalid_request"),
        (
            AVM,
            say({"status": "FAILED", "errorCode": "INSUFFICIENT_CREDITS"}, 402),
            "service_credits",
        ),
        (AVM, page(402, "Insufficient credits"), "service_credits"),
        (AVM, page(402), "service_credits"),
        (AVM, say({"status": "FAILED", "errorCode": "INVALID_MODEL"}, 400), "model_closed"),
        (
            AVM,
            say({"errorCode": "INVALID_PAYLOAD", "message": "duration: Expected string"}, 400),
            "invalid_request",
        ),
        (
            AVM,
            say({"errorCode": "INVALID_PAYLOAD", "message": "image: bad upload"}, 400),
            "picture",
        ),
        (AVM, say({"status": "FAILED", "message": "no"}, 422), "content"),
        (AVM, say({"status": "FAILED", "errorCode": "BUDGET_EXCEEDED"}, 422), "service_credits"),
        (AVM, page(413), "picture"),
        (AVM, page(404), "invalid_request"),
        (AVM, page(302, "", Location="https://elsewhere.example/"), "invalid_request"),
        (
            OAI,
            say(envelope("The model 'sora-2' was not found", "model_not_found"), 404),
            "model_closed",
        ),
        (
            OAI,
            say(envelope("Model sora-2 has been retired; no longer offered"), 400),
            "model_closed",
        ),
        (OAI, page(410), "model_closed"),
        (
            OAI,
            say(envelope("Invalid seconds value", "invalid_value", param="seconds"), 400),
            "invalid_request",
        ),
        (OAI, say(envelope("blocked", "moderation_blocked"), 400), "content"),
        (
            OAI,
            say(envelope("Inpaint image must match the requested width and height"), 400),
            "picture",
        ),
        (
            OAI,
            say(envelope("You exceeded your current quota", "insufficient_quota"), 429),
            "service_credits",
        ),
        (OAI, say(envelope("content policy"), 403), "content"),
        (
            OAI,
            say({"detail": [{"loc": ["body", "image"], "msg": "required"}]}, 422),
            "invalid_request",
        ),
        (OAI, say({"detail": "input_reference file is required"}, 400), "picture"),
        (OAI, say({"id": "v", "status": "failed", "error": {"message": "x"}}), "service_failed"),
        (OAI, say(envelope("no")), "service_failed"),
        (OAI, page(415), "invalid_request"),
    ],
)
async def test_clear_refusals(
    world: World, route: str, reply: httpx.Response, failure: str
) -> None:
    """A clear no is believed, whatever its code or envelope, and says whose turn it is."""
    world.on(route, reply)
    with pytest.raises(Declined) as declined:
        await _submit(world, route)
    assert declined.value.failure == Failure(failure)
    assert world.count(route) == 1


@pytest.mark.parametrize(
    "reply", [say({}, 401), page(401), say({"message": "forbidden"}, 403), page(403)]
)
@pytest.mark.parametrize("route", [AVM, OAI])
async def test_refused_key(world: World, route: str, reply: httpx.Response) -> None:
    """401 and 403 speak of the key, not of the order."""
    world.on(route, reply)
    with pytest.raises(Unauthorised):
        await _submit(world, route)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (page(429, Retry_After="12"), 12),
        (say({"errorCode": "RATE_LIMITED"}, 429), 30),
        (page(503, Retry_After="5"), 5),
    ],
)
@pytest.mark.parametrize("route", [AVM, OAI])
async def test_pauses(world: World, route: str, reply: httpx.Response, seconds: int) -> None:
    """429, and 503 that names a time, were refused before any work: wait, then send."""
    world.on(route, reply)
    with pytest.raises(RateLimited) as limited:
        await _submit(world, route)
    assert limited.value.retry_after == timedelta(seconds=seconds)
    assert world.count(route) == 1


async def test_conflict_of_keys_is_searched_for(world: World) -> None:
    """409: a job was made under this task's key; it is looked for and no other key is tried."""
    world.on(AVM, say({"errorCode": "IDEMPOTENCY_CONFLICT"}, 409))
    with pytest.raises(OutcomeUnknown):
        await _submit(world, AVM)
    assert world.count(AVM) == 1


async def test_rate_limited_create_does_not_stop_the_looks(world: World) -> None:
    """Creates and queries are counted apart by the service."""
    world.on(AVM, page(429, Retry_After="600"))
    world.on("PUT /api/v1/tasks/ck1/cancel", say({}))
    world.on("GET /api/v1/tasks/ck1/status", say({"status": "CANCEL"}))
    maker = world.maker()
    with pytest.raises(RateLimited):
        await maker.submit(order("t2v", "x", aspect="16:9"))
    assert (await maker.cancel("ck1")).word == "CANCEL"


async def test_charged_credits_and_replay_are_read(world: World) -> None:
    """The live service says what it charged; a replay is the same job."""
    reply = {"status": "SUBMITTED", "taskId": "ck1", "creditsCharged": 15, "idempotentReplay": True}
    world.on(AVM, say(reply))
    sighting = await world.maker().submit(order("t2v", "x", aspect="16:9"))
    assert (sighting.upstream_id, sighting.charged) == ("ck1", 15)


@pytest.mark.parametrize("route", [AVM, OAI])
async def test_no_error_shows_the_key(world: World, route: str) -> None:
    """A service that echoes our key does not make us repeat it."""
    world.on(route, say({"message": f"bad key {KEY} at https://x.example/?k=secret"}, 400))
    with pytest.raises(Declined) as declined:
        await _submit(world, route)
    assert KEY not in str(declined.value)
    assert "secret" not in declined.value.detail
    assert "bad key" in declined.value.detail


async def test_every_create_is_counted(world: World) -> None:
    """The metrics room hears of each create and how it ended."""
    world.on(AVM, say({"taskId": "ck1"}), page(502))
    maker = world.maker()
    await maker.submit(order("t2v", "x", aspect="16:9"))
    with pytest.raises(ProviderError):
        await maker.submit(order("t2v", "x", aspect="16:9"))
    assert world.queries == [
        ("aivideomaker", "create", "ok"),
        ("aivideomaker", "create", "outcome_unknown"),
    ]


async def _submit(world: World, route: str) -> None:
    if route == AVM:
        await world.maker().submit(order("t2v", "x", aspect="16:9"))
    else:
        await world.videos().submit(order("sora-2", "x", aspect="16:9", seconds=4))
