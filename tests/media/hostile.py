"""The table of pictures that are none, are broken, or want to hurt, and what becomes of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PIL import Image

from bot.errors import FieldValue, Refusal
from tests.media.crafting import (
    MEBIBYTE,
    avif_claiming,
    drawn,
    faded_jpeg,
    gif,
    half,
    jpeg_claiming,
    jpeg_of_many_scans,
    packed_zeros,
    png,
    rows,
    saved,
    scrambled,
    webp_claiming,
    white_desert,
    with_chunk,
    zipped,
)
from tests.media.phones import claiming, heic

FINE = None
"""The end of a file that is only odd."""


@dataclass(frozen=True)
class Row:
    """A file and its end; a `heavy` one takes seconds or megabytes, and waits for the long run."""

    name: str
    make: Callable[[], bytes] = field(repr=False)
    refusal: Refusal | None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    heavy: bool = False


def _damaged(name: str, make: Callable[[], bytes]) -> Row:
    return Row(name, make, Refusal.PICTURE_DAMAGED)


def _no_picture(kind: str | None, name: str, content: bytes) -> Row:
    return Row(name, lambda: content, Refusal.NOT_A_PICTURE, {"kind": kind})


def _too_large(megapixels: int, name: str, make: Callable[[], bytes]) -> Row:
    return Row(name, make, Refusal.PICTURE_TOO_LARGE, {"limit_megapixels": megapixels})


def _fine(name: str, make: Callable[[], bytes]) -> Row:
    return Row(name, make, FINE)


FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
PAGE = b"<!doctype html><html><body>404</body></html>"

BROKEN = [
    *(_damaged(f"half a {kind}", partial(half, kind)) for kind in FORMATS),
    *(_damaged(f"a scrambled {kind}", partial(scrambled, kind)) for kind in ("GIF", "AVIF")),
    _damaged("a PNG that does not unpack", lambda: png((8, 8, 8, 2), bytes(200))),
    _damaged("a WebP without its mark", lambda: saved("WEBP").replace(b"VP8 ", b"VP9 ", 1)),
    _damaged("a JPEG without tables", lambda: saved("JPEG")[:20] + b"\xff\xda" + bytes(500)),
    _damaged("the start of a JPEG", lambda: b"\xff\xd8\xff\xe0"),
    _damaged("the start of a PNG", lambda: b"\x89PNG\r\n\x1a\n"),
    _damaged("the start of a WebP", lambda: b"RIFF\x24\0\0\0WEBPVP8 "),
    _damaged("the start of a GIF", lambda: b"GIF89a"),
    _damaged("the start of an AVIF", lambda: b"\0\0\0\x1cftypavif"),
    _damaged("half a HEIC", lambda: heic()[: len(heic()) // 2]),
    _damaged("a scrambled HEIC", lambda: heic()[:64] + bytes(range(256)) * 80),
    _damaged("a HEIC of no size", partial(claiming, 0, 0)),
    _damaged("a HEIC that is larger than it claims", partial(claiming, 8, 8)),
    _damaged("the start of a HEIC", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)),
    _damaged("less of a HEIC", lambda: b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
    _damaged("a PNG without pixels", lambda: png((64, 64, 8, 2), b"")),
    _damaged("a PNG of no size", lambda: png((0, 0, 8, 2), rows(1, 1))),
    _damaged("a PNG of no colour type", lambda: png((8, 8, 8, 5), rows(8, 8))),
    _damaged("a WebP with a larger canvas", lambda: webp_claiming(4000, 4000)),
]

SOMETHING_ELSE = [
    _no_picture("ZIP", "zip.png", zipped()),
    _no_picture("HTML", "page.png", PAGE),
    _no_picture("SVG", "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    _no_picture("SVG", "bomb.svg", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'x'>]><svg/>"),
    _no_picture("PDF", "page.pdf.png", b"%PDF-1.7\n" + saved("JPEG")),
    _no_picture("ELF", "program.png", b"\x7fELF\x02\x01\x01" + bytes(64)),
    _no_picture("EXE", "program.jpg", b"MZ\x90\0" + bytes(64)),
    _no_picture("GZIP", "packed.png", b"\x1f\x8b\x08" + bytes(16)),
    _no_picture("MP4", "film.png", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    _no_picture("BMP", "paint.bmp", saved("BMP")),
    _no_picture("TIFF", "scan.tiff", saved("TIFF")),
    _no_picture("ICO", "icon.png", saved("ICO")),
    _no_picture("ICNS", "icon.icns", b"icns" + bytes(32)),
    _no_picture("PSD", "layers.png", b"8BPS\0\x01" + bytes(32)),
    _no_picture("EPS", "print.png", b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n"),
    _no_picture("JPEG XL", "new.png", b"\xff\x0a" + bytes(32)),
    _no_picture("JPEG 2000", "old.png", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(32)),
    _no_picture("WAV", "song.png", b"RIFF\x24\0\0\0WAVEfmt " + bytes(32)),
    _no_picture("OGG", "song.jpg", b"OggS" + bytes(32)),
    _no_picture(None, "drawing.png", b'{"v":"5.5.2","layers":[]}'),
    _no_picture(None, "notes.png", b"just words"),
    _no_picture(None, "portable.png", saved("PPM")),
    _no_picture(None, "nothing.png", b""),
    _no_picture(None, "zeros.png", bytes(100_000)),
    _no_picture("HTML", "page-then-picture.png", PAGE + saved("PNG")),
]

BOMBS = [
    _too_large(24, "20,000 x 20,000 pixels in 200 kB", white_desert),
    _too_large(
        24, "a PNG that claims four thousand megapixels", lambda: png((65535,) * 2 + (8, 2), b"")
    ),
    _too_large(50, "a JPEG that claims 65,535 x 65,535", partial(jpeg_claiming, 65535, 65535)),
    _too_large(50, "a JPEG that claims 51 megapixels", partial(jpeg_claiming, 7200, 7100)),
    _too_large(24, "a GIF with a screen of 65,535 x 65,535", partial(gif, (65535,) * 2, (8, 8))),
    _too_large(
        24, "a GIF whose frame is larger than its screen", partial(gif, (8, 8), (60000,) * 2)
    ),
    _too_large(24, "a WebP that claims 16,384 x 16,384", partial(webp_claiming, 16384, 16384)),
    _too_large(24, "an AVIF that claims 16,000 x 16,000", partial(avif_claiming, 16000, 16000)),
    _too_large(25, "a HEIC that claims 16,000 x 16,000", partial(claiming, 16000, 16000)),
    _damaged("a JPEG of 1,000 progressive scans", partial(jpeg_of_many_scans, progressive=True)),
    _damaged("a JPEG of 1,000 plain scans", partial(jpeg_of_many_scans, progressive=False)),
    _damaged("text that unpacks to 8 MB", lambda: with_chunk(b"zTXt", b"a\0\0" + packed_zeros(8))),
    _damaged(
        "more text that unpacks to 8 MB",
        lambda: with_chunk(b"iTXt", b"a\0\x01\0\0\0" + packed_zeros(8)),
    ),
    _damaged(
        "a profile that unpacks to 8 MB", lambda: with_chunk(b"iCCP", b"a\0\0" + packed_zeros(8))
    ),
    Row(
        "26 MB behind the picture",
        lambda: saved("PNG") + bytes(26 * MEBIBYTE),
        Refusal.PICTURE_TOO_LARGE,
        {"limit": 25 * MEBIBYTE},
        heavy=True,
    ),
]

ODD = [
    _fine("a JPEG with a hole", faded_jpeg),
    _fine("a GIF with 10,000 frames", partial(gif, (8, 8), (8, 8), 10_000)),
    _fine("a PNG with a chunk of 1 MB", lambda: with_chunk(b"prVt", bytes(MEBIBYTE))),
    _fine("a PNG with more rows than it says", lambda: png((8, 8, 8, 2), rows(8, 800))),
    _fine("a PNG with fewer rows than it says", lambda: png((64, 64, 8, 2), rows(64, 8))),
    _fine("CMYK", lambda: saved("JPEG", drawn(mode="CMYK"))),
    _fine("sixteen bits of grey", lambda: saved("PNG", Image.new("I;16", (64, 48), 30_000))),
    _fine("sixteen bits a colour", lambda: png((8, 8, 16, 2), rows(16, 8))),
    _fine("one bit", lambda: saved("PNG", drawn(mode="1"))),
    _fine("a palette with transparency", lambda: saved("PNG", drawn(mode="P"), transparency=0)),
    _fine("two pictures in one", lambda: saved("MPO", save_all=True, append_images=[drawn()])),
    _fine("a picture, then an archive", lambda: saved("JPEG") + zipped()),
    _fine("a picture, then a page", lambda: saved("PNG") + PAGE),
    _fine("one pixel", lambda: saved("PNG", drawn((1, 1)))),
    _fine("1 x 10,000 pixels", lambda: saved("PNG", drawn((1, 10_000)))),
    _fine("nonsense for EXIF", lambda: saved("JPEG", exif=b"Exif\0\0XX*\0\xff\xff\xff\xff")),
]

ROWS = [*BROKEN, *SOMETHING_ELSE, *BOMBS, *ODD]
LIGHT = [row for row in ROWS if not row.heavy]
