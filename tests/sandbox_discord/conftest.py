"""A server with one guild, one channel and one member, and the toy bot running against it."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.discord import Channel, Discord, Guild, Limits, Member
from tests.sandbox_discord import official
from tests.sandbox_discord.toy import TOKEN, Toy, running

_OURS = range(200, 500)


@pytest.fixture
async def server() -> AsyncIterator[Discord]:
    """A running server with generous limits; the official description judges all of it."""
    async with Discord(TOKEN, limits=Limits.generous()) as running_server:
        yield running_server
    if official.DESCRIPTION is not None:
        judged = [each for each in running_server.requests if each.route and each.status in _OURS]
        assert [fault for each in judged for fault in official.objections(each)] == []


@pytest.fixture
def guild(server: Discord) -> Guild:
    """A server with the bot in it."""
    return server.add_guild("Studio")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    """A text channel."""
    return guild.add_channel("general")


@pytest.fixture
def ada(guild: Guild) -> Member:
    """An ordinary member."""
    return guild.add_member("Ada")


@pytest.fixture
async def bot(server: Discord, channel: Channel) -> AsyncIterator[Toy]:
    """The toy bot, ready, in a channel that was there before it."""
    assert not channel.deleted
    async with running(server, Toy()) as ready:
        yield ready


class Raw:
    """A client that sends what no library would."""

    def __init__(self, server: Discord, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._session = session

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **more: Any
    ) -> tuple[int, Any]:
        """Return the status and the JSON (or text) of the answer."""
        headers = {"Authorization": f"Bot {token}"} if token else {}
        url = self._server.api_url + path
        if body is not None:
            more["json"] = body
        async with self._session.request(method, url, headers=headers, **more) as response:
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.text()


@pytest.fixture
async def raw(server: Discord) -> AsyncIterator[Raw]:
    """Speak REST without a library."""
    async with aiohttp.ClientSession() as session:
        yield Raw(server, session)


class Ear:
    """A gateway client without a library."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.close_code: int | None = None

    async def say(self, op: int, body: Any) -> None:
        """Send a frame."""
        await self._socket.send_json({"op": op, "d": body})

    async def identify(
        self, intents: int = 513, token: str = TOKEN, shard: tuple[int, int] = (0, 1)
    ) -> dict[str, Any]:
        """Identify and return what comes next."""
        await self.say(2, {"token": token, "intents": intents, "shard": shard})
        return await self.hear()

    async def hear(self, name: str | None = None) -> dict[str, Any]:
        """Return the next frame, or the next event of a name; empty: the line was closed."""
        while True:
            message = await self._socket.receive(timeout=5)
            if message.type is not aiohttp.WSMsgType.TEXT:
                self.close_code = self._socket.close_code
                return {}
            frame: dict[str, Any] = json.loads(message.data)
            if name is None or frame["t"] == name:
                return frame


@pytest.fixture
async def ear(server: Discord) -> AsyncIterator[Ear]:
    """A websocket that has been greeted."""
    async with listening(server) as found:
        yield found


@contextlib.asynccontextmanager
async def listening(server: Discord) -> AsyncIterator[Ear]:
    """Connect to the gateway."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url) as socket,
    ):
        found = Ear(socket)
        assert (await found.hear())["op"] == 10
        yield found
