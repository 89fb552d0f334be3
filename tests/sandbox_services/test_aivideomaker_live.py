"""AI Video Maker in mode live: what the service is said to add to its document."""

import json

import pytest

from sandbox.services import AiVideoMaker, Scenario
from tests.sandbox_services.kit import QUICK, avm_client, data_uri, picture
from tests.sandbox_services.test_aivideomaker_create import T2V, refused

URI = data_uri(picture())
OFFERED = [
    ("t2v", T2V, 15),
    ("i2v", {"image": URI, "duration": "8"}, 24),
    ("t2v_v3", T2V, 20),
    ("i2v_v3", {"image": URI, "duration": "10"}, 40),
    ("minimax", {"content": "a kite"}, 15),
    ("minimax", {"content": "a", "duration": 6, "resolution": "1080p", "tier": "base"}, 30),
    ("minimax", {"content": "a", "imageUrl": URI}, 15),
    ("seedance20", {"prompt": "a", "duration": 4, "resolution": 480, "ratio": "1:1"}, 41),
    ("seedance20", {"prompt": "a", "duration": 5, "resolution": 480, "ratio": "1:1"}, 51),
    ("seedance20", {"image": URI, "duration": 5, "resolution": 720, "ratio": "9:16"}, 110),
    ("wan27", {"prompt": "a", "duration": "5", "resolution": "720P", "ratio": "3:4"}, 50),
    ("wan27", {"prompt": "a", "duration": "5", "resolution": "1080P", "ratio": "4:3"}, 75),
    ("happyhorse", {"prompt": "a", "duration": 3, "resolution": "720P"}, 75),
    ("happyhorse", {"prompt": "a", "duration": 3, "resolution": "1080P", "image": [URI]}, 150),
]
NOT_OFFERED = [
    ("minimax", {"prompt": "a kite"}),
    ("minimax", {"content": "a", "duration": "5"}),
    ("minimax", {"content": "a", "imageUrl": URI, "referenceImageUrls": [URI]}),
    ("seedance20", {"duration": 5, "resolution": 480, "ratio": "1:1"}),
    ("seedance20", {"prompt": "a", "duration": 5, "resolution": "480", "ratio": "1:1"}),
    ("wan27", {"prompt": "a", "duration": "5", "resolution": "720p", "ratio": "3:4"}),
    ("happyhorse", {"prompt": "a", "duration": "3", "resolution": "720P"}),
]


@pytest.mark.parametrize(("model", "body", "credits_"), OFFERED)
async def test_live_models_at_live_prices(live, live_http, model, body, credits_):
    """Eight models, each with its own field names, types and price, said in `creditsCharged`."""
    document = (await live_http.post(f"/generate/{model}", json=body)).json()
    assert document["creditsCharged"] == credits_
    assert document["idempotentReplay"] is False
    assert live.balance == 1000 - credits_


@pytest.mark.parametrize(("model", "body"), NOT_OFFERED)
async def test_live_models_are_strict_about_types(live_http, model, body):
    """One model's body does not fit another, and a number is not a string."""
    assert await refused(
        await live_http.post(f"/generate/{model}", json=body), 400, "INVALID_PAYLOAD"
    )


async def test_lv_is_gone(live_http):
    """The live service no longer offers `lv`."""
    answer = await live_http.post("/generate/lv", json={"image": URI, "prompt": ["a"]})
    assert await refused(answer, 400, "INVALID_MODEL")


async def test_tasks_have_four_more_fields(live, live_http):
    """Charged, refunded, value and idempotency key."""
    live.pace = QUICK
    live.script(Scenario(fails="no kites"))
    headers = {"Idempotency-Key": "kite-number-1"}
    for _ in range(2):
        await live_http.post("/generate/t2v", json=T2V, headers=headers)
        headers = {}
    done, failed = (await live_http.get("/tasks")).json()["tasks"]
    names = ("creditsCharged", "creditsRefunded", "listValueCents", "idempotencyKey")
    assert [done[name] for name in names] == [15, 0, 15, None]
    assert [failed[name] for name in names] == [15, 15, 0, "kite-number-1"]


