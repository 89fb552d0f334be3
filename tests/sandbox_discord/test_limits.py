"""Rate limits and upload limits."""

import asyncio
import io
import time
from datetime import timedelta

import aiohttp
import discord as library
import pytest

from sandbox.discord import Channel, Discord, Limit, Limits
from tests.sandbox_discord.conftest import Raw
from tests.sandbox_discord.toy import TOKEN, Toy, running

QUICK = Limit(2, timedelta(milliseconds=300))


async def test_headers_and_429() -> None:
    """Every answer tells its limit; one too many is a 429 with all that discord.py reads."""
    async with Discord(TOKEN, limits=Limits(send=QUICK)) as server:
        channel = server.add_guild("Studio").add_channel("general")
        url = f"{server.api_url}/channels/{channel.id}/messages"
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            left = []
            for _ in range(2):
                async with session.post(url, json={"content": "x"}) as answer:
                    left.append(answer.headers["X-RateLimit-Remaining"])
            assert left == ["1", "0"]
            async with session.post(url, json={"content": "x"}) as answer:
                assert answer.status == 429
                assert {"Via", "Retry-After", "X-RateLimit-Scope"} <= set(answer.headers)
                told = await answer.json()
        assert 0 < told["retry_after"] <= 0.3
        assert told["global"] is False
        assert len(channel.messages) == 2


async def test_discord_py_waits_and_sends_again() -> None:
    """The library retries a 429 it could not foresee; nothing is lost or doubled."""
    async with Discord(TOKEN, limits=Limits(send=QUICK)) as server, running(server, Toy()) as bot:
        channel = server.add_guild("Studio").add_channel("general")
        place = bot.get_partial_messageable(channel.id)
        async with aiohttp.ClientSession() as session:
            raw = Raw(server, session)
            for _ in range(2):
                await raw("POST", f"/channels/{channel.id}/messages", {"content": "other"})
        began = time.monotonic()
        await place.send("patient")
        assert time.monotonic() - began > 0.1
        assert [message.text for message in channel.messages] == ["other", "other", "patient"]
        assert [entry.status for entry in server.requests][-2:] == [429, 200]


async def test_channels_have_buckets_of_their_own(raw: Raw, server: Discord) -> None:
    """A full bucket of one channel does not touch another."""
    server.rate_limits.limits = Limits(send=Limit(1, timedelta(seconds=5)))
    guild = server.add_guild("Studio")
    here, there = guild.add_channel("here"), guild.add_channel("there")

    async def send(channel: Channel) -> int:
        status, _ = await raw("POST", f"/channels/{channel.id}/messages", {"content": "x"})
        return status

    assert [await send(here), await send(here), await send(there)] == [200, 429, 200]


async def test_global_limit() -> None:
    """Too many requests of any kind are a global 429."""
    limits = Limits(everything=Limit(3, timedelta(seconds=5)))
    async with Discord(TOKEN, limits=limits) as server, aiohttp.ClientSession() as session:
        raw = Raw(server, session)
        answers = await asyncio.gather(*(raw("GET", "/users/@me") for _ in range(4)))
        assert sorted(status for status, _ in answers) == [200, 200, 200, 429]
        assert [body["global"] for status, body in answers if status == 429] == [True]


@pytest.mark.parametrize(("size", "posted"), [(1000, True), (1001, False)])
async def test_upload_limit(size: int, posted: bool) -> None:
    """A file larger than the limit is refused with 413 and 40005, to the byte."""
    async with Discord(TOKEN, upload_limit=1000) as server, running(server, Toy()) as bot:
        channel = server.add_guild("Studio").add_channel("general")
        file = library.File(io.BytesIO(b"x" * size), "film.mp4")
        sending = bot.get_partial_messageable(channel.id).send(file=file)
        if posted:
            await sending
        else:
            with pytest.raises(library.HTTPException) as refused:
                await sending
            assert (refused.value.status, refused.value.code) == (413, 40005)
        assert len(channel.messages) == int(posted)


async def test_boost_tiers(server: Discord) -> None:
    """A boosted server takes larger files."""
    limits = [server.add_guild("x", boost_tier=tier).upload_limit // 2**20 for tier in range(4)]
    assert limits == [10, 10, 50, 100]
