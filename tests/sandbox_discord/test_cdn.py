"""Files behind signed links that expire."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from sandbox.discord import Channel, Discord, Member, Upload
from tests.sandbox_discord.toy import TOKEN


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client without any token."""
    async with aiohttp.ClientSession() as found:
        yield found


async def status(session: aiohttp.ClientSession, url: str) -> int:
    """Return what a link answers."""
    async with session.get(url) as answer:
        return answer.status


async def test_signed_link(
    server: Discord, channel: Channel, ada: Member, session: aiohttp.ClientSession
) -> None:
    """A link shows its file with its type, on an origin of its own; unsigned it shows nothing."""
    said = await ada.say(channel, uploads=[Upload("my cat.png", b"meow", "image/png")])
    url = said.attachments[0].url
    assert url.startswith(server.cdn_url + f"/attachments/{channel.id}/")
    assert server.cdn_url not in server.api_url
    async with session.get(url) as answer:
        assert (await answer.read(), answer.content_type) == (b"meow", "image/png")
    async with session.get(url.split("?")[0]) as answer:
        assert answer.status == 404
        assert await answer.text() == "This content is no longer available."
    assert await status(session, url.replace("hm=", "hm=0")) == 404
    server.expire_links()
    assert await status(session, url) == 404
    assert await status(session, said.attachments[0].url) == 200


async def test_links_expire_by_time(session: aiohttp.ClientSession) -> None:
    """A link older than its life shows nothing."""
    async with Discord(TOKEN, link_life=timedelta(seconds=-1)) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        said = await ada.say(channel, uploads=[Upload("a.png", b"a")])
        assert await status(session, said.attachments[0].url) == 404


async def test_avatars(server: Discord, ada: Member, session: aiohttp.ClientSession) -> None:
    """Everyone has a picture."""
    assert await status(session, f"{server.cdn_url}/avatars/{ada.id}/abc.png?size=64") == 200
