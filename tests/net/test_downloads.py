"""Guarded downloads: from allowed places only, within their caps, whole or not at all."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.errors import (
    AddressRefused,
    DownloadError,
    Gone,
    Interrupted,
    TooLarge,
    WrongContent,
)
from bot.net.client import build_client
from bot.net.downloads import Downloads, looks_like_mp4

PUBLIC = "93.184.216.34"
URL = "https://cdn.example/f.mp4"
GARBAGE = b"no gzip at all"
MINUTE = timedelta(minutes=1)

Serve = Callable[[httpx.Request], httpx.Response]


class Net:
    """A network of one server, a resolver that can be told what to say, and a record of both."""

    def __init__(
        self, serve: Serve, names: dict[str, list[str]] | None = None, stall: timedelta = MINUTE
    ) -> None:
        self.requests: list[httpx.Request] = []
        self.resolved: list[str] = []
        self._names = names or {}
        self._serve = serve
        self.downloads = Downloads(
            ["http://127.0.0.1:8000"],
            transport=httpx.MockTransport(self._answer),
            resolve=self._resolve,
            stall=stall,
        )

    async def get(self, into: Path, url: str = URL, **more: Any) -> int:
        """Download with generous caps."""
        wish = {"max_bytes": 1000, "deadline": MINUTE, **more}
        try:
            return await self.downloads.to_file(url, into / "f", **wish)
        finally:
            await self.downloads.aclose()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._serve(request)

    async def _resolve(self, host: str, _port: int) -> list[str]:
        self.resolved.append(host)
        if host == "nowhere.example":
            raise OSError("no such name")
        return self._names.get(host, [PUBLIC])


async def test_file_arrives_whole(tmp_path: Path) -> None:
    """The bytes are on the disk under the given name, and nothing else is."""
    net = Net(lambda _: httpx.Response(200, content=b"x" * 1000))
    assert await net.get(tmp_path) == 1000
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"x" * 1000


async def test_connection_goes_to_the_checked_address_under_its_name(tmp_path: Path) -> None:
    """DNS is asked once; the connection is made to that answer, Host and SNI keep the name."""
    net = Net(lambda _: httpx.Response(200, content=b"x"), {"cdn.example": ["2606:4700::1111"]})
    await net.get(tmp_path, "https://cdn.example:8443/f.mp4?sig=1")
    [request] = net.requests
    assert str(request.url) == "https://[2606:4700::1111]:8443/f.mp4?sig=1"
    assert request.headers["Host"] == "cdn.example:8443"
    assert request.extensions["sni_hostname"] == "cdn.example"
    assert net.resolved == ["cdn.example"]


async def test_next_address_is_tried_where_one_does_not_connect(tmp_path: Path) -> None:
    """A host with a dead address is reached by its next one."""

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.host == "1.1.1.1":
            raise httpx.ConnectError("refused")
        return httpx.Response(200, content=b"x")

    net = Net(serve, {"cdn.example": ["1.1.1.1", "1.0.0.1"]})
    assert await net.get(tmp_path) == 1
    assert [request.url.host for request in net.requests] == ["1.1.1.1", "1.0.0.1"]


@pytest.mark.parametrize(
    ("url", "names"),
    [
        (URL, ["127.0.0.1"]),
        (URL, ["169.254.169.254"]),
        (URL, ["::1"]),
        (URL, [PUBLIC, "10.0.0.1"]),
        ("http://cdn.example/f.mp4", [PUBLIC]),
        ("https://user:pw@cdn.example/f.mp4", [PUBLIC]),
        ("http://127.0.0.1:8001/f", ["127.0.0.1"]),
        ("https://127.0.0.1:8000/f", ["127.0.0.1"]),
        ("http://user@127.0.0.1:8000/f", ["127.0.0.1"]),
        ("file:///etc/passwd", []),
        ("", []),
        ("javascript:alert(1)", []),
    ],
)
async def test_forbidden_places_get_no_request(tmp_path: Path, url: str, names: list[str]) -> None:
    """Private addresses, plain http, credentials, near misses of a trusted origin."""
    net = Net(lambda _: httpx.Response(200), {"cdn.example": names, "127.0.0.1": names})
    with pytest.raises(AddressRefused):
        await net.get(tmp_path, url)
    assert net.requests == []


async def test_trusted_origin_may_be_private(tmp_path: Path) -> None:
    """The operator's own server on http and loopback is asked as it is."""
    net = Net(lambda _: httpx.Response(200, content=b"x"))
    assert await net.get(tmp_path, "http://127.0.0.1:8000/f") == 1
    assert net.resolved == []


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:9000/", "http://cdn.example/", "https://inside.example/", "file:///x"]
)
async def test_every_redirect_is_checked(tmp_path: Path, to: str) -> None:
    """A public host cannot send us to a private one."""
    redirect = httpx.Response(302, headers={"Location": to})
    net = Net(lambda _: redirect, {"inside.example": ["10.0.0.1"]})
    with pytest.raises(AddressRefused):
        await net.get(tmp_path)
    assert len(net.requests) == 1


