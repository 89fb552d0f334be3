"""Whatever pixels a picture has, as plain opaque sRGB.

Serves step 1 through ``images.py``: sixteen bits, palettes, transparency, print colours and colour
profiles. Never holds a second copy in full size of a picture that will be made smaller anyway.
"""

import io
import math

from PIL import Image, ImageCms

_SMOOTH = frozenset({"L", "RGB", "CMYK"})
_WHITE = (255, 255, 255)
_BAND = 64
"""Rows of the smaller picture that are made at a time."""
_SPARE = 1.25
"""How much larger than needed the smaller picture stays, for the fine scaling that follows."""


def coarse(image: Image.Image, factor: float) -> Image.Image:
    """Return the pixels in L, RGB or CMYK, opaque, 8 bits, shrunk by a whole number if need be.

    Args:
        image: decoded, in any mode.
        factor: what it will be scaled by in the end.
    """
    by = max(1, math.floor(1 / (factor * _SPARE)))
    if by == 1 and _is_plain(image):
        return image
    small = None
    step = _BAND * by
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(image.height, top + step)))
        pixels = _plain(band)
        if small is None:
            size = math.ceil(image.width / by), math.ceil(image.height / by)
            small = Image.new(pixels.mode, size)
        small.paste(pixels.reduce(by), (0, top // by))
    return small or image


def _is_plain(image: Image.Image) -> bool:
    return image.mode in _SMOOTH and not image.has_transparency_data


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels in a mode that can be scaled smoothly: L, RGB or CMYK, 8 bits."""
    if image.mode.startswith("I"):
        # Pillow cuts 16 bits off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    return image if image.mode in _SMOOTH else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on white: JPEG and the services know no transparency."""
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Translate the colours to sRGB, for the profile is removed with the other metadata."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            translated = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            translated = None  # a broken profile is no reason to refuse the picture
        if translated is not None:
            return translated
    return image.convert("RGB")
