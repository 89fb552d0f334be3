"""Planned misfortune on REST."""

import time
from datetime import timedelta

import aiohttp
import pytest

from sandbox.discord import Answer, Channel, Delay, Discord, Drop, Fault, Member, Reset, Upload
from tests.sandbox_discord.conftest import Raw

ROUTE = "/channels/{channel}/messages"


async def post(raw: Raw, channel: Channel, text: str = "x") -> int:
    """Post a message; return the status."""
    status, _ = await raw("POST", f"/channels/{channel.id}/messages", {"content": text})
    return status


async def test_the_second_call_fails(server: Discord, channel: Channel, raw: Raw) -> None:
    """A plan hits exactly the calls it names."""
    server.faults.add(Fault("POST", ROUTE, Answer(500, {"message": "oops"}), nth=2, times=2))
    assert [await post(raw, channel) for _ in range(4)] == [200, 500, 500, 200]
    assert len(channel.messages) == 2


@pytest.mark.parametrize("after", [False, True])
async def test_reset(server: Discord, channel: Channel, raw: Raw, *, after: bool) -> None:
    """A connection is cut before anything happened, or after all of it did."""
    server.faults.add(Fault("*", "/channels/*", Reset(after_effect=after)))
    with pytest.raises(aiohttp.ClientError):
        await post(raw, channel)
    assert len(channel.messages) == int(after)
    assert await post(raw, channel) == 200


async def test_answer_after_the_effect(server: Discord, channel: Channel, raw: Raw) -> None:
    """A request can succeed and still be answered with an error."""
    server.faults.add(Fault("POST", ROUTE, Answer(502, "<html>", after_effect=True)))
    assert await post(raw, channel) == 502
    assert len(channel.messages) == 1


async def test_delay(server: Discord, channel: Channel, raw: Raw) -> None:
    """An answer can come late, its effect at once."""
    server.faults.add(Fault("POST", ROUTE, Delay(timedelta(milliseconds=80), before=False)))
    began = time.monotonic()
    assert await post(raw, channel) == 200
    assert time.monotonic() - began >= 0.08


async def test_drop(server: Discord, channel: Channel, raw: Raw) -> None:
    """A request can stay without an answer until the client gives up."""
    server.faults.add(Fault("POST", ROUTE, Drop()))
    patience = aiohttp.ClientTimeout(total=0.1)
    path = f"/channels/{channel.id}/messages"
    with pytest.raises(TimeoutError):
        await raw("POST", path, {"content": "x"}, timeout=patience)
    assert channel.messages == []


async def test_slow_picture(server: Discord, channel: Channel, ada: Member) -> None:
    """The CDN can go wrong as well."""
    said = await ada.say(channel, uploads=[Upload("a.png", b"a")])
    server.faults.add(Fault("GET", "/attachments/*", Answer(500)))
    async with aiohttp.ClientSession() as session:
        for status in (500, 200):
            async with session.get(said.attachments[0].url) as answer:
                assert answer.status == status


async def test_refused_gateway(server: Discord) -> None:
    """The gateway can refuse new connections."""
    server.gateway.refusing = True
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(server.gateway_url)
