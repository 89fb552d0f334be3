"""The kinds of files that members have, each with all the metadata that it can carry.

What a kind is refused with stands here word for word: it is what members read.
"""

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.media.crafting import chunk, png
from tests.media.phones import heic
from tests.ways.marker import BLUE, RED, WHITE, YELLOW, Marker
from tests.ways.row import Format

SECRET = "Canary Street 7"
"""Stands in all metadata; never in what a service receives."""
UPRIGHT, UPSIDE_DOWN, ON_ITS_SIDE = 1, 3, 6
"""Values of EXIF's orientation."""

NO_PICTURE = (
    "That looks like {}, not like a picture I can read. Save it as JPEG or PNG and"
    " upload that; WebP, GIF and AVIF work too."
)
DAMAGED = (
    "That picture is damaged: I can't read it to its end. Save or export it again and upload it."
)

WIDE, BROAD, TALL = Marker((320, 180)), Marker((360, 240)), Marker((180, 320))
HALF_CLEAR = Marker(WIDE.size, (RED, WHITE, BLUE, YELLOW))
"""On white: its second corner is transparent."""


def _file(kind: str, image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _private(orientation: int = UPRIGHT) -> dict[str, Any]:
    """Return what a camera and an editor write into a file."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = SECRET.encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    return {"exif": exif.tobytes(), "icc_profile": profile, "xmp": xmp}


def _jpeg(marker: Marker) -> bytes:
    return _file("JPEG", marker.draw(), comment=SECRET, **_private())


def _jpeg_on_its_side(marker: Marker) -> bytes:
    turned = marker.draw().transpose(Image.Transpose.ROTATE_90)
    return _file("JPEG", turned, progressive=True, **_private(ON_ITS_SIDE))


def _cmyk(marker: Marker) -> bytes:
    return _file("JPEG", marker.draw().convert("CMYK"), comment=SECRET)


def _half_a_jpeg(marker: Marker) -> bytes:
    whole = _jpeg(marker)
    return whole[: len(whole) - 400]


def _png(marker: Marker) -> bytes:
    info = PngInfo()
    info.add_text("Author", SECRET)
    private = _private()
    info.add_itxt("XML:com.adobe.xmp", private.pop("xmp").decode())
    return _file("PNG", marker.draw(), pnginfo=info, **private)


def _clear(marker: Marker) -> Image.Image:
    """Draw a marker whose second corner is nothing, in black."""
    image = marker.draw().convert("RGBA")
    across, down = image.width // 2, image.height // 2
    image.paste((0, 0, 0, 0), (across, 0, 2 * across, down))
    return image


def _clear_png(marker: Marker) -> bytes:
    return _file("PNG", _clear(marker))


def _palette(marker: Marker) -> bytes:
    return _file("PNG", marker.draw().quantize(16))


def _sixteen_bits(marker: Marker) -> bytes:
    width, height = marker.size
    samples = marker.draw().tobytes()
    deep = struct.pack(f">{len(samples)}H", *(sample * 257 for sample in samples))
    rows = [deep[row * width * 6 : (row + 1) * width * 6] for row in range(height)]
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return png((width, height, 16, 2), pixels, chunk(b"tEXt", b"Author\0" + SECRET.encode()))


def _moving(kind: str, marker: Marker, **options: Any) -> bytes:
    """Return an animation that begins with the marker and goes on in white."""
    rest = [Image.new("RGB", marker.size, WHITE)]
    return _file(kind, marker.draw(), save_all=True, append_images=rest, **options)


def _webp_upside_down(marker: Marker) -> bytes:
    turned = marker.draw().transpose(Image.Transpose.ROTATE_180)
    return _file("WEBP", turned, **_private(UPSIDE_DOWN))


def _clear_webp(marker: Marker) -> bytes:
    return _file("WEBP", _clear(marker), lossless=True)


def _avif(marker: Marker) -> bytes:
    return _file("AVIF", marker.draw(), speed=10, **_private())


def _heic(marker: Marker) -> bytes:
    turned = marker.draw().transpose(Image.Transpose.ROTATE_90)
    return heic(turned, **_private(ON_ITS_SIDE))


def _svg(marker: Marker) -> bytes:
    return b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='8' height='8'/></svg>"


def _pdf(marker: Marker) -> bytes:
    return b"%PDF-1.7\n" + _jpeg(marker)


PHOTO, PAINTING = "photo.jpg", "painting.png"
PNG = Format("PNG", PAINTING, "image/png", _png, BROAD)
CLEAR_PNG = Format("transparent PNG", PAINTING, "image/png", _clear_png, HALF_CLEAR)
PALETTE_PNG = Format("PNG with a palette", PAINTING, "image/png", _palette, TALL)
DEEP_PNG = Format("PNG of 16 bits", PAINTING, "image/png", _sixteen_bits, WIDE)
APNG = Format("moving PNG", PAINTING, "image/png", lambda m: _moving("PNG", m), TALL)
GIF = Format("GIF", "still.gif", "image/gif", lambda m: _file("GIF", m.draw()), WIDE)
MOVING_GIF = Format("moving GIF", "party.gif", "image/gif", lambda m: _moving("GIF", m), BROAD)

FORMATS = (
    Format("JPEG", PHOTO, "image/jpeg", _jpeg, WIDE),
    Format("progressive JPEG on its side", PHOTO, "image/jpeg", _jpeg_on_its_side, TALL),
    Format("JPEG in CMYK", PHOTO, "image/jpeg", _cmyk, BROAD),
    PNG,
    CLEAR_PNG,
    PALETTE_PNG,
    DEEP_PNG,
    APNG,
    Format("WebP upside down", "photo.webp", "image/webp", _webp_upside_down, TALL),
    Format("transparent WebP", "cut.webp", "image/webp", _clear_webp, HALF_CLEAR),
    Format("moving WebP", "clip.webp", "image/webp", lambda m: _moving("WEBP", m), BROAD),
    GIF,
    MOVING_GIF,
    Format("AVIF", "photo.avif", "image/avif", _avif, WIDE),
    Format("HEIC on its side", "phone.heic", "image/heic", _heic, BROAD),
    Format("SVG", "logo.svg", "image/svg+xml", _svg, WIDE, NO_PICTURE.format("SVG")),
    Format("PDF", "page.pdf", "application/pdf", _pdf, WIDE, NO_PICTURE.format("PDF")),
    Format("half a JPEG", PHOTO, "image/jpeg", _half_a_jpeg, WIDE, DAMAGED),
)