async def test_name_that_turns_private_is_refused_at_the_redirect(tmp_path: Path) -> None:
    """Rebinding: the same name is resolved and checked anew for each request."""
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def resolve(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    transport = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": "/again"}))
    downloads = Downloads([], transport=transport, resolve=resolve)
    with pytest.raises(AddressRefused):
        await downloads.to_file(URL, tmp_path / "f", max_bytes=9, deadline=MINUTE)
    await downloads.aclose()


@pytest.mark.parametrize(("redirects", "arrives"), [(3, True), (4, False)])
async def test_three_redirects_at_most(tmp_path: Path, redirects: int, *, arrives: bool) -> None:
    """A chain of redirects ends."""

    def serve(request: httpx.Request) -> httpx.Response:
        hop = int(request.url.params.get("hop", "0"))
        if hop == redirects:
            return httpx.Response(200, content=b"x")
        return httpx.Response(302, headers={"Location": f"/f?hop={hop + 1}"})

    if arrives:
        assert await Net(serve).get(tmp_path) == 1
    else:
        with pytest.raises(Interrupted):
            await Net(serve).get(tmp_path)


@pytest.mark.parametrize(
    ("to", "kept"),
    [("/g", True), ("https://other.example/g", False), ("https://cdn.example:8443/g", False)],
)
async def test_own_headers_stay_with_their_origin(tmp_path: Path, to: str, *, kept: bool) -> None:
    """A key is not carried to another host or port by a redirect."""

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/g":
            return httpx.Response(200, content=b"x")
        return httpx.Response(302, headers={"Location": to, "Set-Cookie": "a=b; Path=/"})

    net = Net(serve)
    await net.get(tmp_path, headers={"key": "s3cret"})
    assert net.requests[0].headers["key"] == "s3cret"
    assert ("key" in net.requests[1].headers) == kept
    assert "Cookie" not in net.requests[1].headers


@pytest.mark.parametrize("announced", [True, False])
async def test_byte_cap(tmp_path: Path, *, announced: bool) -> None:
    """Too large is noticed by the announced length, or as the bytes arrive."""
    content = b"x" * 1001 if announced else _pieces(b"x" * 400, 5)
    with pytest.raises(TooLarge) as refused:
        await Net(lambda _: httpx.Response(200, content=content)).get(tmp_path)
    assert refused.value.limit == 1000
    assert list(tmp_path.iterdir()) == []


async def test_deadline_covers_a_slow_drip(tmp_path: Path) -> None:
    """A server that sends a byte now and then does not hold us for ever."""

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    net = Net(lambda _: httpx.Response(200, content=drip()))
    with pytest.raises(Interrupted):
        await net.get(tmp_path, deadline=timedelta(seconds=0.1))
    assert list(tmp_path.iterdir()) == []


async def test_a_trickle_is_given_up_long_before_its_deadline(tmp_path: Path) -> None:
    """A body that gets on too slowly gives its connection back."""

    async def trickle() -> AsyncIterator[bytes]:
        yield b"x" * 100
        await asyncio.sleep(3600)

    net = Net(lambda _: httpx.Response(200, content=trickle()), stall=timedelta(milliseconds=50))
    with pytest.raises(Interrupted):
        await net.get(tmp_path, deadline=timedelta(hours=1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("serve", "error"),
    [
        (lambda: httpx.Response(403), Gone),
        (lambda: httpx.Response(404), Gone),
        (lambda: httpx.Response(410), Gone),
        (lambda: httpx.Response(400), Interrupted),
        (lambda: httpx.Response(429), Interrupted),
        (lambda: httpx.Response(503), Interrupted),
        (lambda: httpx.Response(204), Interrupted),
        (lambda: httpx.Response(206, content=b"x"), Interrupted),
        (lambda: httpx.Response(200, text="<html>"), WrongContent),
        (lambda: httpx.Response(200, content=b""), WrongContent),
        (
            lambda: httpx.Response(
                200, headers={"Content-Length": "50"}, content=_pieces(b"\0\0\0\0ftyp", 1)
            ),
            Interrupted,
        ),
        (
            lambda: httpx.Response(
                200, headers={"Content-Encoding": "gzip"}, content=_pieces(GARBAGE, 1)
            ),
            Interrupted,
        ),
    ],
)
async def test_trouble_leaves_no_file(
    tmp_path: Path, serve: Callable[[], httpx.Response], error: type[DownloadError]
) -> None:
    """Every trouble is told apart; an older file of that name stays as it was."""
    (tmp_path / "f").write_bytes(b"older")
    with pytest.raises(error):
        await Net(lambda _: serve()).get(tmp_path, accept=looks_like_mp4)
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"older"


async def test_unresolvable_name_and_broken_network_may_recover(tmp_path: Path) -> None:
    """What may succeed another time is Interrupted."""

    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    with pytest.raises(Interrupted):
        await Net(broken).get(tmp_path, "https://nowhere.example/f")
    with pytest.raises(Interrupted):
        await Net(broken).get(tmp_path)


async def test_full_disk_may_recover(tmp_path: Path) -> None:
    """A folder that cannot be written is told as trouble that may pass, with the reason."""
    net = Net(lambda _: httpx.Response(200, content=b"x"))
    with pytest.raises(Interrupted, match="the disk refused"):
        await net.get(tmp_path / "missing")


async def test_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    """A worker that is stopped in the middle leaves no part behind."""
    started = asyncio.Event()

    async def stall() -> AsyncIterator[bytes]:
        yield b"x" * 300_000
        started.set()
        await asyncio.Event().wait()

    net = Net(lambda _: httpx.Response(200, content=stall()))
    task = asyncio.create_task(net.get(tmp_path, max_bytes=10**6))
    await started.wait()
    assert len(list(tmp_path.iterdir())) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(tmp_path.iterdir()) == []


async def test_client_is_plain() -> None:
    """No redirects, no environment, no cookies; all four timeouts set; an honest name."""
    async with build_client(httpx.MockTransport(_cookie)) as client:
        await client.get("https://x.example/")
        answer = await client.get("https://x.example/")
        assert "Cookie" not in answer.request.headers
        assert answer.request.headers["User-Agent"].startswith("Clapboard/")
        assert not client.follow_redirects
        assert not client.trust_env
        assert None not in client.timeout.as_dict().values()


def _cookie(_: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"Set-Cookie": "a=b", "Location": "/x"})


async def _pieces(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


async def test_what_is_packed_unasked_is_unpacked_bit_by_bit(tmp_path: Path) -> None:
    """A few kilobytes that stand for a gigabyte are cut off at the cap, not after unpacking."""
    packed = gzip.compress(bytes(64 * 1024 * 1024), 1)
    headers = {"Content-Encoding": "gzip"}
    net = Net(lambda _: httpx.Response(200, headers=headers, content=_pieces(packed, 1)))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await net.get(tmp_path, max_bytes=1024 * 1024)
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_packed_file_arrives_unpacked(tmp_path: Path, coding: str) -> None:
    """A server that packs whatever it is told is understood."""
    content = bytes(range(256)) * 3000
    packed = gzip.compress(content) if coding == "gzip" else zlib.compress(content)
    headers = {"Content-Encoding": coding}
    net = Net(lambda _: httpx.Response(200, headers=headers, content=_pieces(packed, 1)))
    assert await net.get(tmp_path, max_bytes=10**6) == len(content)
    assert (tmp_path / "f").read_bytes() == content


@pytest.mark.parametrize(("coding", "keep"), [("br", 1.0), ("gzip", 0.5)])
async def test_a_packed_file_that_cannot_be_unpacked(
    tmp_path: Path, coding: str, keep: float
) -> None:
    """A way to pack that we did not ask for, or half a file, is one that did not arrive."""
    packed = gzip.compress(bytes(range(256)))
    packed = packed[: int(len(packed) * keep)]
    headers = {"Content-Encoding": coding}
    net = Net(lambda _: httpx.Response(200, headers=headers, content=_pieces(packed, 1)))
    with pytest.raises(Interrupted):
        await net.get(tmp_path)
