"""What a service says of our key and its terms: free questions, and nothing depends on answers."""

from datetime import timedelta

import httpx
import pytest

from bot.errors import RateLimited, Unauthorised, Unavailable
from bot.providers.base import Quote, Review
from tests.providers.world import CATALOG, World, body, say

LIST, ACCOUNT = "GET /api/v1/tasks", "GET /api/v1/account"
NO_JOB = "GET /v1/videos/video_clapboard_check"
MAKER = [model for model in CATALOG if model.provider == "aivideomaker"]
TASKS = {"tasks": [{"id": "ck1"}, {"id": "ck2"}]}
FIVE = timedelta(seconds=5)


def quote(model: str) -> str:
    """Return the route of a model's quote."""
    return f"POST /api/v1/quote/{model}"


async def test_only_documented_questions_where_there_is_no_account(world: World) -> None:
    """Without the undocumented account the key is accepted and nothing else is known or asked."""
    world.on(LIST, say(TASKS))
    assert await world.maker().review(MAKER) == Review()
    assert world.routes() == [LIST, ACCOUNT]


async def test_a_new_account_has_an_empty_list(world: World) -> None:
    """No task yet is no reason to doubt the key."""
    world.on(LIST, say({"tasks": []}))
    assert await world.maker().review(MAKER) == Review()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (say({"status": "FAILED", "message": "bad key"}, 401), Unauthorised),
        (say({"status": "FAILED", "message": "slow down"}, 429, retry_after="9"), RateLimited),
        (say({"status": "FAILED", "message": "bad key"}), Unavailable),
        (httpx.Response(200, text="<html>a parked domain</html>"), Unavailable),
        (httpx.Response(404, text="<html>"), Unavailable),
        (httpx.Response(502), Unavailable),
        (httpx.ConnectError("refused"), Unavailable),
    ],
    ids=["401", "429", "envelope", "page", "404", "502", "nobody"],
)
async def test_the_list_cannot_be_had(
    world: World, answer: httpx.Response | Exception, error: type[Exception]
) -> None:
    """A key is only good when the list of tasks was shown, or was empty."""
    world.on(LIST, answer)
    with pytest.raises(error):
        await world.maker().review(MAKER)
    assert world.count(ACCOUNT) == 0


async def test_terms(world: World) -> None:
    """Balance, models on offer and a quote for each of ours, asked with a create's own body."""
    world.on(LIST, say(TASKS))
    world.on(ACCOUNT, say({"currentBalance": 50, "supportedModels": ["t2v", "i2v", "wan27"]}))
    world.on(quote("t2v"), say({"credits": 15, "billable": False}))
    world.on(quote("i2v"), say({"credits": 14.5}))
    assert await world.maker().review(MAKER) == Review(
        50, frozenset({"t2v", "i2v", "wan27"}), {"t2v": Quote(FIVE, 15), "i2v": Quote(FIVE, 15)}
    )
    assert body(world.last(quote("t2v"))) == {
        "prompt": "a prompt",
        "aspectRatio": "16:9",
        "duration": "5",
    }
    assert body(world.last(quote("i2v")))["image"].startswith("data:image/png;base64,")
    assert {route for route in world.routes() if route.startswith("POST")} == {
        quote("t2v"),
        quote("i2v"),
    }


async def test_questions_are_paced(world: World) -> None:
    """The check keeps the query limit that the bot keeps."""
    world.on(LIST, say(TASKS))
    world.on(ACCOUNT, say({"supportedModels": ["t2v", "i2v"]}))
    await world.maker().review(MAKER)
    gaps = [later - earlier for earlier, later in zip(world.times, world.times[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) >= timedelta(seconds=1.1)


@pytest.mark.parametrize(
    "account",
    [
        say(["odd"]),
        say({}),
        say({"supportedModels": "t2v", "currentBalance": "much"}),
        say({"supportedModels": [{"id": "t2v"}], "currentBalance": -1}),
        say({"supportedModels": [], "currentBalance": True}),
        say({"error": "no"}, 401),
        say({"error": "no"}, 429),
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, text='{"currentBalance": NaN}'),
        httpx.ReadTimeout("late"),
    ],
)
async def test_odd_accounts_tell_nothing(world: World, account: httpx.Response | Exception) -> None:
    """An undocumented answer that is odd is simply unknown, never a failure."""
    world.on(LIST, say(TASKS))
    world.on(ACCOUNT, account)
    assert await world.maker().review(MAKER) == Review()


@pytest.mark.parametrize(
    "answer",
    [
        say({"error": "x"}, 400),
        say({"credits": "15"}),
        say([15]),
        httpx.Response(503),
        httpx.ReadTimeout("late"),
    ],
)
async def test_odd_quotes_are_left_out(world: World, answer: httpx.Response | Exception) -> None:
    """A model without a sensible quote is left out; the others are asked all the same."""
    world.on(LIST, say(TASKS))
    world.on(ACCOUNT, say({"supportedModels": ["t2v", "i2v"]}))
    world.on(quote("t2v"), answer)
    world.on(quote("i2v"), say({"credits": 15}))
    assert (await world.maker().review(MAKER)).quotes == {"i2v": Quote(FIVE, 15)}


async def test_rate_limited_quotes_end_the_questions(world: World) -> None:
    """Prices are not worth a wait."""
    world.on(LIST, say(TASKS))
    world.on(ACCOUNT, say({"supportedModels": ["t2v", "i2v"]}))
    world.on(quote("t2v"), say({"error": "x"}, 429, retry_after="60"))
    assert (await world.maker().review(MAKER)).quotes == {}
    assert world.count(quote("i2v")) == 0


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_dialect_refuses_the_id_only(world: World, status: int) -> None:
    """In the dialect a job that nobody knows is the proof that the key was accepted."""
    world.on(NO_JOB, say({"error": {"message": "no such video"}}, status))
    assert await world.videos().review([]) == Review()
    assert world.routes() == [NO_JOB]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (say({"error": {"message": "no"}}, 401), Unauthorised),
        (say({"error": {"message": "no"}}, 403), Unauthorised),
        (say({"error": {"message": "no"}}, 429), RateLimited),
        (httpx.Response(404, text="<html>not a video service</html>"), Unavailable),
        (httpx.Response(200, text="<html>a parked domain</html>"), Unavailable),
        (httpx.Response(502), Unavailable),
        (httpx.ConnectError("refused"), Unavailable),
    ],
    ids=["401", "403", "429", "404 page", "page", "502", "nobody"],
)
async def test_dialect_in_trouble(
    world: World, answer: httpx.Response | Exception, error: type[Exception]
) -> None:
    """A refused key, a pause, and an address where no such service is are told apart."""
    world.on(NO_JOB, answer)
    with pytest.raises(error):
        await world.videos().review([])
