"""The films the stand-ins deliver."""

import io

import av
import pytest
from PIL import Image

from sandbox.services import FilmOrder, Films
from sandbox.services.films.order import frame_size
from sandbox.services.films.words import lettering
from tests.sandbox_services.kit import picture


def frames(film: bytes) -> list[Image.Image]:
    """Decode every frame."""
    with av.open(io.BytesIO(film), "r") as container:
        return [image(frame) for frame in container.decode(video=0)]


def image(frame: av.VideoFrame) -> Image.Image:
    """Turn a decoded frame into a picture; PyAV leaves this method untyped."""
    shown: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return shown


def boxes(film: bytes) -> list[tuple[str, int]]:
    """The top-level boxes of an MP4, with their sizes."""
    found, place = [], 0
    while place < len(film):
        size = int.from_bytes(film[place : place + 4])
        found.append((film[place + 4 : place + 8].decode(), size))
        place += size
    return found


@pytest.mark.parametrize(
    ("seconds", "shape", "size"),
    [
        (5, (1280, 720), (160, 90)),
        (8, (720, 1280), (90, 160)),
        (5, (960, 960), (160, 160)),
        (30, (120, 80), (120, 80)),
    ],
)
async def test_a_film_has_the_length_and_shape_asked_for(films, seconds, shape, size):
    """H.264 in yuv420p, exactly as long as ordered, shrunk but never enlarged."""
    film = await films.film(FilmOrder(("a red kite",), seconds, shape))
    with av.open(io.BytesIO(film), "r") as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == size
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert container.duration == seconds * 1_000_000


async def test_the_index_stands_in_front(films):
    """Discord's player starts before the whole file is there (faststart)."""
    film = await films.film(FilmOrder(("a red kite",), 5, (1280, 720)))
    assert [name for name, _ in boxes(film)][:2] == ["ftyp", "moov"]


async def test_a_picture_is_recognisable_in_its_film(films):
    """Left stays red and right stays blue, in the first frame and in the last."""
    film = await films.film(FilmOrder(("",), 5, (320, 180), picture()))
    shown = frames(film)
    for frame in (shown[0], shown[-1]):
        left, right = frame.getpixel((20, 30)), frame.getpixel((140, 30))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        assert left[0] > 150 > left[2]
        assert right[2] > 150 > right[0]


async def test_a_film_moves(films):
    """No two halves of a film look the same, with or without a picture."""
    for order in (
        FilmOrder(("a red kite",), 5, (1280, 720)),
        FilmOrder(("",), 5, (320, 180), picture()),
    ):
        shown = frames(await films.film(order))
        assert shown[0].tobytes() != shown[len(shown) // 2].tobytes()


async def test_the_same_order_gives_the_same_bytes():
    """A film depends on its order only, not on the studio or the day."""
    order = FilmOrder(("a red kite",), 5, (640, 360))
    first, second = Films(longest_side=160), Films(longest_side=160)
    assert await first.film(order) == await second.film(order)
    first.close()
    second.close()


async def test_different_prompts_look_different(films):
    """Two prompts never give the same film."""
    one = await films.film(FilmOrder(("a red kite",), 5, (640, 360)))
    other = await films.film(FilmOrder(("a blue kite",), 5, (640, 360)))
    assert one != other


async def test_a_film_is_rendered_once():
    """The studio remembers what it has rendered."""
    studio, order = Films(longest_side=64), FilmOrder(("a kite",), 5, (640, 360))
    assert await studio.film(order) == await studio.film(order)
    assert studio.rendered == 1
    studio.close()


async def test_a_film_can_be_padded_to_the_byte(films):
    """A padded film has exactly the size asked for and still plays."""
    order = FilmOrder(("a red kite",), 5, (1280, 720))
    film = await films.film(order, 12_000_000)
    assert len(film) == 12_000_000
    assert boxes(film)[-1][0] == "free"
    assert len(frames(film)) == 5 * 4


async def test_a_film_cannot_be_padded_to_less_than_it_is(films):
    """Padding never cuts."""
    with pytest.raises(ValueError, match="cannot be padded"):
        await films.film(FilmOrder(("a red kite",), 5, (1280, 720)), 100)


def test_a_prompt_the_font_lacks_leaves_no_boxes():
    """Characters without a glyph are left out instead of drawn as empty boxes."""
    nothing = lettering((160, 90), "", "", low=False)
    assert lettering((160, 90), "一只猫 🐱", "", low=False).tobytes() == nothing.tobytes()


def test_markers_are_not_shown():
    """What decides a film's fate is not part of the film."""
    plain = lettering((160, 90), "a kite", "", low=False)
    assert lettering((160, 90), "a kite [slow]", "", low=False).tobytes() == plain.tobytes()


def test_frames_have_even_sides():
    """H.264 in 4:2:0 knows no odd sizes."""
    assert frame_size((1248, 703), 640) == (640, 360)
    assert frame_size((333, 333), None) == (332, 332)


def transparent(mode: str) -> bytes:
    """Draw nothing at all, in a picture with an alpha channel or a transparent colour."""
    written = io.BytesIO()
    empty = Image.new(mode, (64, 64), 0)
    empty.info["transparency"] = 0
    empty.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L"])
async def test_transparency_becomes_white(films, mode):
    """Films have no transparency; what shows through a picture is paper."""
    film = await films.film(FilmOrder(("",), 5, (64, 64), transparent(mode)))
    corner = frames(film)[0].getpixel((5, 5))
    assert isinstance(corner, tuple)
    assert min(corner) > 250
