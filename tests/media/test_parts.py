"""A film in parts: each plays by itself, and nothing is lost between them."""

from itertools import chain
from pathlib import Path

import av
import pytest

from bot.errors import FilmTooLarge, WrongContent
from bot.media.parts import MOST_PARTS, split, split_anew
from bot.media.videos import probe
from tests.media.films import RATE, film


def pictures(path: Path) -> list[bytes]:
    """Decode a film; return the brightness of every point of each picture."""
    with av.open(path, "r") as opened:
        return [bytes(frame.planes[0]) for frame in opened.decode(video=0)]


def times(path: Path) -> list[float]:
    """Return when each picture of a film is shown, in seconds."""
    with av.open(path, "r") as opened:
        return [round(float(frame.time or 0), 3) for frame in opened.decode(video=0)]


def sound(path: Path) -> list[bytes]:
    """Return the encoded sound of a film, packet by packet."""
    with av.open(path, "r") as opened:
        return [bytes(packet) for packet in opened.demux(audio=0) if packet.size]


def played(path: Path, kind: str) -> float:
    """Return how long a track plays, in seconds."""
    with av.open(path, "r") as opened:
        (track,) = opened.streams.get({kind: 0})
        assert track.duration is not None
        assert track.time_base is not None
        return float(track.duration * track.time_base)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the parts go."""
    into = tmp_path / "parts"
    into.mkdir()
    return into


@pytest.mark.parametrize("preset", ["ultrafast", "medium"])
def test_parts_are_the_film_bit_by_bit(source, folder, preset):
    """All pictures are there once, in order and unchanged, also where some are sent early."""
    film(source, seconds=3, noise=True, key_every=4, preset=preset)
    limit = source.stat().st_size * 2 // 5
    parts = split(source, folder, max_bytes=limit)
    assert len(parts) == 3
    assert max(part.stat().st_size for part in parts) <= limit
    assert list(chain.from_iterable(map(pictures, parts))) == pictures(source)
    assert sorted(folder.iterdir()) == parts


def test_each_part_begins_at_zero_with_the_index_in_front(source, folder):
    """A part plays at once and from its beginning, like a film of its own."""
    film(source, seconds=2, sound=True, noise=True, key_every=6)
    for part in split(source, folder, max_bytes=source.stat().st_size * 2 // 3):
        shown = times(part)
        assert shown == [round(number / RATE, 3) for number in range(len(shown))]
        data = part.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")


def test_sound_goes_along(source, folder):
    """Every bit of the sound is in one of the parts, and as long as the pictures there."""
    film(source, seconds=2, sound=True, noise=True, key_every=6)
    parts = split(source, folder, max_bytes=source.stat().st_size * 2 // 3)
    assert list(chain.from_iterable(map(sound, parts))) == sound(source)
    for part in parts:
        assert played(part, "audio") == pytest.approx(played(part, "video"), abs=0.1)


def test_pictures_that_refer_across_a_key_frame_are_not_torn_apart(source, folder):
    """A key frame whose followers need an earlier picture is no place to cut."""
    film(source, noise=True, key_every=6, preset="medium", open_gop=True)
    with pytest.raises(FilmTooLarge):
        split(source, folder, max_bytes=source.stat().st_size * 2 // 3)
    assert list(folder.iterdir()) == []


def test_a_film_of_one_key_frame_cannot_be_cut(source, folder):
    """It says so before anything is written."""
    film(source, noise=True)
    with pytest.raises(FilmTooLarge):
        split(source, folder, max_bytes=source.stat().st_size // 2)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("cut", [split, split_anew])
def test_no_more_parts_than_a_message_takes(source, folder, cut):
    """Eleven files would be refused by Discord."""
    film(source, seconds=2, noise=True, key_every=1)
    with pytest.raises(FilmTooLarge):
        cut(source, folder, max_bytes=source.stat().st_size // (MOST_PARTS + 1))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("heard", [False, True])
def test_anew_at_any_place(source, folder, heard):
    """Without key frames to cut at, parts of equal length keep every picture, size and sound."""
    film(source, seconds=3, sound=heard, noise=True)
    limit = source.stat().st_size * 2 // 3
    parts = split_anew(source, folder, max_bytes=limit)
    assert len(parts) == 2
    assert max(part.stat().st_size for part in parts) <= limit
    assert sum(len(pictures(part)) for part in parts) == len(pictures(source))
    for part in parts:
        info = probe(part)
        assert (info.width, info.height, info.has_audio) == (320, 180, heard)
        assert info.duration.total_seconds() == pytest.approx(1.5, abs=0.15)
        assert times(part)[0] == 0


def test_anew_looks_like_the_film(source, folder):
    """The parts have more bits than the film; a picture is off by a shade at most."""
    film(source, seconds=2, noise=True)
    parts = split_anew(source, folder, max_bytes=source.stat().st_size * 2 // 3)
    shown = list(chain.from_iterable(map(pictures, parts)))
    for ours, theirs in zip(shown, pictures(source), strict=True):
        off = sum(abs(a - b) for a, b in zip(ours, theirs, strict=True)) / len(ours)
        assert off < 4


@pytest.mark.parametrize("cut", [split, split_anew])
def test_no_film(source, folder, cut):
    """What is no film, or breaks off, is told so."""
    source.write_bytes(b"<!DOCTYPE html><html>504</html>")
    with pytest.raises(WrongContent):
        cut(source, folder, max_bytes=1000)


@pytest.mark.parametrize("cut", [split, split_anew])
def test_unwanted(source, folder, cut):
    """It ends soon after nobody wants it any more."""
    film(source, seconds=2, noise=True, key_every=6)
    with pytest.raises(InterruptedError):
        cut(source, folder, max_bytes=source.stat().st_size // 2, wanted=lambda: False)


@pytest.mark.parametrize("cut", [split, split_anew])
def test_the_film_stays(source, folder, cut):
    """Cutting never touches the full quality on disk."""
    before = film(source, noise=True, key_every=6).read_bytes()
    cut(source, folder, max_bytes=len(before) * 2 // 3)
    assert source.read_bytes() == before
