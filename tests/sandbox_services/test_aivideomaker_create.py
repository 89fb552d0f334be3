"""AI Video Maker: creating tasks, as the document has it."""

import httpx
import pytest

from sandbox.services import AiVideoMaker, Scenario
from tests.sandbox_services.kit import avm_client, data_uri, picture

T2V = {"prompt": "a red kite", "aspectRatio": "16:9", "duration": "5"}
URI = data_uri(picture())
VALID = [
    ("t2v", T2V, 5),
    ("t2v", {**T2V, "duration": "8", "aspectRatio": "9:16"}, 8),
    ("t2v_v3", {**T2V, "duration": "20", "aspectRatio": "1:1"}, 200),
    ("i2v", {"image": URI, "duration": "8"}, 8),
    ("i2v", {"image": URI, "duration": "5", "prompt": None}, 5),
    ("i2v_v3", {"image": URI, "duration": "15", "prompt": "it flies"}, 150),
    ("lv", {"image": URI, "prompt": ["one"]}, 75),
    ("lv", {"image": URI, "prompt": list("abcdef")}, 450),
]
INVALID = [
    ("t2v", {**T2V, "duration": 5}, "duration: Expected string, received number"),
    ("t2v", {**T2V, "duration": "6"}, "duration: Expected '5' | '8', received '6'"),
    ("t2v", {**T2V, "aspectRatio": "4:3"}, "aspectRatio: Expected"),
    ("t2v", {"aspectRatio": "16:9", "duration": "5"}, "prompt: Required"),
    ("t2v", {**T2V, "prompt": ["a"]}, "prompt: Expected string, received array"),
    ("t2v", {**T2V, "prompt": " "}, "prompt: String must contain at least 1"),
    ("t2v", {**T2V, "negative": "rain"}, "negative: Unrecognized key"),
    ("t2v_v3", {**T2V, "duration": "8"}, "duration: Expected"),
    ("i2v", {"image": URI, "duration": "5", "aspectRatio": "16:9"}, "aspectRatio: Unrecognized"),
    ("i2v", {"duration": "5"}, "image: Required"),
    ("i2v", {"image": None, "duration": "5"}, "image: Expected string, received null"),
    ("lv", {"image": URI, "prompt": "one"}, "prompt: Expected array, received string"),
    ("lv", {"image": URI, "prompt": []}, "prompt: Array must contain 1 to 6"),
    ("lv", {"image": URI, "prompt": list("abcdefg")}, "prompt: Array must contain 1 to 6"),
    ("lv", {"image": URI, "prompt": ["a", 2]}, "prompt: 1: Expected string, received number"),
    ("lv", {"image": URI, "prompt": ["a"], "duration": "5"}, "duration: Unrecognized key"),
]


async def refused(answer: httpx.Response, status: int, code: str | None) -> str:
    """Check an error envelope and return its message."""
    document = answer.json()
    assert answer.status_code == status
    assert (document["status"], document.get("errorCode")) == ("FAILED", code)
    return str(document["message"])


@pytest.mark.parametrize(("model", "body", "credits_"), VALID)
async def test_every_documented_body_is_accepted(avm, http, model, body, credits_):
    """Each model takes its documented fields and costs its documented credits."""
    before = avm.balance
    answer = await http.post(f"/generate/{model}", json=body)
    assert answer.status_code == 200
    assert before - avm.balance == credits_
    assert avm.creates[0].model == model
    assert avm.creates[0].fields == body


@pytest.mark.parametrize(("model", "body", "hint"), INVALID)
async def test_what_is_not_documented_is_refused(avm, http, model, body, hint):
    """The wrong type, value or field is a 400 that names the field, and costs nothing."""
    answer = await http.post(f"/generate/{model}", json=body)
    assert hint in await refused(answer, 400, "INVALID_PAYLOAD")
    assert avm.creates == []
    assert avm.balance == 1_000_000


async def test_the_answer_to_a_create_is_the_documents(avm, http):
    """Exactly the five documented fields, with absolute links."""
    document = (await http.post("/generate/t2v", json=T2V)).json()
    task = f"{avm.url}/api/v1/tasks/{document['taskId']}"
    assert document == {
        "status": "SUBMITTED",
        "taskId": avm.creates[0].id,
        "responseUrl": task,
        "statusUrl": f"{task}/status",
        "cancelUrl": f"{task}/cancel",
    }


@pytest.mark.parametrize("key", [None, "", "wrong"])
@pytest.mark.parametrize("path", ["/generate/t2v", "/tasks", "/nowhere"])
async def test_the_key_is_checked_before_anything_else(avm, key, path):
    """A missing or wrong key is the same 401 on every path, existing or not."""
    async with httpx.AsyncClient(base_url=f"{avm.url}/api/v1", trust_env=False) as client:
        answer = await client.get(path, headers={} if key is None else {"key": key})
    assert await refused(answer, 401, "AUTH_FAILED")


