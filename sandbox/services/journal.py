"""What a stand-in received, kept for assertions: every request, decoded once, before anything else.

Stands in for: nothing; a real service keeps this to itself. It remembers the last two thousand
requests with their bodies and real header values, keys included, in memory only.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler
from multidict import CIMultiDictProxy

from sandbox.services.clock import Clock

_REMEMBERED = 2000


@dataclass(frozen=True)
class Part:
    """One field of a form: `filename` and `content_type` are None where the client sent none."""

    name: str
    data: bytes
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True)
class Seen:
    """One request as it arrived.

    Attributes:
        at: when (aware UTC).
        query: the query string's fields.
        json: the decoded JSON body; None where the body is not JSON.
        form: the multipart fields in order; None where the body is not a readable form.
    """

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    headers: CIMultiDictProxy[str]
    body: bytes = b""
    json: object = None
    form: tuple[Part, ...] | None = None


_SEEN = web.RequestKey("seen", Seen)


class Journal:
    """Writes down every request of one origin; `clock` dates them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: deque[Seen] = deque(maxlen=_REMEMBERED)

    @property
    def requests(self) -> list[Seen]:
        """What arrived, oldest first."""
        return list(self._seen)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Read the whole request, write it down, then let it go on."""
        form = await _form(request) if _is_form(request) else None
        body = b"" if _is_form(request) else await request.read()
        seen = Seen(
            at=self._clock(),
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=request.headers,
            body=body,
            json=_json(body),
            form=form,
        )
        self._seen.append(seen)
        request[_SEEN] = seen
        return await handler(request)


def seen(request: web.Request) -> Seen:
    """Return what the journal wrote down about this request."""
    return request[_SEEN]


def _is_form(request: web.Request) -> bool:
    return request.content_type == "multipart/form-data"


def _json(body: bytes) -> object:
    try:
        document: object = json.loads(body)
    except ValueError:
        return None
    return document


async def _form(request: web.Request) -> tuple[Part, ...] | None:
    parts: list[Part] = []
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                return None
            parts.append(await _part(part))
    except ValueError:  # no boundary, or a body that does not keep to it
        return None
    return tuple(parts)


async def _part(part: BodyPartReader) -> Part:
    data = bytes(await part.read())
    return Part(part.name or "", data, part.filename, part.headers.get("Content-Type"))
