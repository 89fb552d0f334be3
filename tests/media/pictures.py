"""Pictures to try and eyes to look at the result."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import FieldValue, Refusal, Refused
from bot.media.images import prepare

Size = tuple[int, int]
Colour = tuple[int, ...]

RED: Colour = (255, 0, 0)
GREEN: Colour = (0, 255, 0)
BLUE: Colour = (0, 0, 255)
WHITE: Colour = (255, 255, 255)


def halves(size: Size = (80, 40), left: Colour = RED, right: Colour = BLUE) -> Image.Image:
    """Return a picture whose left half and right half differ."""
    image = Image.new("RGB", size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


def near(actual: Colour, expected: Colour, tolerance: int = 12) -> bool:
    """Tell whether two colours look the same after JPEG."""
    return all(abs(a - e) <= tolerance for a, e in zip(actual, expected, strict=True))


def colour(path: Path, x: float, y: float) -> Colour:
    """Return the RGB colour at the share (x, y) of the picture's sides."""
    with Image.open(path) as image:
        pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    return pixel


def refusal(source: Path, into: Path) -> tuple[Refusal, dict[str, FieldValue]]:
    """Return how ``prepare`` refuses ``source``; it must, and must write nothing."""
    with pytest.raises(Refused) as caught:
        prepare(source, into)
    assert not into.exists()
    return caught.value.code, caught.value.fields


def png(size: Size, rows: bytes, depth: int = 8) -> bytes:
    """Return an RGB PNG with the given raw rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", *size, depth, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        )
    )
