"""A tiny world for one provider: scripted answers by route, a record of requests, a fake clock."""

import asyncio
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from PIL import Image

from bot.domain.catalog import Catalog
from bot.net.client import build_client
from bot.net.downloads import Downloads
from bot.providers.aivideomaker import AiVideoMaker
from bot.providers.base import Assignment, Picture
from bot.providers.catalog import load
from bot.providers.openai_videos import OpenAiVideos

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AVM_URL = "https://aivideomaker.example"
OAI_URL = "https://apigo.example/base"
KEY = "ak_canary0123456789"
MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 20
CATALOG: Catalog = load(None)


class FakeClock:
    """A clock whose hands are turned by those who sleep, and by the test."""

    def __init__(self) -> None:
        self.passed = timedelta(0)
        self.wrong_by = timedelta(0)

    def now(self) -> datetime:
        return NOON + self.passed + self.wrong_by

    def monotonic(self) -> timedelta:
        return self.passed

    async def sleep(self, duration: timedelta) -> None:
        until = self.passed + duration
        await asyncio.sleep(0)
        self.passed = max(self.passed, until)

    def advance(self, **time: float) -> None:
        self.passed += timedelta(**time)

    def put_wrong(self, **time: float) -> None:
        """Set the wall clock forward, or back, while no time passes."""
        self.wrong_by += timedelta(**time)


Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class World:
    """Answers requests from a script: for each route a list, whose last entry repeats."""

    def __init__(self, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.folder = folder
        self.requests: list[httpx.Request] = []
        self.times: list[datetime] = []
        self.queries: list[tuple[str, str, str]] = []
        self._script: dict[str, list[Reply]] = {}
        transport = httpx.MockTransport(self._answer)
        self.http = build_client(httpx.MockTransport(self._answer))
        self.downloads = Downloads([AVM_URL, OAI_URL], transport=transport, resolve=_public)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.aclose()
        await self.downloads.aclose()

    def on(self, route: str, *replies: Reply) -> None:
        """Answer ``METHOD /path`` with ``replies``, one after another."""
        self._script[route] = list(replies)

    def count(self, route: str) -> int:
        return len([request for request in self.requests if _route(request) == route])

    def last(self, route: str) -> httpx.Request:
        return [request for request in self.requests if _route(request) == route][-1]

    def routes(self) -> list[str]:
        return [_route(request) for request in self.requests]

    def maker(self, **more: Any) -> AiVideoMaker:
        return AiVideoMaker(**{**self._parts(AVM_URL), **more})

    def videos(self, **more: Any) -> OpenAiVideos:
        return OpenAiVideos(**{**self._parts(OAI_URL), **more})

    def _parts(self, url: str) -> dict[str, Any]:
        return {
            "url": url,
            "key": KEY,
            "http": self.http,
            "downloads": self.downloads,
            "clock": self.clock,
            "on_query": lambda *query: self.queries.append(query),
        }

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.times.append(self.clock.now())
        replies = self._script.get(_route(request))
        if not replies:
            return httpx.Response(404, json={"status": "FAILED", "message": "Not found"})
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            return reply(request)
        content = reply.content if reply.is_stream_consumed or reply.is_closed else reply.read()
        return httpx.Response(reply.status_code, headers=reply.headers, content=content)


def say(document: object, status: int = 200, **headers: str) -> httpx.Response:
    """Return a JSON answer; header names are given with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx.Response(status, json=document, headers=named)


def order(
    model: str,
    *prompts: str,
    aspect: str | None = None,
    seconds: int = 5,
    picture: Picture | None = None,
    catalog: Catalog = CATALOG,
) -> Assignment:
    """Return an assignment for a model of the catalogue."""
    found = catalog.get(model)
    assert found is not None
    duration = timedelta(seconds=seconds)
    return Assignment("0123456789ab", found, prompts, aspect, duration, picture)


def png(width: int = 16, height: int = 9) -> Picture:
    """Return a black picture of that size."""
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "png")
    return Picture(file.getvalue(), "image/png")


def body(request: httpx.Request) -> Any:
    """Return a request's decoded JSON."""
    return json.loads(request.content)


def stamp(instant: datetime) -> str:
    """Return an instant as the service writes it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def largest_window(times: Sequence[datetime], length: timedelta) -> int:
    """Return the most instants that fall into any stretch of ``length``."""
    return max(sum(start <= at < start + length for at in times) for start in times)


def _route(request: httpx.Request) -> str:
    host = "" if request.url.host in {"aivideomaker.example", "apigo.example"} else "cdn"
    path = request.url.raw_path.decode().partition("?")[0].removeprefix("/base")
    return f"{request.method} {host}{path}"


async def _public(_host: str, _port: int) -> list[str]:
    return ["93.184.216.34"]
