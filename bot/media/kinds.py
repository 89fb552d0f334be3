"""What a file that is no picture seems to be, so that its member learns why it was refused.

Serves step 1 through ``images.py``. A guess for people from the first bytes; nothing is ever
accepted because of it.
"""

from pathlib import Path

DAMAGED = "damaged"
"""The kind of a file that begins like a picture we take; a mark for ``images``, no word to show."""

HEIC = "HEIC"
"""The kind that some operators' bots read and others do not."""

_SNIFFED = 512
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", DAMAGED),
    (b"\x89PNG", DAMAGED),
    (b"GIF8", DAMAGED),
    (b"%PDF", "PDF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"8BPS", "PSD"),
    (b"%!PS", "EPS"),
    (b"icns", "ICNS"),
    (b"ID3", "MP3"),
    (b"OggS", "OGG"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x1a\x45\xdf\xa3", "WebM"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), DAMAGED),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), HEIC),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"), HEIC),
}

_RIFFS = {b"WAVE": "WAV", b"AVI ": "AVI"}


def seems(path: Path) -> str | None:
    """Return the name of the file's format (``HEIC``, ``SVG``, …), ``DAMAGED``, or ``None``."""
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
    for mark, kind in _MARKS:
        if start.startswith(mark):
            return kind
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "MP4")
    if start.startswith(b"RIFF"):
        return _RIFFS.get(start[8:12], DAMAGED)
    return _markup(start)


def _markup(start: bytes) -> str | None:
    text = start.lower()
    if b"<svg" in text:
        return "SVG"
    if b"<html" in text or b"<!doctype html" in text:
        return "HTML"
    return None
