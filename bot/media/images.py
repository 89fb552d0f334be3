"""A member's picture made fit for a video service: checked, upright, opaque, small, nameless.

Serves step 1: a door fetches the picture and has it prepared before the Desk takes the order.
Never trusts a name or a MIME type, never decodes before the limits are checked, never keeps
metadata (a photo knows where it was taken). Strangers' files are prepared in the ``darkroom``.
"""

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from bot.errors import Refusal, Refused
from bot.media import heic
from bot.media.bounds import check_bytes, check_header, too_many_pixels
from bot.media.colours import coarse, srgb
from bot.media.kinds import DAMAGED, HEIC, seems
from bot.media.sizes import Size, filling, middle, nearest, swapped, within

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_SHRUNK_WHILE_DECODED = frozenset({"JPEG", "MPO"})
_QUALITIES = (92, 85, 75, 60)
_LARGEST_FILE = 4 * 1024 * 1024
"""What a prepared picture may have in bytes while its quality can be lowered: a request carries it
whole, a third larger as text."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})

# What Pillow's decoders raise at bytes made by chance or by malice; found by feeding them such.
_UNDECODABLE = (
    OSError,
    SyntaxError,
    ValueError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """The file that was written: its size in pixels and its exact MIME type."""

    width: int
    height: int
    mime: str = "image/jpeg"


def prepare(
    source: Path,
    into: Path,
    *,
    exact: Sequence[Size] = (),
    shortest: int = 1,
    longest: int = 2048,
) -> PreparedPicture:
    """Write the picture in ``source`` to the file ``into`` as an upright sRGB JPEG.

    Of an animation the first frame is taken. ``into`` appears only when it is whole.

    Args:
        source: JPEG, PNG, WebP, GIF or AVIF, whatever its name says; HEIC with the extra ``heic``.
        into: where the JPEG goes; may be ``source`` itself.
        exact: sizes of which the result must have one; the picture is scaled and cropped around
            its centre to the one whose shape is nearest. Of equally near ones the first wins.
        shortest: without ``exact``, the least the longer side may have, in pixels.
        longest: without ``exact``, the most it may have. What lies between stays as it is.

    Raises:
        Refused: ``NOT_A_PICTURE`` with the ``kind`` that it seems to be; ``PICTURE_DAMAGED``;
            ``PICTURE_TOO_LARGE`` with ``limit`` (bytes) or ``limit_megapixels``.
    """
    check_bytes(source)
    with _refusing(source), Image.open(source, formats=_formats(source)) as image:
        check_header(image, source)
        if image.format not in _SHRUNK_WHILE_DECODED:
            # Before the metadata is read: Pillow decodes a PNG to find it, and a second attempt to
            # decode a damaged one would pass for a whole one.
            image.load()
        orientation = _orientation(image)
        sideways = orientation in _SIDEWAYS
        upright = swapped(image.size) if sideways else image.size
        target = nearest(upright, exact) if exact else within(upright, shortest, longest)
        small = _scaled(image, swapped(target) if sideways else target)
        flat = srgb(small, image.info.get("icc_profile"))
        # The turning comes last, when the picture is small.
        ready = flat.transpose(_TURNS[orientation]) if orientation in _TURNS else flat
    _save(ready, into)
    return PreparedPicture(*ready.size)


def _formats(source: Path) -> tuple[str, ...]:
    """Return the decoders that may try; HEIC's is not even loaded for a file of another kind."""
    return (*_FORMATS, heic.HEIF) if seems(source) == HEIC and heic.admit() else _FORMATS


@contextmanager
def _refusing(source: Path) -> Iterator[None]:
    """Turn what Pillow says about hostile or broken files into our refusals."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels(source) from None
    except UnidentifiedImageError:
        raise _unreadable(seems(source)) from None
    except _UNDECODABLE:
        raise _unreadable(DAMAGED) from None


def _unreadable(kind: str | None) -> Refused:
    if kind == DAMAGED or (kind == HEIC and heic.admit()):
        return Refused(Refusal.PICTURE_DAMAGED)
    return Refused(Refusal.NOT_A_PICTURE, kind=kind)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) where the metadata is missing or nonsense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _UNDECODABLE:
        return 1
    return value if isinstance(value, int) else 1


def _scaled(image: Image.Image, target: Size) -> Image.Image:
    """Decode the picture, no larger than needed, and fill ``target`` with its middle."""
    factor = filling(image.size, target)
    image.draft("RGB", (math.ceil(image.width * factor), math.ceil(image.height * factor)))
    image.load()
    pixels = coarse(image, filling(image.size, target))
    box = middle(pixels.size, target)
    return pixels.resize(target, Image.Resampling.LANCZOS, box, reducing_gap=3.0)


def _save(image: Image.Image, into: Path) -> None:
    """Write the file, in the best quality that makes it no larger than a request should carry."""
    part = into.with_name(f"{into.name}.part")
    image.info.clear()
    for quality in _QUALITIES:
        image.save(part, "JPEG", quality=quality, subsampling=0)
        if part.stat().st_size <= _LARGEST_FILE:
            break
    part.replace(into)
