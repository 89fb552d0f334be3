"""One HTTP answer, read whole and decoded once.

Serves every query (steps 3 to 5). Never raises for what a service wrote: a body that is no JSON is
an answer without a document.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx

_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of one answer."""

    status: int
    headers: httpx.Headers
    body: object
    """The decoded JSON; ``None`` where the body is none."""
    text: str
    """How the body begins, for words that came without JSON."""

    @property
    def good(self) -> bool:
        """Tell whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def document(self) -> Mapping[str, object] | None:
        """The body where it is a JSON object."""
        return self.body if isinstance(self.body, dict) else None


async def read_answer(response: httpx.Response) -> Answer:
    """Read ``response`` to its end, or to 8 MiB: no answer of a service is longer.

    Raises:
        httpx.TransportError: the answer broke off.
    """
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            break
    text = body[:10_000].decode("utf-8", errors="replace")
    return Answer(response.status_code, response.headers, _json(bytes(body)), text)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
