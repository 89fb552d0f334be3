"""A small real picture as an upload."""

import io

from PIL import Image

from sandbox.discord import Upload


def picture(name: str = "fox.png", colour: tuple[int, int, int] = (200, 80, 40)) -> Upload:
    """Return a picture that can be decoded."""
    packed = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(packed, "PNG")
    return Upload(name, packed.getvalue())
