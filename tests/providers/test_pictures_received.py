"""What the services receive of a member's picture: upright, nameless, whole, and the right size."""

import base64
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from bot.domain.task import new_task_id
from bot.net.downloads import Downloads
from bot.pipeline.pictures import Pictures
from bot.pipeline.shelf import Shelf
from bot.providers.base import Picture
from sandbox import services
from tests.media.pictures import BLUE, RED, near
from tests.providers.test_against_services import HELD, Street
from tests.providers.world import order

ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x010F
LYING = (800, 450)
"""How a phone stores what was taken upright: turned by a quarter, and a word about it."""
MODELS = ("i2v", "i2v_v3", "lv", "sora-2")
TELLING = ("JPEG", "PNG", "WEBP", "AVIF")
"""Formats that can say where, when, and which way up."""


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    """Open both services."""
    avm = services.AiVideoMaker(pace=HELD, queries_per_minute=None)
    oai = services.OpenAiVideos(pace=HELD)
    async with avm, oai:
        made = Street(avm, oai)
        try:
            yield made
        finally:
            await made.http.aclose()
            await made.downloads.aclose()


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[Pictures]:
    """Return the part of the bot that prepares pictures."""
    shelf = Shelf(tmp_path / "data")
    shelf.prepare()
    downloads = Downloads([])
    yield Pictures(downloads, shelf)
    await downloads.aclose()


def _photo(into: Path, kind: str) -> Path:
    """Write what a phone would: red where it is up, and everything it knows."""
    image = Image.new("RGB", LYING, BLUE)
    image.paste(RED, (0, 0, LYING[0] // 2, LYING[1]))
    extra: dict[str, object] = {}
    if kind in TELLING:
        exif = Image.Exif()
        exif[ORIENTATION] = 6
        exif[CAMERA] = "CANARY-CAMERA"
        exif.get_ifd(GPS)[1] = "N"
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        extra = {"exif": exif, "icc_profile": profile, "xmp": b"<x>CANARY-XMP</x>"}
    else:
        image = image.transpose(Image.Transpose.ROTATE_270)
        extra = {"save_all": True, "append_images": [Image.new("RGB", image.size, "lime")]}
    if kind in {"JPEG", "GIF"}:
        extra["comment"] = b"CANARY-COMMENT"
    path = into / "photo"
    image.save(path, "PNG" if kind == "APNG" else kind, **extra)
    return path


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", [*TELLING, "GIF", "APNG"])
async def test_what_a_service_receives(
    street: Street, pictures: Pictures, tmp_path: Path, kind: str, model: str
) -> None:
    """A JPEG that says it is one, upright, with its colours and nothing about its maker."""
    task_id = new_task_id()
    wanted = order(model, "it sails", seconds=4 if model == "sora-2" else 5).model
    name, prepared = await pictures.adopt(_photo(tmp_path, kind), wanted, task_id)
    data = (tmp_path / "data" / "pictures" / name).read_bytes()
    seconds = 4 if model == "sora-2" else 5
    assignment = order(model, "it sails", picture=Picture(data, prepared.mime), seconds=seconds)
    provider = street.provider(assignment)
    await provider.submit(assignment)

    received = (street.avm if provider is street.maker else street.oai).creates[0].picture
    assert received is not None
    assert _declared(street) == "image/jpeg"
    assert b"CANARY" not in received
    with Image.open(BytesIO(received)) as image:
        image.load()
        assert image.format == "JPEG"
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert image.size == ((720, 1280) if model == "sora-2" else (450, 800))
        for y, expected in ((0.1, RED), (0.9, BLUE)):
            pixel = image.getpixel((image.width // 2, int(image.height * y)))
            assert isinstance(pixel, tuple)
            assert near(pixel, expected, 30)


def _declared(street: Street) -> str | None:
    """Return the type that the request says its picture has."""
    if street.avm.creates:
        sent = street.avm.requests[0].json
        assert isinstance(sent, dict)
        head, data = str(sent["image"]).split(",", 1)
        assert base64.b64decode(data, validate=True)
        return head.removeprefix("data:").removesuffix(";base64")
    form = street.oai.requests[0].form
    assert form is not None
    (part,) = [part for part in form if part.name == "input_reference"]
    return part.content_type
