"""The size a prepared picture gets: within a longest side, or exactly one of those wanted."""

import pytest
from PIL import Image, ImageDraw

from bot.media.images import PreparedPicture, prepare
from tests.media.pictures import BLUE, GREEN, RED, colour, halves, near

ORIENTATION = 0x0112
SIXTEEN_BY_NINE = ((1280, 720), (720, 1280))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 1500), (2048, 1024)),
        ((1500, 3000), (1024, 2048)),
        ((2048, 2048), (2048, 2048)),
        ((300, 200), (300, 200)),
        ((5000, 1), (2048, 1)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_longest_side(source, into, format_, size, expected):
    """Large pictures are scaled to the longest side in their shape; small ones stay."""
    Image.new("RGB", size, GREEN).save(source, format_)
    prepared = prepare(source, into)
    assert (prepared.width, prepared.height) == expected
    with Image.open(into) as image:
        assert image.size == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1600, 900), (1280, 720)),
        ((900, 1600), (720, 1280)),
        ((4000, 3000), (1280, 720)),
        ((3000, 4000), (720, 1280)),
        ((500, 500), (1280, 720)),
        ((64, 48), (1280, 720)),
        ((3000, 20), (1280, 720)),
    ],
)
@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_exact(source, into, format_, size, expected):
    """With exact sizes the result has the one of nearest shape, to the pixel; a tie, the first."""
    Image.new("RGB", size, GREEN).save(source, format_)
    prepared = prepare(source, into, exact=SIXTEEN_BY_NINE)
    assert (prepared.width, prepared.height) == expected
    with Image.open(into) as image:
        assert image.size == expected


def test_a_request_can_carry_it(source, into):
    """A picture that hardly packs is written with less quality, not with more megabytes."""
    noise = Image.effect_noise((2048, 2048), 100).convert("RGB")
    noise.save(source, "JPEG", quality=100, subsampling=0)
    assert prepare(source, into) == PreparedPicture(2048, 2048)
    assert into.stat().st_size <= 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("size", "expected"),
    [((128, 128), (300, 300)), ((128, 32), (300, 75)), ((320, 180), (320, 180))],
)
def test_shortest(source, into, size, expected):
    """Where a service asks for more than an emoji has, it is enlarged in its shape."""
    Image.new("RGB", size, GREEN).save(source, "PNG")
    prepared = prepare(source, into, shortest=300)
    assert (prepared.width, prepared.height) == expected


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(640, 360), (360, 640)])
def test_crop_keeps_the_middle(source, into, format_, size):
    """What is cropped away is cropped evenly: the middle stays, its proportions too."""
    image = Image.new("RGB", (1600, 1600), BLUE)
    ImageDraw.Draw(image).ellipse((600, 600, 1000, 1000), fill=RED)
    image.save(source, format_)
    prepare(source, into, exact=[size])
    middle = size[0] / 2, size[1] / 2
    for distance, expected in ((0, RED), (75, RED), (85, BLUE)):
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            x, y = middle[0] + dx * distance, middle[1] + dy * distance
            assert near(colour(into, x / (size[0] - 1), y / (size[1] - 1)), expected, 30)


def test_orientation_and_exact(source, into):
    """A phone's upright photo, stored lying down, gets the upright one of the exact sizes."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    halves((1600, 900)).save(source, "JPEG", exif=exif)
    assert prepare(source, into, exact=SIXTEEN_BY_NINE) == PreparedPicture(720, 1280)
    assert near(colour(into, 0.5, 0.1), RED)
    assert near(colour(into, 0.5, 0.9), BLUE)
