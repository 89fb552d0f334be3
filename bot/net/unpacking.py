"""The body of an answer in pieces, also where a server packed it although it was asked not to.

Serves downloads. Never holds more than one piece: a few packed bytes can stand for gigabytes.
"""

import zlib
from collections.abc import AsyncIterator

import httpx

from bot.errors import Interrupted

_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = zlib.MAX_WBITS | 32


def is_packed(response: httpx.Response) -> bool:
    """Tell whether the announced length is not that of the file."""
    return _coding(response) not in _PLAIN


async def pieces(response: httpx.Response, size: int) -> AsyncIterator[bytes]:
    """Yield the body, unpacked, in pieces of at most ``size`` bytes.

    Raises:
        Interrupted: it is packed in a way we do not know, or cannot be unpacked.
    """
    coding = _coding(response)
    if coding in _PLAIN:
        async for piece in response.aiter_bytes(size):
            yield piece
        return
    if coding not in _PACKED:
        raise Interrupted(f"packed as {coding[:20]!r}")
    unpacker = zlib.decompressobj(_EITHER_HEADER)
    async for packed in response.aiter_raw(size):
        rest = packed
        while True:
            try:
                piece = unpacker.decompress(rest, size)
            except zlib.error as error:
                raise Interrupted("it cannot be unpacked") from error
            rest = unpacker.unconsumed_tail
            if piece:
                yield piece
            if not rest and len(piece) < size:
                break
    if not unpacker.eof:
        raise Interrupted("it ends before its end")


def _coding(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Encoding", "")).strip().lower()