async def test_the_same_key_and_body_make_one_task(live, live_http):
    """A repeated create is replayed and charged once; with another body it is a 409."""
    headers = {"Idempotency-Key": "kite-number-1"}
    first = (await live_http.post("/generate/t2v", json=T2V, headers=headers)).json()
    again = (await live_http.post("/generate/t2v", json=T2V, headers=headers)).json()
    assert again == {**first, "idempotentReplay": True}
    assert live.balance == 985
    other = await live_http.post("/generate/t2v", json={**T2V, "prompt": "b"}, headers=headers)
    assert await refused(other, 409, "IDEMPOTENCY_CONFLICT")


@pytest.mark.parametrize("length", [7, 129])
async def test_an_idempotency_key_has_8_to_128_characters(live_http, length):
    """Shorter and longer keys are a 400."""
    headers = {"Idempotency-Key": "k" * length}
    answer = await live_http.post("/generate/t2v", json=T2V, headers=headers)
    assert await refused(answer, 400, "INVALID_PAYLOAD")


async def test_a_budget_is_kept(live, live_http):
    """`X-Max-Credits` below the price is a 422, and no task."""
    headers = {"X-Max-Credits": "14"}
    answer = await live_http.post("/generate/t2v", json=T2V, headers=headers)
    assert await refused(answer, 422, "BUDGET_EXCEEDED")
    assert live.creates == []


async def test_a_charge_can_differ_from_the_list(live, live_http):
    """The service may charge another price than the one it lists."""
    live.script(Scenario(charge=99))
    document = (await live_http.post("/generate/t2v", json=T2V)).json()
    assert (document["creditsCharged"], live.balance) == (99, 901)


async def test_account_and_quote_exist_only_here(live_http, http):
    """Balance and models, a price without a task; the documented service has neither."""
    account = (await live_http.get("/account")).json()
    quote = (await live_http.post("/quote/t2v", json=T2V)).json()
    assert account["currentBalance"] == 1000
    assert "lv" not in account["supportedModels"]
    assert (quote["credits"], quote["affordable"], quote["billable"]) == (15, True, False)
    assert (await live_http.post("/quote/t2v", json={})).status_code == 400
    assert (await http.get("/account")).status_code == 404
    assert (await http.post("/quote/t2v", json=T2V)).status_code == 404


async def test_unknown_fields_pass(live_http):
    """The live service strips what it does not know."""
    answer = await live_http.post("/generate/t2v", json={**T2V, "filterMode": "strict"})
    assert answer.status_code == 200


async def test_webhooks_are_sent_on_every_change(films):
    """SUBMITTED, PROGRESS, COMPLETED, in order, to the URL in the request's own header."""
    async with AiVideoMaker(films=films, pace=QUICK) as receiver:
        received = await _webhooks(receiver, Scenario())
    assert received == ["SUBMITTED", "PROGRESS", "COMPLETED"]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("twice", ["SUBMITTED"] * 2 + ["PROGRESS"] * 2 + ["COMPLETED"] * 2),
        ("forged", ["COMPLETED"] * 3),
        ("early", ["SUBMITTED", "PROGRESS", "COMPLETED"]),
        ("wrong id", ["SUBMITTED", "PROGRESS", "COMPLETED"]),
        ("never", []),
    ],
)
async def test_webhooks_can_misbehave(films, style, expected):
    """Twice, forged, before the create's answer, about nobody's task, or never."""
    async with AiVideoMaker(films=films, pace=QUICK) as receiver:
        assert await _webhooks(receiver, Scenario(webhook=style)) == expected


async def _webhooks(receiver: AiVideoMaker, scenario: Scenario) -> list[str]:
    """Run one task with webhooks; any listener that logs will do as their receiver."""
    async with AiVideoMaker(pace=QUICK) as service, avm_client(service) as client:
        service.script(scenario)
        headers = {"webhookUrl": f"{receiver.url}/hooks/secret"}
        await client.post("/generate/t2v", json=T2V, headers=headers)
        await service.webhooks.settle()
    return [json.loads(seen.body)["status"] for seen in receiver.requests]
