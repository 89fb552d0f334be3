"""Pictures prepared within walls: whatever a decoder does, it does to itself alone."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import BrokenInvariant, Refusal, Refused
from bot.media import darkroom
from bot.media.darkroom import develop
from bot.media.images import PreparedPicture
from tests.media.pictures import halves, png

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has neither pipes nor limits")


def _refusal(source: Path, into: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        develop(source, into)
    assert not into.exists()
    return caught.value


def test_a_picture_comes_out_as_it_would_without_walls(source, into):
    """Sizes asked for are kept, and the file is there."""
    halves((1600, 900)).save(source, "PNG")
    assert develop(source, into, exact=[(320, 180)]) == PreparedPicture(320, 180)
    with Image.open(into) as image:
        assert image.size == (320, 180)
    assert develop(source, into, longest=400) == PreparedPicture(400, 225)


def test_a_small_one_is_enlarged_where_asked(source, into):
    """The longer side gets the length it must have; what is longer stays as it is."""
    halves((128, 64)).save(source, "PNG")
    assert develop(source, into, shortest=300) == PreparedPicture(300, 150)
    assert develop(source, into, shortest=100) == PreparedPicture(128, 64)


def test_refusals_come_out_with_their_fields(source, into):
    """The member learns as much as without walls."""
    source.write_bytes(b"%PDF-1.7")
    refused = _refusal(source, into)
    assert (refused.code, refused.fields) == (Refusal.NOT_A_PICTURE, {"kind": "PDF"})


@pytest.mark.skipif(sys.platform != "linux", reason="others do not keep this limit")
def test_memory_has_a_wall(source, into, monkeypatch):
    """A picture that would take more is refused as too large; the next one is not."""
    monkeypatch.setattr(darkroom, "MEMORY", 120 * 1024 * 1024)
    source.write_bytes(png((5999, 4000), bytes((5999 * 3 + 1) * 4000)))
    refused = _refusal(source, into)
    assert (refused.code, refused.fields) == (Refusal.PICTURE_TOO_LARGE, {})
    halves().save(source, "PNG")
    assert develop(source, into) == PreparedPicture(80, 40)


def test_the_largest_pictures_fit_in(source, into):
    """What is allowed by its size is also possible within the walls."""
    large = Image.new("RGBA", (6000, 4000), (0, 200, 0, 90))
    large.save(source, "WEBP", method=0, quality=20)
    assert develop(source, into) == PreparedPicture(2048, 1365)


def test_a_file_that_is_not_there(source, into):
    """That is the caller's to deal with, as it is without walls."""
    with pytest.raises(FileNotFoundError):
        develop(source, into)


def test_a_bug_is_told_as_one(source, tmp_path):
    """What no picture can be blamed for is no refusal."""
    halves().save(source, "PNG")
    with pytest.raises(BrokenInvariant):
        develop(source, tmp_path / "no such folder" / "prepared.jpg")


@contextmanager
def _stuck(source: Path) -> Iterator[None]:
    """Make a file that is never read to its end: a pipe into which nobody writes."""
    os.mkfifo(source)
    before = set(multiprocessing.active_children())
    yield
    assert set(multiprocessing.active_children()) == before, "a decoder was left behind"


def test_patience_ends(source, into, monkeypatch):
    """A decoder that does not come to an end is ended."""
    monkeypatch.setattr(darkroom, "PATIENCE", timedelta(seconds=0.2))
    with _stuck(source):
        assert _refusal(source, into).code is Refusal.PICTURE_TOO_LARGE


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (signal.SIGSEGV, Refusal.PICTURE_DAMAGED),
        (signal.SIGABRT, Refusal.PICTURE_DAMAGED),
        (signal.SIGKILL, Refusal.PICTURE_TOO_LARGE),  # as the kernel does where memory is short
        (signal.SIGXCPU, Refusal.PICTURE_TOO_LARGE),
    ],
)
def test_a_crash_is_the_picture_s(source, into, how, code):
    """A decoder that crashes or takes too much is a refusal and nothing worse."""
    with _stuck(source), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_refusal, source, into)
        while not (working := multiprocessing.active_children()):
            threading.Event().wait(0.01)
        os.kill(working[0].pid or 0, how)
        assert answer.result().code is code
