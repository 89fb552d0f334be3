"""HEIC, the photos of phones: like any other picture where the operator wants it, else refused."""

import os
import struct
import subprocess
import sys

import pytest
from PIL import Image

from bot.discord_ui.words import words_for
from bot.errors import Refusal, Refused
from bot.media.images import PreparedPicture, prepare
from bot.settings import Settings
from tests.media.phones import (
    claiming,
    deep,
    heic,
    profile_that_swaps,
    turned,
    turned_by_exif_alone,
)
from tests.media.pictures import BLUE, GREEN, RED, WHITE, colour, halves, near, refusal

SENTENCE = (
    "That looks like HEIC, not like a picture I can read. Save it as JPEG or PNG and upload that;"
    " WebP, GIF and AVIF work too."
)
CANARY = "canary-4711"

AS_THE_BOT = """
import sys
from multiprocessing import forkserver
from pathlib import Path

from bot import __main__ as command_line
from bot.media.darkroom import develop

picture = Path(sys.argv.pop())

async def run(settings):
    develop(picture, picture)
    other = forkserver._forkserver._forkserver_pid
    print("decoder" if "heif" in Path("/proc/self/maps").read_text() else "no decoder")
    print(Path(f"/proc/{other}/environ").read_text())

command_line.run = run
sys.exit(command_line.main())
"""
"""The bot's command line with a picture in place of a story."""


def _corner() -> Image.Image:
    image = Image.new("RGB", (80, 40), BLUE)
    image.paste(RED, (0, 0, 20, 12))
    return image


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_plain_one(source, into, brand):
    """It becomes a JPEG of the same size and colours, whichever brand the phone gave it."""
    source.write_bytes(heic(halves()).replace(b"ftypheic", b"ftyp" + brand))
    assert prepare(source, into) == PreparedPicture(80, 40)
    assert near(colour(into, 0.1, 0.5), RED, 30)
    assert near(colour(into, 0.9, 0.5), BLUE, 30)


@pytest.mark.parametrize(
    ("orientation", "corner", "size"),
    [
        (1, (0.1, 0.1), (80, 40)),
        (2, (0.9, 0.1), (80, 40)),
        (3, (0.9, 0.9), (80, 40)),
        (4, (0.1, 0.9), (80, 40)),
        (5, (0.1, 0.1), (40, 80)),
        (6, (0.9, 0.1), (40, 80)),
        (7, (0.9, 0.9), (40, 80)),
        (8, (0.1, 0.9), (40, 80)),
    ],
)
def test_turned_once(source, into, orientation, corner, size):
    """What container and EXIF both say of the orientation turns the picture once."""
    source.write_bytes(heic(_corner(), exif=turned(orientation)))
    prepared = prepare(source, into)
    assert (prepared.width, prepared.height) == size
    assert near(colour(into, *corner), RED, 30)


def test_exif_alone_turns_nothing(source, into):
    """In HEIC the container has the last word, as in every viewer."""
    source.write_bytes(turned_by_exif_alone(_corner(), 6))
    assert prepare(source, into) == PreparedPicture(80, 40)
    assert near(colour(into, 0.1, 0.1), RED, 30)


def test_metadata(source, into):
    """Where, when and with what a photo was taken does not leave the bot."""
    exif = Image.Exif()
    exif[0x010F] = CANARY
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    source.write_bytes(heic(halves(), exif=exif.tobytes(), xmp=xmp))
    assert source.read_bytes().count(CANARY.encode()) == 2
    prepare(source, into)
    assert CANARY.encode() not in into.read_bytes()


def test_transparency(source, into):
    """What is transparent becomes white."""
    image = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 40, 40))
    source.write_bytes(heic(image))
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), RED)
    assert near(colour(into, 0.9, 0.5), WHITE)


@pytest.mark.parametrize(
    ("mode", "pixel", "seen"),
    [
        ("RGB;16", struct.pack("<HHH", 65535, 32896, 0), (255, 128, 0)),
        ("L;16", struct.pack("<H", 32896), (128, 128, 128)),
    ],
)
def test_ten_bits(source, into, mode, pixel, seen):
    """Ten bits are scaled to eight, not cut off."""
    source.write_bytes(deep(mode, pixel))
    prepare(source, into)
    assert near(colour(into, 0.5, 0.5), seen)


def test_colour_profile(source, into):
    """Colours are translated by the photo's profile."""
    source.write_bytes(heic(halves(), icc_profile=profile_that_swaps()))
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), BLUE, 30)
    assert near(colour(into, 0.9, 0.5), RED, 30)


def test_the_primary_picture(source, into):
    """Of several pictures in one file, that is taken which the file calls its own."""
    first, second = (Image.new("RGB", (80, 40), each) for each in (RED, GREEN))
    several = heic(first, save_all=True, append_images=[second], primary_index=1)
    source.write_bytes(several)
    prepare(source, into)
    assert near(colour(into, 0.5, 0.5), GREEN, 30)


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((5712, 4284), Refusal.PICTURE_DAMAGED),  # not for its size: only the stream is another
        ((5900, 4300), Refusal.PICTURE_TOO_LARGE),
    ],
)
def test_megapixels(source, into, size, code):
    """A phone's 24 megapixels, which are a little more, are few enough; 25 are the most."""
    source.write_bytes(claiming(*size))
    fields = {"limit_megapixels": 25} if code is Refusal.PICTURE_TOO_LARGE else {}
    assert refusal(source, into) == (code, fields)


@pytest.mark.parametrize("make", [heic, lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"])
def test_without_the_extra(source, into, monkeypatch, make):
    """Where the operator has not taken the decoder in, the member is told what to save instead."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    source.write_bytes(make())
    code, fields = refusal(source, into)
    assert (code, fields) == (Refusal.NOT_A_PICTURE, {"kind": "HEIC"})
    assert words_for("en").refusal(Refused(code, **fields)) == SENTENCE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of another process")
def test_the_bot_itself_stays_out_of_it(source, tmp_path):
    """The decoder is never in the bot's process, nor any of its settings in the decoder's."""
    source.write_bytes(heic(halves()))
    settings = {name.upper(): CANARY for name in Settings.model_fields if name.endswith("_key")}
    settings |= {"DISCORD_TOKEN": CANARY, "DATABASE_URL": f"sqlite+aiosqlite:///{CANARY}.db"}
    environment = {**os.environ, **settings, "PYTHONPATH": os.pathsep.join(sys.path)}  # noqa: TID251
    done = subprocess.run(  # noqa: S603 - it is us
        [sys.executable, "-c", AS_THE_BOT, str(source)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *inherited = done.stdout.splitlines()
    assert first == "no decoder"
    assert inherited
    assert CANARY not in "".join(inherited)
    assert source.read_bytes().startswith(b"\xff\xd8"), "nothing was decoded"
