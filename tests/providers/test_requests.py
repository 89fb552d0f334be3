"""What goes over the wire for every model on sale: exactly what the documents describe."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.catalog import Catalog
from bot.errors import BrokenInvariant
from bot.providers.spelling import as_form, as_json, spell
from tests.providers.world import CATALOG, body, order, png, say
from tests.providers.world import World as Server

PICTURE = png()
URI = f"data:image/png;base64,{base64.b64encode(PICTURE.data).decode()}"
SUBMITTED = say({"status": "SUBMITTED", "taskId": "ck1"})

DOCUMENTED: list[tuple[Any, Mapping[str, object]]] = [
    (
        order("t2v", "A sunset", aspect="16:9", seconds=8),
        {"prompt": "A sunset", "aspectRatio": "16:9", "duration": "8"},
    ),
    (
        order("t2v_v3", "A sunset", aspect="1:1", seconds=20),
        {"prompt": "A sunset", "aspectRatio": "1:1", "duration": "20"},
    ),
    (
        order("i2v", "It moves", picture=PICTURE),
        {"image": URI, "prompt": "It moves", "duration": "5"},
    ),
    (order("i2v", picture=PICTURE, seconds=8), {"image": URI, "duration": "8"}),
    (
        order("i2v_v3", "It moves", picture=PICTURE, seconds=15),
        {"image": URI, "prompt": "It moves", "duration": "15"},
    ),
    (
        order("lv", "One", "Two", "Three", picture=PICTURE, seconds=15),
        {"image": URI, "prompt": ["One", "Two", "Three"]},
    ),
]


@pytest.mark.parametrize(("assignment", "expected"), DOCUMENTED)
async def test_aivideomaker_request_is_as_documented(
    world: Server, assignment: Any, expected: Mapping[str, object]
) -> None:
    """Each model's body has the documented fields with the documented JSON types, no others."""
    model = assignment.model.name
    world.on(f"POST /api/v1/generate/{model}", SUBMITTED)
    sighting = await world.maker().submit(assignment)
    assert sighting.upstream_id == "ck1"
    request = world.last(f"POST /api/v1/generate/{model}")
    assert body(request) == expected
    assert request.headers["Content-Type"] == "application/json"


async def test_sora_request_is_a_form_as_documented(world: Server) -> None:
    """Text only is still multipart, with model, prompt, size and seconds as strings."""
    world.on("POST /v1/videos", say({"id": "video_1", "object": "video", "status": "pending"}))
    sighting = await world.videos().submit(order("sora-2", "猫", aspect="9:16", seconds=8))
    assert sighting.upstream_id == "video_1"
    request = world.last("POST /v1/videos")
    assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert _form(request.content) == {
        "model": b"sora-2",
        "prompt": "猫".encode(),
        "size": b"720x1280",
        "seconds": b"8",
    }


@pytest.mark.parametrize(
    ("width", "height", "size"), [(1280, 720, b"1280x720"), (720, 1280, b"720x1280")]
)
async def test_sora_picture_goes_as_a_file_and_decides_the_size(
    world: Server, width: int, height: int, size: bytes
) -> None:
    """The picture is the file ``input_reference``; size names the picture's own pixels."""
    picture = png(width, height)
    world.on("POST /v1/videos", say({"id": "video_1", "status": "pending"}))
    await world.videos().submit(order("sora-2", "It moves", picture=picture, seconds=4))
    content = world.last("POST /v1/videos").content
    assert _form(content)["input_reference"] == picture.data
    assert _form(content)["size"] == size
    assert b'name="input_reference"; filename="picture.png"\r\nContent-Type: image/png' in content


async def test_headers_of_a_create(world: Server) -> None:
    """The key goes as documented, the webhook only where there is one, and one task one key."""
    assignment = order("t2v", "x", aspect="16:9")
    world.on("POST /api/v1/generate/t2v", SUBMITTED)
    await world.maker().submit(assignment)
    headers = world.last("POST /api/v1/generate/t2v").headers
    assert headers["key"] == "ak_canary0123456789"
    assert headers["Idempotency-Key"] == "clapboard-0123456789ab"
    assert "webhookUrl" not in headers
    assert headers["User-Agent"].startswith("Clapboard/")


async def test_webhook_is_passed_on(world: Server) -> None:
    """A configured webhook travels in the documented header."""
    url = "https://bot.example/hooks/aivideomaker/s3cret"
    world.on("POST /api/v1/generate/t2v", SUBMITTED)
    await world.maker().submit(replace(order("t2v", "x", aspect="16:9"), webhook_url=url))
    assert world.last("POST /api/v1/generate/t2v").headers["webhookUrl"] == url


def test_models_of_the_docs_page_are_built_as_the_service_takes_them(operators: Catalog) -> None:
    """Other field names, an integer duration, constants: all of it is data, none of it code."""
    text = order("minimax", "A fox", aspect="21:9", seconds=10, catalog=operators)
    image = order("minimax", "A fox", picture=PICTURE, catalog=operators)
    assert as_json(spell(text)) == {
        "content": "A fox",
        "duration": 10,
        "resolution": "720p",
        "aspectRatio": "21:9",
    }
    assert as_json(spell(image)) == {
        "content": "A fox",
        "duration": 5,
        "resolution": "720p",
        "imageUrl": URI,
    }
    wan = order("wan27", "A fox", aspect="4:3", seconds=15, catalog=operators)
    assert as_json(spell(wan)) == {
        "prompt": "A fox",
        "duration": "15",
        "resolution": "720P",
        "ratio": "4:3",
    }


def test_required_shape_is_taken_from_the_picture(operators: Catalog) -> None:
    """A model that must have a ratio gets the one nearest to the picture's proportions."""
    portrait = order("wan27", "A fox", picture=png(600, 790), catalog=operators)
    assert spell(portrait)["ratio"] == "3:4"


def test_models_of_the_docs_page_are_priced_and_follow_the_shipped(operators: Catalog) -> None:
    """New models come last in the menus, with their own prices."""
    names = [model.name for model in operators]
    assert names == [*(model.name for model in CATALOG), "minimax", "wan27"]
    minimax = operators.get("minimax")
    assert minimax is not None
    assert [minimax.price.of(length) for length in minimax.durations] == [15, 30, 45, 60]


def test_missing_part_is_a_bug_and_not_a_request() -> None:
    """An order without the picture its model needs is never sent."""
    with pytest.raises(BrokenInvariant, match="picture"):
        spell(order("i2v", "no picture"))


def test_numbers_of_a_form_are_text() -> None:
    """A form has no types: what is a number elsewhere is written out."""
    assignment = order("sora-2", "x", aspect="16:9", seconds=12)
    assert ("seconds", (None, b"12")) in as_form(assignment.model, spell(assignment))


def _form(content: bytes) -> dict[str, bytes]:
    boundary = content.split(b"\r\n", 1)[0]
    parts = content.split(boundary)[1:-1]
    named = {}
    for part in parts:
        head, data = part.split(b"\r\n\r\n", 1)
        name = head.split(b'name="')[1].split(b'"')[0].decode()
        named[name] = data.removesuffix(b"\r\n")
    return named