async def test_a_disabled_key_is_answered_like_a_wrong_one(avm, http):
    """A key can be taken away while a task runs."""
    avm.accounts["sandbox-avm-key"].enabled = False
    assert await refused(await http.get("/tasks"), 401, "AUTH_FAILED")


@pytest.mark.parametrize("model", ["sora-2", "minimax", "T2V"])
async def test_an_unknown_model_is_named(http, model):
    """Only the five documented models exist in mode strict."""
    answer = await http.post(f"/generate/{model}", json=T2V)
    assert await refused(answer, 400, "INVALID_MODEL") == f"Unsupported model: {model}"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"prompt=x"])
async def test_a_body_that_is_no_json_object_is_refused(http, body):
    """Anything but a JSON object is a 400."""
    assert await refused(await http.post("/generate/t2v", content=body), 400, "INVALID_PAYLOAD")


@pytest.mark.parametrize(
    "image",
    [
        "",
        "picture.png",
        "data:image/png;base64,",
        "data:image/png;base64,%%%",
        "data:text/plain;base64,aGVsbG8=",
        data_uri(b"not a picture"),
        data_uri(picture()[:200]),
        data_uri(picture(), "image/jpeg"),
        data_uri(picture(), "image/jpg"),
        "https://example.com/picture.png",
        "http://127.0.0.1:1/nobody-listens.png",
        "file:///etc/passwd",
    ],
)
async def test_a_picture_has_to_be_one(avm, http, image):
    """What cannot be fetched on loopback and decoded is a 400 about `image`."""
    answer = await http.post("/generate/i2v", json={"image": image, "duration": "5"})
    assert "image" in await refused(answer, 400, "INVALID_PAYLOAD")
    assert avm.creates == []


@pytest.mark.parametrize(("form", "mime"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
async def test_pictures_come_as_data_or_as_links(avm, http, form, mime):
    """A data URI and a link to it are both really decoded; the echo of the input is a link."""
    data = picture(form=form)
    uri = data_uri(data, f"image/{mime}")
    first = (await http.post("/generate/i2v", json={"image": uri, "duration": "5"})).json()
    said = (await http.get(f"/tasks/{first['taskId']}")).json()["input"]
    assert said["image"].startswith(avm.files_url)
    await http.post("/generate/i2v", json={"image": said["image"], "duration": "5"})
    assert [create.picture for create in avm.creates] == [data, data]


@pytest.mark.parametrize(
    ("shape", "status", "text"),
    [
        ("json", 402, '"errorCode": "INSUFFICIENT_CREDITS"'),
        ("text", 402, "Insufficient credits"),
        ("envelope", 200, '{"status": "FAILED", "message": "Insufficient credits"}'),
    ],
)
async def test_an_empty_balance_has_three_spellings(avm, http, shape, status, text):
    """402 as JSON, 402 as text, or the documented envelope at 200; no task in any case."""
    avm.quirks.insufficient = shape
    avm.accounts.open("sandbox-avm-key", 4)
    answer = await http.post("/generate/t2v", json=T2V)
    assert answer.status_code == status
    assert text in answer.text
    assert avm.creates == []


async def test_the_bare_documented_error_can_be_had(avm, http):
    """With error codes off, an error is `status` and `message` only."""
    avm.quirks.error_codes = False
    document = (await http.post("/generate/nothing", json=T2V)).json()
    assert document == {"status": "FAILED", "message": "Unsupported model: nothing"}


async def test_strict_mode_ignores_headers_it_does_not_know(avm, http):
    """`Idempotency-Key` and `X-Max-Credits` mean nothing: two creates, two tasks."""
    headers = {"Idempotency-Key": "the-same-key", "X-Max-Credits": "1"}
    ids = {
        (await http.post("/generate/t2v", json=T2V, headers=headers)).json()["taskId"]
        for _ in range(2)
    }
    assert len(ids) == 2
    assert avm.balance == 1_000_000 - 10


async def test_a_prompt_can_be_refused_for_its_content(avm, http):
    """A refusal for content is a 422 without an error code, and costs nothing."""
    avm.script(Scenario(refuse="content"), matching="kite")
    assert await refused(await http.post("/generate/t2v", json=T2V), 422, None)
    assert avm.balance == 1_000_000


async def test_creates_can_be_limited_per_key(films):
    """The generate limit is a bucket of its own, per key."""
    async with AiVideoMaker(films=films, creates_per_minute=1) as service:
        service.accounts.open("second-key", 100)
        async with avm_client(service) as one, avm_client(service, "second-key") as two:
            codes = [
                (await client.post("/generate/t2v", json=T2V)).status_code
                for client in (one, one, two)
            ]
            assert codes == [200, 429, 200]
            assert (await one.get("/tasks")).status_code == 200
