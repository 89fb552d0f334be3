"""Stands in for what a message can carry beside its files: custom emoji, stickers, link previews.

It never fetches a link: a preview's picture is handed in, as if Discord had copied it already.
"""

import hashlib
import io
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from sandbox.discord.uploads import Upload

_KINDS = {"png": "PNG", "webp": "WEBP", "gif": "GIF"}


class StickerFormat(IntEnum):
    """Discord's sticker formats."""

    PNG = 1
    APNG = 2
    LOTTIE = 3
    GIF = 4


@dataclass(frozen=True)
class Emoji:
    """A custom emoji of a server; the CDN serves it in the type that is asked for."""

    id: int
    name: str
    data: bytes = field(repr=False)
    animated: bool = False

    @property
    def markup(self) -> str:
        """What stands for it in a message's text."""
        return f"<{'a' * self.animated}:{self.name}:{self.id}>"

    def file(self, kind: str) -> tuple[bytes, str] | None:
        """Return bytes and media type of its first frame; None where there is no such file."""
        if kind not in _KINDS or (kind == "gif" and not self.animated):
            return None
        converted = io.BytesIO()
        with Image.open(io.BytesIO(self.data)) as image:
            image.convert("RGBA").save(converted, _KINDS[kind])
        return converted.getvalue(), f"image/{kind}"


@dataclass(frozen=True)
class Sticker:
    """A sticker; the CDN serves it as it was uploaded."""

    id: int
    name: str
    data: bytes = field(repr=False)
    format: StickerFormat = StickerFormat.PNG

    @property
    def suffix(self) -> str:
        """What its file's name ends with."""
        ends = {StickerFormat.LOTTIE: "json", StickerFormat.GIF: "gif"}
        return ends.get(self.format, "png")

    @property
    def item(self) -> dict[str, Any]:
        """How a message names it."""
        return {"id": str(self.id), "name": self.name, "format_type": int(self.format)}


@dataclass(frozen=True)
class Preview:
    """What Discord shows of a link: its own copy of the picture there.

    Attributes:
        link: What somebody wrote.
        picture: Discord's copy; None: there is none, and only the original's address is known.
        shown_as: `image` or `thumbnail`: the part of the embed that has the picture.
    """

    link: str
    picture: Upload | None = field(default=None, repr=False)
    shown_as: str = "thumbnail"

    @property
    def path(self) -> str:
        """The path of Discord's copy."""
        parts = urlsplit(self.link)
        seal = hashlib.sha256(self.link.encode()).hexdigest()[:40]
        return f"/external/{seal}/{parts.scheme}/{parts.netloc}{parts.path}"

    def embed(self, origin: str) -> dict[str, Any]:
        """Write the embed; `origin` is where Discord keeps its copies."""
        picture: dict[str, Any] = {"url": self.link, "width": 320, "height": 180}
        if self.picture is not None:
            picture["proxy_url"] = f"{origin}{self.path}"
        kind = "image" if self.shown_as == "thumbnail" else "rich"
        return {"type": kind, "url": self.link, self.shown_as: picture}
