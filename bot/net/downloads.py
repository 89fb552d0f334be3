"""Brings a file from outside to the disk: capped in size and time, from allowed places only.

Serves the fetch of a member's picture (step 1) and of the finished film (step 5). Never sends the
caller's headers to another origin than the one asked first, and never leaves half a file behind.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx

from bot.errors import AddressRefused, Gone, Interrupted, TooLarge, WrongContent
from bot.net.addresses import Origin, Resolver, resolve_host
from bot.net.client import build_client
from bot.net.guard import GuardedTransport, pinned_transport
from bot.net.part_file import PartFile
from bot.net.unpacking import is_packed, pieces

log = logging.getLogger(__name__)

Accept = Callable[[bytes], bool]
"""Is shown how the file begins (up to 256 KiB) and says whether that is what was promised."""

Inspect = Callable[[httpx.Response], Awaitable[None]]
"""Is shown the final answer before its body is read; may read it and raise its own error."""

_PIECE = 256 * 1024
STALL = timedelta(minutes=1)
"""A piece that takes longer is not worth the place: less than five kilobytes a second."""
_MOST_REDIRECTS = 3
_GONE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, slots=True)
class _Wish:
    url: str
    max_bytes: int
    headers: Mapping[str, str]
    accept: Accept | None
    inspect: Inspect | None


class Downloads:
    """Guarded downloads. ``trusted_origins`` may be http and private: the operator chose them."""

    def __init__(
        self,
        trusted_origins: Iterable[str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolver = resolve_host,
        user_agent: str | None = None,
        stall: timedelta = STALL,
    ) -> None:
        """Build the guard around ``transport`` (none: the network).

        ``stall`` is the longest that 256 KiB of a body may take.

        Raises:
            AddressRefused: a trusted origin is no http(s) address.
        """
        trusted = [Origin.of(url) for url in trusted_origins]
        guard = GuardedTransport(transport or pinned_transport(), trusted, resolve)
        self._http = build_client(guard, user_agent=user_agent)
        self._stall = stall.total_seconds()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def to_file(
        self,
        url: str,
        into: Path,
        *,
        max_bytes: int,
        deadline: timedelta,
        headers: Mapping[str, str] | None = None,
        accept: Accept | None = None,
        inspect: Inspect | None = None,
    ) -> int:
        """Download ``url`` to the file ``into`` (its folder exists) and return its size in bytes.

        Args:
            url: an absolute address; https, or of a trusted origin.
            into: appears only when the file is whole; an older one is replaced.
            max_bytes: the most the file may have, counted after decoding.
            deadline: the time for all of it, redirects included.
            headers: sent to the origin of ``url`` only.
            accept: looks at the first bytes.
            inspect: looks at the final answer before its status is judged.

        Raises:
            AddressRefused: the address, or one it redirects to, is forbidden.
            Gone: 403, 404 or 410.
            TooLarge: more than ``max_bytes``; at once where the length is announced.
            WrongContent: ``accept`` said no.
            Interrupted: anything that may succeed another time.
        """
        wish = _Wish(url, max_bytes, headers or {}, accept, inspect)
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                return await self._bring(wish, into)
        except TimeoutError as error:
            raise Interrupted(f"too slow: it had {deadline}") from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Interrupted(type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise AddressRefused("not an address") from error
        except OSError as error:
            # The disk, not the network: full disks are emptied, so this may succeed another time.
            log.exception("A download could not be written")
            raise Interrupted(f"the disk refused: {error.strerror}") from error

    async def _bring(self, wish: _Wish, into: Path) -> int:
        response = await self._final_answer(wish)
        try:
            if wish.inspect is not None:
                await wish.inspect(response)
            _judge(response, wish.max_bytes)
            return await self._save(response, wish, into)
        finally:
            await response.aclose()

    async def _save(self, response: httpx.Response, wish: _Wish, into: Path) -> int:
        size, now = 0, asyncio.get_running_loop().time
        async with PartFile(into) as part, asyncio.timeout(self._stall) as patience:
            async for piece in pieces(response, _PIECE):
                if size == 0:
                    _check_start(wish.accept, piece, response)
                size += len(piece)
                if size > wish.max_bytes:
                    raise TooLarge(wish.max_bytes)
                await part.write(piece)
                patience.reschedule(now() + self._stall)
            _check_whole(response, size)
            if size == 0:
                _check_start(wish.accept, b"", response)
            await part.keep()
        return size

    async def _final_answer(self, wish: _Wish) -> httpx.Response:
        first = Origin.of(wish.url)
        url = httpx.URL(wish.url)
        for _ in range(_MOST_REDIRECTS + 1):
            own = wish.headers if Origin.of(url) == first else {}
            # Not compressed: the announced length is then the length of the file.
            headers = {"Accept-Encoding": "identity", **own}
            request = self._http.build_request("GET", url, headers=headers)
            response = await self._http.send(request, stream=True)
            log.debug("GET %s%s: %d", url.host, url.path, response.status_code)
            if not response.has_redirect_location:
                return response
            await response.aclose()
            url = url.join(response.headers["Location"])
        raise Interrupted(f"more than {_MOST_REDIRECTS} redirects")


def looks_like_mp4(start: bytes) -> bool:
    """Tell whether a file that begins with ``start`` is an MP4: ``ftyp`` at bytes 4 to 8."""
    return start[4:8] == b"ftyp"


def _judge(response: httpx.Response, max_bytes: int) -> None:
    status = response.status_code
    if status in _GONE:
        raise Gone(f"HTTP {status}")
    if status != HTTPStatus.OK:
        raise Interrupted(f"HTTP {status}")
    announced = _announced(response)
    if announced is not None and announced > max_bytes:
        raise TooLarge(max_bytes)


def _announced(response: httpx.Response) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdecimal() else None


def _check_start(accept: Accept | None, start: bytes, response: httpx.Response) -> None:
    if accept is not None and not accept(start):
        kind = response.headers.get("Content-Type", "of no stated type")
        raise WrongContent(f"the file is {kind[:60]}")


def _check_whole(response: httpx.Response, size: int) -> None:
    announced = _announced(response)
    if announced is not None and not is_packed(response) and size != announced:
        raise Interrupted(f"{size} of {announced} bytes arrived")
