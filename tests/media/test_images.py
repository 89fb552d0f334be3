"""A member's picture made fit: every format, orientation and way to keep colours."""

import struct

import pytest
from PIL import Image, ImageCms

from bot.media.images import PreparedPicture, prepare
from tests.media.pictures import BLUE, GREEN, RED, WHITE, colour, halves, near, png

ORIENTATION = 0x0112
GPS = 0x8825


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_formats(source, into, format_):
    """Every format that Discord shows becomes a JPEG of the same size and colours."""
    halves().save(source, format_)
    assert prepare(source, into) == PreparedPicture(80, 40, "image/jpeg")
    with Image.open(into) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (80, 40))
    assert near(colour(into, 0.1, 0.5), RED, 30)
    assert near(colour(into, 0.9, 0.5), BLUE, 30)


def test_name_means_nothing(tmp_path, into):
    """A PNG that is named like a text file is a picture."""
    source = tmp_path / "notes.txt"
    halves().save(source, "PNG")
    assert prepare(source, into).width == 80


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
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_orientation(source, into, format_, *, orientation, corner, size):
    """A picture is turned as its EXIF orientation says: the red corner lands where it belongs."""
    image = Image.new("RGB", (80, 40), BLUE)
    image.paste(RED, (0, 0, 20, 12))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    image.save(source, format_, exif=exif)
    prepared = prepare(source, into)
    assert (prepared.width, prepared.height) == size
    assert near(colour(into, *corner), RED, 30)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_nonsense_orientation(source, into, orientation):
    """An orientation that does not exist leaves the picture as it is."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    halves().save(source, "JPEG", exif=exif)
    assert prepare(source, into) == PreparedPicture(80, 40)


def test_broken_exif(source, into):
    """Metadata that cannot be read is no reason to refuse the picture."""
    halves().save(source, "PNG", exif=b"Exif\x00\x00XX*\x00\xff\xff\xff\xff")
    assert prepare(source, into) == PreparedPicture(80, 40)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_metadata(source, into, format_):
    """Where, when and with what a photo was taken does not leave the bot."""
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(GPS)[1] = "N"
    extra = {"comment": b"CANARY-COMMENT"} if format_ == "JPEG" else {}
    halves().save(source, format_, exif=exif, xmp=b"<x>CANARY-XMP</x>", **extra)
    assert b"CANARY-CAMERA" in source.read_bytes()
    prepare(source, into)
    assert b"CANARY" not in into.read_bytes()
    with Image.open(into) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_transparency(source, into, mode):
    """What is transparent becomes white, in every way a PNG can say so; the rest keeps its look."""
    image = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 40, 40))
    image.paste((90, 90, 90, 255), (0, 0, 20, 40))
    if mode in {"RGB", "L"}:
        image.convert(mode).save(source, "PNG", transparency=(0, 0, 0) if mode == "RGB" else 0)
    else:
        image.convert(mode).save(source, "PNG")
    prepare(source, into)
    assert near(colour(into, 0.9, 0.5), WHITE)
    assert near(colour(into, 0.1, 0.5), (90, 90, 90))


def test_cmyk(source, into):
    """A JPEG made for print comes out in screen colours."""
    halves().convert("CMYK").save(source, "JPEG", quality=95)
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), RED, 40)
    assert near(colour(into, 0.9, 0.5), BLUE, 40)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_few_colours(source, into, mode):
    """Pictures in black and white, in greys or with a palette keep their look."""
    halves(left=WHITE, right=(0, 0, 0)).convert(mode).save(source, "PNG")
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), WHITE)
    assert near(colour(into, 0.9, 0.5), (0, 0, 0))


def test_sixteen_bits(source, into):
    """Sixteen bits of grey are scaled to eight, not cut off: middle grey stays middle grey."""
    Image.new("I;16", (80, 40), 128 * 257).save(source, "PNG")
    prepare(source, into)
    assert near(colour(into, 0.5, 0.5), (128, 128, 128), 3)


def test_sixteen_bit_colours(source, into):
    """A PNG with sixteen bits a colour is a picture like any other."""
    row = b"\x00" + struct.pack(">HHH", 65535, 32896, 0) * 8
    source.write_bytes(png((8, 8), row * 8, depth=16))
    prepare(source, into)
    assert near(colour(into, 0.5, 0.5), (255, 128, 0))


def test_colour_profile(source, into):
    """Colours are translated by the picture's profile before the profile is removed."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    halves().save(source, "PNG", icc_profile=srgb)
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), RED)
    for unusable in (lab, b"no profile at all"):
        halves().save(source, "PNG", icc_profile=unusable)
        prepare(source, into)
        assert near(colour(into, 0.1, 0.5), RED)


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "AVIF"])
def test_animation(source, into, format_):
    """Of an animation the first frame is taken."""
    frames = [Image.new("RGB", (80, 40), each) for each in (RED, GREEN, BLUE)]
    frames[0].save(source, format_, save_all=True, append_images=frames[1:], duration=100)
    prepare(source, into)
    assert near(colour(into, 0.5, 0.5), RED, 30)


def test_two_in_one(source, into):
    """A phone's JPEG with a second picture behind it (MPO) is its first picture."""
    halves().save(source, "MPO", save_all=True, append_images=[Image.new("RGB", (80, 40), GREEN)])
    with Image.open(source) as image:
        assert image.format == "MPO"
    prepare(source, into)
    assert near(colour(into, 0.1, 0.5), RED, 30)


def test_in_place(source):
    """A picture may be prepared into its own file."""
    halves().save(source, "PNG")
    prepare(source, source)
    with Image.open(source) as image:
        assert image.format == "JPEG"
