"""Files that are no picture, are broken, or want to hurt: refused by name and within limits."""

import struct
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import Refusal
from bot.media.bounds import BYTES_LIMIT
from bot.media.images import PreparedPicture, prepare
from tests.media.hostile import LIGHT
from tests.media.pictures import GREEN, RED, Size, halves, png, refusal


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "MP4"),
        (b"just words", None),
        (b"", None),
    ],
)
def test_not_a_picture(tmp_path, into, content, kind):
    """What is no picture is refused with what it seems to be, even when it is named like one."""
    source = tmp_path / "holiday.png"
    source.write_bytes(content)
    assert refusal(source, into) == (Refusal.NOT_A_PICTURE, {"kind": kind})


@pytest.mark.parametrize("format_", ["BMP", "TIFF", "ICO", "PPM"])
def test_other_formats(source, into, format_):
    """Formats that Discord does not show are refused: fewer decoders, fewer holes."""
    halves().save(source, format_)
    assert refusal(source, into)[0] is Refusal.NOT_A_PICTURE


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_truncated(source, into, format_):
    """Half a picture is refused as damaged, whatever its header promised."""
    Image.effect_noise((200, 200), 80).convert("RGB").save(source, format_)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert refusal(source, into) == (Refusal.PICTURE_DAMAGED, {})


@pytest.mark.parametrize("start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"])
def test_only_the_start(source, into, start):
    """What begins like a picture and is too short to be told apart is refused as damaged too."""
    source.write_bytes(start)
    assert refusal(source, into) == (Refusal.PICTURE_DAMAGED, {})


def jpeg_claiming(source: Path, size: Size) -> None:
    """Write a tiny JPEG whose header claims another size."""
    Image.new("RGB", (8, 8), RED).save(source, "JPEG")
    data = bytearray(source.read_bytes())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", size[1], size[0])
    source.write_bytes(data)


def test_too_many_bytes(source, into):
    """More than 25 MiB are refused without a look inside."""
    with source.open("wb") as file:
        file.truncate(BYTES_LIMIT + 1)
    assert refusal(source, into) == (Refusal.PICTURE_TOO_LARGE, {"limit": 26214400})


@pytest.mark.parametrize(
    ("size", "fits"), [((6000, 4000), True), ((6001, 4000), False), ((30000, 30000), False)]
)
def test_png_megapixels(source, into, size, fits):
    """24 megapixels are decoded; a bomb of a few hundred bytes is refused by its header."""
    rows = bytes((size[0] * 3 + 1) * size[1]) if fits else b"\x00" * 1000
    source.write_bytes(png(size, rows))
    if fits:
        assert prepare(source, into) == PreparedPicture(2048, 1365)
    else:
        expected = Refusal.PICTURE_TOO_LARGE, {"limit_megapixels": 24}
        assert refusal(source, into) == expected


@pytest.mark.parametrize("size", [(7100, 7100), (60000, 60000)])
def test_jpeg_megapixels(source, into, size):
    """More than 50 megapixels are refused even as JPEG, which is shrunk while it is decoded."""
    jpeg_claiming(source, size)
    assert refusal(source, into) == (Refusal.PICTURE_TOO_LARGE, {"limit_megapixels": 50})


def test_large_jpeg(source, into):
    """A photo of 48 megapixels, as phones take them, is welcome."""
    Image.new("RGB", (8000, 6000), GREEN).save(source, "JPEG")
    assert prepare(source, into) == PreparedPicture(2048, 1536)


def test_a_photo_with_a_film_behind_it(source, into):
    """Phones append a film to a photo: whatever its bytes look like, the photo is whole."""
    Image.new("RGB", (64, 48), RED).save(source, "JPEG")
    source.write_bytes(source.read_bytes() + b"\xff\xda film" * 1000)
    assert prepare(source, into) == PreparedPicture(64, 48)


def test_jpeg_of_many_scans(source, into):
    """A progressive JPEG with thousands of scans, which would take minutes, is refused."""
    Image.new("RGB", (64, 64), RED).save(source, "JPEG", progressive=True)
    data = source.read_bytes()
    last = data.rindex(b"\xff\xda")
    source.write_bytes(data[:last] + data[last:-2] * 1000 + data[-2:])
    assert refusal(source, into) == (Refusal.PICTURE_DAMAGED, {})


@pytest.mark.parametrize("row", LIGHT, ids=lambda row: row.name)
def test_every_file(source, into, row):
    """The whole table, without walls: no decoder needs them to be turned down."""
    source.write_bytes(row.make())
    if row.refusal is None:
        assert prepare(source, into).mime == "image/jpeg"
    else:
        assert refusal(source, into) == (row.refusal, row.fields)
