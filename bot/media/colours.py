"""Whatever pixels a picture has, as plain opaque sRGB.

Serves step 1 through ``images.py``: sixteen bits, palettes, transparency, print colours and colour
profiles. Never changes a picture's size.
"""

import io

from PIL import Image, ImageCms

_SMOOTH = frozenset({"L", "RGB", "CMYK"})
_WHITE = (255, 255, 255)


def plain(image: Image.Image) -> Image.Image:
    """Return the pixels in a mode that can be scaled smoothly: L, RGB, RGBA or CMYK, 8 bits."""
    if image.mode.startswith("I"):
        # Pillow cuts 16 bits off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in _SMOOTH else image.convert("RGB")


def opaque(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on white: JPEG and the services know no transparency."""
    if image.mode != "RGBA":
        return image
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
