"""Pictures that do not arrive as pictures should, or lie where we do not go.

Each ends in its exact sentence for the member, with nothing held and nothing sent to a service.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.errors import Refusal
from bot.pipeline import pictures
from sandbox.discord import Answer, Fault, Preview, Reset
from sandbox.discord.faults import Action
from tests.media.crafting import MEBIBYTE
from tests.story.picture_orders import BOAT, ordered, sentence, told
from tests.story.world import World, picture

MENU = "Animate image"
CDN = "/ephemeral-attachments/{channel}/{file}/{name}"

GONE = sentence(Refusal.PICTURE_GONE)
ELSEWHERE = sentence(Refusal.PICTURE_ELSEWHERE)
UNREACHABLE = sentence(Refusal.PICTURE_UNREACHABLE)
TOO_HEAVY = sentence(Refusal.PICTURE_TOO_LARGE, limit=25 * MEBIBYTE)


@dataclass
class Inner:
    """A server on this machine that nobody may make the bot ask."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Note that somebody came."""
        self.asked.append(request.path)
        return web.Response(body=picture())


@pytest.fixture
async def inner() -> AsyncIterator[Inner]:
    """Open the inner server."""
    server = Inner()
    runner = web.ServerRunner(web.Server(server.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    yield server
    await runner.cleanup()


@dataclass(frozen=True)
class Stream:
    """Send a body piece by piece, without ever holding it; `announced` is its length, if told."""

    pieces: int
    piece: bytes = bytes(MEBIBYTE)
    announced: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    ends: bool = True

    async def happen(self, request: web.Request, _handler: Handler) -> web.StreamResponse:
        """Stream until the end, or until whoever asked has had enough."""
        response = web.StreamResponse(headers={"Content-Type": "image/png", **self.headers})
        response.content_length = self.announced
        await response.prepare(request)
        try:
            for _ in range(self.pieces):
                await response.write(self.piece)
            if not self.ends:
                await asyncio.Event().wait()
        except ConnectionError:
            return response
        if request.transport is not None and self.announced is not None:
            request.transport.abort()  # what was announced has not all been sent
        return response


def _moved(place: str) -> Answer:
    return Answer(302, "", {"Location": place})


BOMB = gzip.compress(bytes(64 * MEBIBYTE), 1)
WAYS: list[tuple[str, Action, str]] = [
    ("deleted", Answer(404, "This content is no longer available."), GONE),
    ("expired", Answer(403, "expired"), GONE),
    ("removed", Answer(410, ""), GONE),
    ("in trouble", Answer(500, "no"), UNREACHABLE),
    ("empty", Answer(204), UNREACHABLE),
    ("cut off at once", Reset(), UNREACHABLE),
    ("moved to a private address", _moved("https://10.0.0.1/boat.png"), ELSEWHERE),
    ("moved to this machine", _moved("https://localhost:{port}/boat.png"), ELSEWHERE),
    ("moved to another port of its host", _moved("http://127.0.0.1:{port}/boat.png"), ELSEWHERE),
    ("moved to the cloud's own data", _moved("http://169.254.169.254/latest/"), ELSEWHERE),
    ("moved to a file", _moved("file:///etc/hostname"), ELSEWHERE),
    ("100 MB, announced", Stream(100, announced=100 * MEBIBYTE), TOO_HEAVY),
    ("100 MB, not announced", Stream(100), TOO_HEAVY),
    ("shorter than announced", Stream(1, piece=picture(), announced=10**6), UNREACHABLE),
    ("64 MB in 300 kB", Stream(1, BOMB, headers={"Content-Encoding": "gzip"}), TOO_HEAVY),
    ("packed unasked", Stream(1, b"x", headers={"Content-Encoding": "br"}), UNREACHABLE),
]


async def test_every_way_to_arrive(world: World, inner: Inner) -> None:
    """A file server that lies or points elsewhere costs nothing but a sentence."""
    async with world.bot() as app:
        ends = {}
        for name, action, _ in WAYS:
            world.discord.faults.add(Fault("GET", CDN, _with_port(action, inner.port)))
            ends[name] = await ordered(world, BOAT)
        assert ends == {name: expected for name, _, expected in WAYS}
        assert await world.untouched(app)
    assert inner.asked == []
    assert world.channel.messages == []


async def test_a_picture_that_never_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file server that dawdles is waited for, but not for long."""
    monkeypatch.setattr(pictures, "PATIENCE", timedelta(seconds=0.3))
    endless = Stream(1, piece=b"\x89PNG\r\n\x1a\n", ends=False)
    world.discord.faults.add(Fault("GET", CDN, endless))
    async with world.bot() as app:
        assert await ordered(world, BOAT) == UNREACHABLE
        assert await world.untouched(app)


def _with_port(action: Action, port: int) -> Action:
    if isinstance(action, Answer) and "{port}" in action.headers.get("Location", ""):
        return _moved(action.headers["Location"].format(port=port))
    return action


PLACES = [
    "http://127.0.0.1:{port}/boat.png",
    "https://127.0.0.1:{port}/boat.png",
    "https://localhost:{port}/boat.png",
    "https://[::1]:{port}/boat.png",
    "https://[::ffff:127.0.0.1]:{port}/boat.png",
    "https://0x7f000001:{port}/boat.png",
    "https://10.0.0.1/boat.png",
    "http://169.254.169.254/latest/meta-data/boat.png",
    "https://member:word@photos.example/boat.png",
    "http://photos.example/boat.png",
    "ftp://photos.example/boat.png",
    "file:///etc/boat.png",
]


async def test_every_place_a_preview_can_point_to(world: World, inner: Inner) -> None:
    """Where Discord has no copy, no place is asked that is not public, nor a neighbour's port."""
    async with world.bot() as app:
        ends = {}
        for place in PLACES:
            link = place.format(port=inner.port)
            posted = await world.ben.say(world.channel, link, previews=[Preview(link)])
            form = (await world.ada.menu(world.channel, MENU, posted)).modal
            ends[place] = await told(await world.ada.submit(form))
        assert ends == dict.fromkeys(PLACES, ELSEWHERE)
        assert await world.untouched(app)
    assert inner.asked == []


async def test_a_message_that_was_deleted(world: World) -> None:
    """Between the menu and the form, or before the mention: it is gone, and that is said."""
    async with world.bot() as app:
        posted = await world.ben.say(world.channel, uploads=[BOAT])
        form = (await world.ada.menu(world.channel, MENU, posted)).modal
        posted.delete()
        assert await told(await world.ada.submit(form)) == GONE

        asked = await world.ada.say(world.channel, "sail", reply_to=posted, mention_bot=True)
        answer = await world.channel.until(
            lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
        )
        why = await world.ada.click(answer, "Why?")
        assert why.private[0].text == GONE
        assert await world.untouched(app)


async def test_a_link_that_has_expired(world: World) -> None:
    """A form that was open longer than its picture's link lives is told kindly."""
    async with world.bot() as app:
        posted = await world.ben.say(world.channel, uploads=[BOAT])
        form = (await world.ada.menu(world.channel, MENU, posted)).modal
        world.discord.world.links.expire()
        assert await told(await world.ada.submit(form)) == GONE
        assert await world.untouched(app)
