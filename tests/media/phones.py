"""Photos as phones save them, in HEIC: made by the encoder that comes along with its decoder."""

import io
import struct
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms

from tests.media.crafting import drawn

pillow_heif.register_heif_opener()


def heic(image: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as a HEIC."""
    file = io.BytesIO()
    (image or drawn((200, 200))).save(file, "HEIF", **options)
    return file.getvalue()


def turned(orientation: int) -> bytes:
    """Return EXIF with an orientation; in a HEIC it is written into the container as well."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif.tobytes()


def turned_by_exif_alone(image: Image.Image, orientation: int) -> bytes:
    """Return a HEIC whose container knows nothing of the orientation that EXIF tells."""
    return heic(image, exif=turned(1)).replace(turned(1), turned(orientation))


def deep(mode: str, pixel: bytes) -> bytes:
    """Return a HEIC of 10 bits in one colour: `L;16` or `RGB;16`, and a pixel of such."""
    file = io.BytesIO()
    pillow_heif.from_bytes(mode, (80, 40), pixel * 80 * 40).save(file)
    return file.getvalue()


def claiming(width: int, height: int) -> bytes:
    """Return a HEIC whose container claims another size than its stream."""
    data = bytearray(heic())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


def profile_that_swaps() -> bytes:
    """Return a colour profile by which red is blue and blue is red."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    halves = plain.replace(b"rXYZ", b"?XYZ", 1).replace(b"bXYZ", b"rXYZ", 1)
    return halves.replace(b"?XYZ", b"bXYZ", 1)
