"""Picture inputs, really decoded: what claims to be a picture has to be one.

Stands in for: the checks both services run before they take a picture ("Public image URL or
data:image/...;base64", "Optional reference image file"). URLs are fetched from loopback only:
a sandbox never reaches for the internet.
"""

import asyncio
import base64
import binascii
import io
import re
from dataclasses import dataclass

import aiohttp
from PIL import Image
from yarl import URL

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""What is taken, by Pillow's name and MIME type."""

_DATA_URI = re.compile(r"data:(image/[a-z.+-]+);base64,(.*)", re.DOTALL)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MOST_PIXELS = 50_000_000
_PATIENCE = aiohttp.ClientTimeout(total=10)


class NotAPictureError(ValueError):
    """The input is no picture; the text says why, in a client's terms."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture input: its bytes as received, MIME type by content, and size in pixels."""

    data: bytes
    mime: str
    size: tuple[int, int]


async def read_picture(source: str) -> Picture:
    """Read a data URI or a loopback URL.

    Raises:
        NotAPictureError: unreadable, unreachable, or not what its MIME type says.
    """
    if source.startswith("data:"):
        return await _from_data_uri(source)
    return await decode_picture(await _fetch(source))


async def decode_picture(data: bytes) -> Picture:
    """Decode a picture completely, off the event loop.

    Raises:
        NotAPictureError: not a whole JPEG, PNG or WebP of at most 50 megapixels.
    """
    return await asyncio.to_thread(_decode, data)


async def _from_data_uri(source: str) -> Picture:
    match = _DATA_URI.fullmatch(source)
    if match is None:
        raise NotAPictureError("expected data:image/...;base64,...")
    declared, text = match.groups()
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise NotAPictureError("the base64 text cannot be decoded") from None
    picture = await decode_picture(data)
    if picture.mime != declared:
        raise NotAPictureError(f"declared as {declared} but is {picture.mime}")
    return picture


def _decode(data: bytes) -> Picture:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise NotAPictureError("the picture has too many pixels")
            image.load()
            return Picture(data, FORMATS[image.format or ""], image.size)
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPictureError("the file is not a readable JPEG, PNG or WebP picture") from None


async def _fetch(source: str) -> bytes:
    try:
        url = URL(source)
    except ValueError:
        raise NotAPictureError("expected a URL or data:image/...;base64,...") from None
    if url.scheme not in {"http", "https"} or url.host not in _LOOPBACK:
        raise NotAPictureError("the picture could not be fetched (a sandbox sees loopback only)")
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(url, raise_for_status=True, allow_redirects=False) as answer,
        ):
            return await answer.read()
    except (aiohttp.ClientError, TimeoutError):
        raise NotAPictureError("the picture could not be fetched") from None
