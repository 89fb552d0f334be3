"""Films looked at, made to fit, and their last picture: on real MP4 files."""

from datetime import timedelta
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.errors import FilmTooLarge, WrongContent
from bot.media.videos import FilmInfo, fit, last_frame, probe
from tests.media.films import film
from tests.media.pictures import WHITE, colour, near


def seconds(duration: timedelta) -> float:
    """Return a duration in seconds, for approximate comparison."""
    return duration.total_seconds()


def index_in_front(path: Path) -> bool:
    """Tell whether a player can start before it has the whole file."""
    data = path.read_bytes()
    return data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("sound", [False, True])
def test_probe(source, sound):
    """A film is described by its length, size, codec and whether it has sound."""
    info = probe(film(source, size=(320, 180), seconds=2, sound=sound))
    assert (info.width, info.height, info.codec, info.has_audio) == (320, 180, "h264", sound)
    assert seconds(info.duration) == pytest.approx(2, abs=0.1)


PLAYLIST = b"#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/secret\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html>504</html>",
        b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2",
        PLAYLIST,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF\x00\x00\x00\x00AVI LIST",
    ],
)
@pytest.mark.parametrize(
    "look",
    [
        lambda source, _: probe(source),
        lambda source, into: fit(source, into, max_bytes=100_000),
        last_frame,
    ],
)
def test_no_film(source, into, content, look):
    """What is no MP4 is told so; a playlist, which names other files, is not even read as one."""
    source.write_bytes(content)
    with pytest.raises(WrongContent):
        look(source, into)
    assert list(source.parent.iterdir()) == [source]


def test_a_list_of_films_is_no_film(tmp_path):
    """A text that names another file does not make the bot read that file."""
    film(tmp_path / "private.mp4")
    source = tmp_path / "source.m3u8"
    head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n"
    source.write_text(f"{head}#EXTINF:2.0,\nprivate.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(WrongContent):
        probe(source)


def test_sound_alone(source):
    """An MP4 with nothing to see is no film."""
    with av.open(source, "w", format="mp4") as out:
        track = out.add_stream("aac", rate=44_100, layout="mono")
        silence = av.AudioFrame(format="s16", layout="mono", samples=4410)
        silence.planes[0].update(bytes(8820))
        silence.sample_rate = 44_100
        out.mux(track.encode(silence))
        out.mux(track.encode())
    with pytest.raises(WrongContent):
        probe(source)


def test_missing_file(tmp_path):
    """A file that is not there is trouble of ours, not of the film."""
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "none.mp4")


@pytest.mark.parametrize("limit", [400_000, 150_000, 60_000])
@pytest.mark.parametrize("sound", [False, True])
def test_fit(source, into, limit, sound):
    """A film over the limit comes out below it, using most of it, with its length and sound."""
    film(source, sound=sound, noise=True)
    assert source.stat().st_size > limit
    info = fit(source, into, max_bytes=limit)
    assert limit * 0.6 < into.stat().st_size <= limit
    assert (info.codec, info.has_audio) == ("h264", sound)
    assert seconds(info.duration) == pytest.approx(2, abs=0.15)
    assert (info.width, info.height) == (320, 180)
    assert index_in_front(into)


def test_fit_keeps_every_picture(source, into):
    """No picture is lost or doubled, and time runs as before."""
    film(source, noise=True)
    fit(source, into, max_bytes=200_000)
    times = []
    for path in (source, into):
        with av.open(path) as opened:
            times.append([round(float(f.time), 3) for f in opened.decode(video=0)])
    assert times[0] == times[1]


def test_fit_leaves_what_fits(source, into):
    """A film below the limit is copied bit by bit."""
    film(source)
    info = fit(source, into, max_bytes=source.stat().st_size)
    assert into.read_bytes() == source.read_bytes()
    assert info == probe(source)


def test_fit_scales_down(source, into):
    """Where the bit rate is too low for the picture's size, the picture gets smaller, in shape."""
    film(source, size=(640, 360), noise=True)
    info = fit(source, into, max_bytes=25_000)
    assert into.stat().st_size <= 25_000
    assert 144 <= info.height < 360
    assert info.width / info.height == pytest.approx(16 / 9, rel=0.03)


def test_fit_of_a_padded_film(source, into):
    """A file that is large for no good reason fits without loss of size."""
    film(source)
    source.write_bytes(source.read_bytes() + b"\x00\x07\xa1\x20free" + bytes(500_000 - 8))
    assert fit(source, into, max_bytes=300_000).width == 320
    assert into.stat().st_size <= 300_000


def test_odd_size(source, into):
    """Sides come out even, as the encoder needs them."""
    film(source, size=(402, 226), noise=True)
    info = fit(source, into, max_bytes=16_000)
    assert (info.width % 2, info.height % 2) == (0, 0)


@pytest.mark.parametrize("limit", [0, 100, 4_000])
def test_impossible(source, into, limit):
    """A film that cannot be that small is told so, and nothing is left behind."""
    film(source, noise=True)
    with pytest.raises(FilmTooLarge):
        fit(source, into, max_bytes=limit)
    assert list(source.parent.iterdir()) == [source]


def test_film_that_breaks_off(source, into):
    """A film whose second half is missing does not pass for a whole one when it is encoded."""
    film(source, noise=True)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    with pytest.raises(WrongContent):
        fit(source, into, max_bytes=100_000)
    assert list(source.parent.iterdir()) == [source]


def test_original_stays(source, into):
    """Fitting never touches the full quality on disk."""
    before = film(source, noise=True).read_bytes()
    fit(source, into, max_bytes=200_000)
    assert source.read_bytes() == before


@pytest.mark.parametrize("length", [0.25, 3])
def test_last_frame(source, into, length):
    """The last picture of a short or long film, here the white one, is a PNG of the film's size."""
    film(source, seconds=length)
    last_frame(source, into)
    with Image.open(into) as image:
        assert (image.format, image.size) == ("PNG", (320, 180))
        assert near(colour(into, 0.5, 0.5), WHITE)


def test_metadata_in_any_alphabet(source):
    """A film whose title is not UTF-8 is a film."""
    film(source)
    data = source.read_bytes()
    assert data.count(b"Lavf") >= 1
    source.write_bytes(data.replace(b"Lavf", b"\xff\xfe\xd0\xc0"))
    assert isinstance(probe(source), FilmInfo)
