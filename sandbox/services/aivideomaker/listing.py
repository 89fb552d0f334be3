"""The list of all of a key's tasks, written while it is being read.

Stands in for: `GET /api/v1/tasks`, newest first, without pages. A long list is never built whole:
a client that has seen enough hangs up, and the rest is neither made nor sent.
"""

import json
import socket
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.services.clock import iso
from sandbox.services.jobs import Job

if TYPE_CHECKING:
    from sandbox.services.aivideomaker.service import AiVideoMaker

_SHORT = 100
"""Entries that are sent as one answer with a length, as small lists are."""
_PIECE = 8 * 1024
_AHEAD = 32 * 1024
_REMEMBERED = 2000
_APART = timedelta(minutes=1)


class Listing:
    """Writes the list; `spell` turns a job into its entry.

    Attributes:
        sizes: bytes of each of the last lists that were sent before the client hung up.
    """

    def __init__(self, service: "AiVideoMaker", spell: Callable[[Job], dict[str, object]]) -> None:
        self._service = service
        self._spell = spell
        self.sizes: deque[int] = deque(maxlen=_REMEMBERED)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with the list of the request's key."""
        jobs = self._service.jobs.of(request.headers["key"])[::-1]
        entries = self._entries(jobs)
        if len(jobs) + self._service.quirks.history > _SHORT:
            return await self._stream(request, entries)
        whole = web.json_response({"tasks": list(entries)})
        self.sizes.append(len(whole.body) if isinstance(whole.body, bytes) else 0)
        return whole

    async def _stream(self, request: web.Request, entries: Iterator[object]) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
        await answer.prepare(request)
        _send_little_ahead(request)
        size = 0
        try:
            for piece in _pieces(entries):
                await answer.write(piece)
                size += len(piece)
            await answer.write_eof()
        except ConnectionError:  # it has seen enough
            pass
        finally:
            self.sizes.append(size)
        return answer

    def _entries(self, jobs: list[Job]) -> Iterator[object]:
        """Spell the entries one by one: a look at a task is what was really sent of it."""
        quirks = self._service.quirks
        shown = jobs[: quirks.list_cap]
        for place, job in enumerate(shown):
            if place == len(shown) // 2:
                yield from quirks.list_noise
            yield self._spell(job)
        if not shown:
            yield from quirks.list_noise
        yield from self._history(jobs[-1] if jobs else None)

    def _history(self, oldest: Job | None) -> Iterator[object]:
        """Make up finished tasks, each a minute older than the one before."""
        made = oldest.create.at if oldest else self._service.clock()
        for number in range(self._service.quirks.history):
            made -= _APART
            task_id = f"ckhistory{number:016d}"
            yield {
                "id": task_id,
                "createdAt": iso(made),
                "model": "t2v",
                "input": {"prompt": f"An old film, number {number}", "aspectRatio": "16:9"},
                "output": {"url": f"{self._service.files_url}/files/{task_id}.mp4"},
                "status": "COMPLETED",
                "completedAt": iso(made + _APART),
            }


def _pieces(entries: Iterator[object]) -> Iterator[bytes]:
    """Yield the list's JSON in pieces of some size."""
    piece, comma = bytearray(b'{"tasks": ['), b""
    for entry in entries:
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
        piece += comma + json.dumps(entry).encode()
        comma = b", "
    yield bytes(piece + b"]}")


def _send_little_ahead(request: web.Request) -> None:
    """Keep the buffers small, or megabytes would leave before the client's hanging up is heard."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AHEAD)
