"""Stands in for the pictures that accounts wear: as their own, in one server, or Discord's default.

It never scales one: whatever size is asked for, it is served as it was uploaded.
"""

import hashlib
import io
from dataclasses import dataclass, field

from PIL import Image

_DEFAULTS = ("#5865f2", "#757e8a", "#3ba55c", "#faa61a", "#ed4245", "#eb459f")
_DEFAULT_SIZE = (256, 256)


@dataclass(frozen=True)
class Avatar:
    """A picture that somebody wears.

    Attributes:
        still: A PNG; of a moving one, its first frame.
        moving: A GIF, if it moves.
    """

    still: bytes = field(repr=False)
    moving: bytes | None = field(default=None, repr=False)

    @property
    def hash(self) -> str:
        """Its name on the CDN; one that moves begins with `a_`."""
        digest = hashlib.md5(self.still + (self.moving or b""), usedforsecurity=False).hexdigest()
        return f"a_{digest}" if self.moving is not None else digest

    def file(self, name: str) -> tuple[bytes, str] | None:
        """Return bytes and media type of a file of it; None where there is no such file."""
        if name == f"{self.hash}.png":
            return self.still, "image/png"
        if name == f"{self.hash}.gif" and self.moving is not None:
            return self.moving, "image/gif"
        return None


def default_avatar(number: int) -> bytes:
    """Return the PNG that Discord shows for who has uploaded none."""
    plain = io.BytesIO()
    Image.new("RGB", _DEFAULT_SIZE, _DEFAULTS[number]).save(plain, "PNG")
    return plain.getvalue()
