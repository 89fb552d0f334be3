"""The picture that a film ends with, however its file is put together."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.errors import WrongContent
from bot.media.videos import last_frame
from tests.media.films import film
from tests.media.pictures import BLUE, GREEN, RED, Colour, colour, near

SIZE = (64, 48)
RATE = 12


def shot(
    path: Path,
    *,
    colours: list[Colour],
    times: list[int] | None = None,
    sound: float = 0,
    options: dict[str, str] | None = None,
    size: tuple[int, int] = SIZE,
    flags: str = "faststart",
) -> Path:
    """Write a film of one plain picture a frame.

    Args:
        path: where it goes.
        colours: what each frame shows.
        times: when each frame is shown, in frames; else one after the other.
        sound: seconds of it.
        options: of the encoder.
        size: of the pictures.
        flags: of the file's form.
    """
    with av.open(path, "w", format="mp4", options={"movflags": flags}) as out:
        video = out.add_stream("libx264", rate=RATE, options=options or {})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.codec_context.time_base = Fraction(1, RATE)
        track = out.add_stream("aac", rate=8000, layout="mono") if sound else None
        for number, shown in enumerate(colours):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, shown))  # type: ignore[no-untyped-call]  # stub
            frame.pts = times[number] if times else number
            frame.time_base = Fraction(1, RATE)
            out.mux(video.encode(frame))
        out.mux(video.encode())
        if track is not None:
            silence = av.AudioFrame(format="s16", layout="mono", samples=round(8000 * sound))
            silence.planes[0].update(bytes(silence.planes[0].buffer_size))
            silence.sample_rate, silence.pts, silence.time_base = 8000, 0, Fraction(1, 8000)
            out.mux(track.encode(silence))
            out.mux(track.encode())
    return path


ENDS_GREEN = [RED] * 23 + [GREEN]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"options": {"preset": "slow", "bf": "4"}}, id="B-frames"),
        pytest.param({"options": {"bf": "0", "g": "1"}}, id="every frame a key frame"),
        pytest.param({"times": [40 + n for n in range(24)]}, id="begins late"),
        pytest.param({"times": [n * n for n in range(24)]}, id="at odd times"),
        pytest.param({"sound": 6.0}, id="the sound goes on for longer"),
        pytest.param({"sound": 0.5}, id="the sound ends before"),
        pytest.param({"flags": "frag_keyframe+empty_moov"}, id="in fragments"),
        pytest.param({"flags": "frag_every_frame+empty_moov+default_base_moof"}, id="in crumbs"),
    ],
)
def test_it_is_the_very_last_one(source, into, how):
    """The one picture that differs is found, whatever order the file has its pictures in."""
    last_frame(shot(source, colours=ENDS_GREEN, **how), into)
    assert near(colour(into, 0.5, 0.5), GREEN, tolerance=40)


def test_a_film_of_one_picture(source, into):
    """The first is the last."""
    last_frame(shot(source, colours=[BLUE]), into)
    assert near(colour(into, 0.5, 0.5), BLUE, tolerance=40)


def test_what_an_edit_list_cuts_off_is_not_shown(source, into):
    """The player never shows what comes after the edit; it is not the film's end either."""
    shot(source, colours=[RED] * 12 + [BLUE] * 12, options={"bf": "0"})
    data = bytearray(source.read_bytes())
    at = data.index(b"elst") + 4
    version, count = data[at], struct.unpack(">I", data[at + 4 : at + 8])[0]
    assert (version, count) == (0, 1)
    length = struct.unpack(">I", data[at + 8 : at + 12])[0]
    data[at + 8 : at + 12] = struct.pack(">I", length // 2)
    source.write_bytes(data)
    last_frame(source, into)
    assert near(colour(into, 0.5, 0.5), RED, tolerance=40)


def test_a_film_that_lies_on_its_side_is_set_upright(source, into):
    """The turn that a file asks its player for is made."""
    top = Image.new("RGB", SIZE, BLUE)
    top.paste(RED, (0, 0, SIZE[0], SIZE[1] // 2))
    with av.open(source, "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        frame = av.VideoFrame.from_image(top)  # type: ignore[no-untyped-call]  # stub
        out.mux(video.encode(frame))
        out.mux(video.encode())
    data = bytearray(source.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    turned_right = (0, 1 << 16, 0, -(1 << 16) & 0xFFFFFFFF, 0, 0, SIZE[1] << 16, 0, 1 << 30)
    data[at : at + 36] = struct.pack(">9I", *turned_right)
    source.write_bytes(data)

    last_frame(source, into)
    with Image.open(into) as image:
        assert image.size == (SIZE[1], SIZE[0])
    assert near(colour(into, 0.9, 0.5), RED, tolerance=40)
    assert near(colour(into, 0.1, 0.5), BLUE, tolerance=40)


def test_a_film_that_breaks_off_has_no_end(source, into):
    """No picture from its middle passes for its last one."""
    film(source, size=(160, 160), noise=True, key_every=4)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    with pytest.raises(WrongContent):
        last_frame(source, into)
    assert not into.exists()


def test_nobody_waits_any_more(source, into):
    """It stops in the middle, and leaves nothing behind."""
    shot(source, colours=ENDS_GREEN)
    with pytest.raises(InterruptedError):
        last_frame(source, into, wanted=lambda: False)
    assert list(source.parent.iterdir()) == [source]


def test_pictures_too_large_for_any_film(source, into):
    """Nothing is decoded that could take the memory of the whole machine."""
    shot(source, colours=[RED], size=(4112, 4096), options={"preset": "ultrafast"})
    with pytest.raises(WrongContent):
        last_frame(source, into)
    assert not into.exists()
