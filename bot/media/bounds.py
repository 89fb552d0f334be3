"""How large a picture may be: asked of its header, before a single pixel is decoded.

Serves step 1 through ``images.py``. Never decodes; a header that lies is caught by the decoder, and
a decoder that is fooled by the walls of the ``darkroom``.
"""

import re
from pathlib import Path

from PIL import Image

from bot.errors import Refusal, Refused
from bot.media.kinds import HEIC, seems

BYTES_LIMIT = 25 * 1024 * 1024
JPEG_MEGAPIXELS = 50
"""JPEG may be larger than the rest: it is shrunk while it is decoded."""
HEIC_MEGAPIXELS = 25
"""What phones call 24 megapixels and save as HEIC has 5712 by 4284 pixels, which is 24.5."""
OTHER_MEGAPIXELS = 24
JPEG_SCANS = 200
"""A progressive JPEG has about ten scans; thousands of them would keep a core busy for minutes."""

_START_OF_JPEG = b"\xff\xd8"
_START_OF_SCAN, _END_OF_JPEG = 0xDA, 0xD9
_SEGMENT = re.compile(rb"\xff+[^\x00\x01\xd0-\xd8\xff]")
"""What begins a part of a JPEG with a length of its own, or ends it; no bytes of a scan look so."""


def check_bytes(source: Path) -> None:
    """Refuse a file that is too large to be opened.

    Raises:
        Refused: ``PICTURE_TOO_LARGE`` with ``limit`` in bytes.
    """
    if source.stat().st_size > BYTES_LIMIT:
        raise Refused(Refusal.PICTURE_TOO_LARGE, limit=BYTES_LIMIT)


def check_header(image: Image.Image, source: Path) -> None:
    """Refuse an opened picture by what its header announces.

    Raises:
        Refused: ``PICTURE_TOO_LARGE`` with ``limit_megapixels``; ``PICTURE_DAMAGED`` for a JPEG of
            more scans than any program writes.
    """
    if image.width * image.height > megapixels_allowed(source) * 1_000_000:
        raise too_many_pixels(source)
    if _is_jpeg(source) and _scans(source) > JPEG_SCANS:
        raise Refused(Refusal.PICTURE_DAMAGED)


def too_many_pixels(source: Path) -> Refused:
    """Return the refusal of a picture whose sides are too long."""
    return Refused(Refusal.PICTURE_TOO_LARGE, limit_megapixels=megapixels_allowed(source))


def megapixels_allowed(source: Path) -> int:
    """Return how many million pixels a file of this kind may have."""
    if _is_jpeg(source):
        return JPEG_MEGAPIXELS
    return HEIC_MEGAPIXELS if seems(source) == HEIC else OTHER_MEGAPIXELS


def _is_jpeg(source: Path) -> bool:
    with source.open("rb") as file:
        return file.read(2) == _START_OF_JPEG


def _scans(source: Path) -> int:
    """Count the scans up to the picture's end: behind it, phones keep a little film."""
    data, at, scans = source.read_bytes(), len(_START_OF_JPEG), 0
    while (mark := _SEGMENT.search(data, at)) is not None:
        at = mark.end()
        if data[at - 1] == _END_OF_JPEG:
            break
        scans += data[at - 1] == _START_OF_SCAN
        at += int.from_bytes(data[at : at + 2])
    return scans
