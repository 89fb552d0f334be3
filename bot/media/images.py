"""A member's picture made fit for a video service: checked, upright, opaque, small, nameless.

Serves step 1: a door fetches the picture and has it prepared before the Desk takes the order.
Never trusts a name or a MIME type, never decodes before the limits are checked, never keeps
metadata (a photo knows where it was taken).
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
from bot.media.colours import opaque, plain, srgb
from bot.media.kinds import DAMAGED, seems

BYTES_LIMIT = 25 * 1024 * 1024
JPEG_MEGAPIXELS = 50
"""JPEG may be larger than the rest: it is shrunk while it is decoded."""
OTHER_MEGAPIXELS = 24
JPEG_SCANS = 200
"""A progressive JPEG has about ten scans; thousands of them would keep a core busy for minutes."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_START_OF_JPEG = b"\xff\xd8"
_START_OF_SCAN = b"\xff\xda"
_QUALITY = 92
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

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """The file that was written: its size in pixels and its exact MIME type."""

    width: int
    height: int
    mime: str = "image/jpeg"


def prepare(
    source: Path, into: Path, *, exact: Sequence[Size] = (), longest_side: int = 2048
) -> PreparedPicture:
    """Write the picture in ``source`` to the file ``into`` as an upright sRGB JPEG.

    Of an animation the first frame is taken. ``into`` appears only when it is whole.

    Args:
        source: JPEG, PNG, WebP, GIF or AVIF, whatever its name says.
        into: where the JPEG goes; may be ``source`` itself.
        exact: sizes of which the result must have one; the picture is scaled and cropped around
            its centre to the one whose shape is nearest. Of equally near ones the first wins.
        longest_side: without ``exact``, the longest side in pixels; smaller pictures stay as
            they are.

    Raises:
        Refused: ``NOT_A_PICTURE`` with the ``kind`` that it seems to be; ``PICTURE_DAMAGED``;
            ``PICTURE_TOO_LARGE`` with ``limit`` (bytes) or ``limit_megapixels``.
    """
    if source.stat().st_size > BYTES_LIMIT:
        raise Refused(Refusal.PICTURE_TOO_LARGE, limit=BYTES_LIMIT)
    with _refusing(source), Image.open(source, formats=_FORMATS) as image:
        _limit(image, source)
        ready = _ready(image, exact, longest_side)
    _save(ready, into)
    return PreparedPicture(*ready.size)


@contextmanager
def _refusing(source: Path) -> Iterator[None]:
    """Turn what Pillow says about hostile or broken files into our refusals."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(
            Refusal.PICTURE_TOO_LARGE, limit_megapixels=_megapixels_allowed(source)
        ) from None
    except UnidentifiedImageError:
        raise _unreadable(seems(source)) from None
    except _UNDECODABLE:
        raise _unreadable(DAMAGED) from None


def _unreadable(kind: str | None) -> Refused:
    if kind == DAMAGED:
        return Refused(Refusal.PICTURE_DAMAGED)
    return Refused(Refusal.NOT_A_PICTURE, kind=kind)


def _megapixels_allowed(source: Path) -> int:
    with source.open("rb") as file:
        return JPEG_MEGAPIXELS if file.read(2) == _START_OF_JPEG else OTHER_MEGAPIXELS


def _limit(image: Image.Image, source: Path) -> None:
    """Refuse by what the header says, before a single pixel is decoded."""
    limit = _megapixels_allowed(source)
    if image.width * image.height > limit * 1_000_000:
        raise Refused(Refusal.PICTURE_TOO_LARGE, limit_megapixels=limit)
    if "progressive" in image.info and _scans(source) > JPEG_SCANS:
        raise _unreadable(DAMAGED)


def _scans(source: Path) -> int:
    return source.read_bytes().count(_START_OF_SCAN)


def _ready(image: Image.Image, exact: Sequence[Size], longest_side: int) -> Image.Image:
    """Decode, crop, scale, flatten and turn; the turning comes last, when the picture is small."""
    orientation = _orientation(image)
    sideways = orientation in _SIDEWAYS
    upright = _swapped(image.size) if sideways else image.size
    target = _nearest(upright, exact) if exact else _within(upright, longest_side)
    small = _scaled(image, _swapped(target) if sideways else target)
    flat = srgb(opaque(small), image.info.get("icc_profile"))
    return flat.transpose(_TURNS[orientation]) if orientation in _TURNS else flat


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) where the metadata is missing or nonsense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _UNDECODABLE:
        return 1
    return value if isinstance(value, int) else 1


def _swapped(size: Size) -> Size:
    return size[1], size[0]


def _nearest(size: Size, choices: Sequence[Size]) -> Size:
    def distance(choice: Size) -> float:
        ratio = size[0] * choice[1] / (size[1] * choice[0])
        return round(max(ratio, 1 / ratio), 6)

    return min(choices, key=distance)


def _within(size: Size, longest_side: int) -> Size:
    factor = min(1.0, longest_side / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _scaled(image: Image.Image, target: Size) -> Image.Image:
    """Decode the picture, no larger than needed, and fill ``target`` with its middle."""
    factor = _filling(image.size, target)
    image.draft("RGB", (math.ceil(image.width * factor), math.ceil(image.height * factor)))
    pixels = plain(image)
    factor = _filling(pixels.size, target)
    width = min(pixels.width, target[0] / factor)
    height = min(pixels.height, target[1] / factor)
    left, top = (pixels.width - width) / 2, (pixels.height - height) / 2
    box = (left, top, left + width, top + height)
    return pixels.resize(target, Image.Resampling.LANCZOS, box, reducing_gap=3.0)


def _filling(size: Size, target: Size) -> float:
    return max(target[0] / size[0], target[1] / size[1])


def _save(image: Image.Image, into: Path) -> None:
    part = into.with_name(f"{into.name}.part")
    image.info.clear()
    image.save(part, "JPEG", quality=_QUALITY, subsampling=0)
    part.replace(into)
