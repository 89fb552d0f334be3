"""Files behind signed links that expire."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from sandbox.discord import Avatar, Channel, Discord, Member, Upload
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
    """A picture is served under its own name only, a moving one also as a still."""
    ada.user.avatar = Avatar(b"still", moving=b"moving")
    worn = f"{server.cdn_url}/avatars/{ada.id}/{ada.user.avatar.hash}"
    assert ada.user.avatar.hash.startswith("a_")
    for kind, body in (("png", b"still"), ("gif", b"moving")):
        async with session.get(f"{worn}.{kind}?size=1024") as answer:
            assert await answer.read() == body
    assert await status(session, f"{worn}.png?size=1000") == 400
    assert await status(session, f"{server.cdn_url}/avatars/{ada.id}/abc.png") == 404


async def test_a_server_avatar(
    server: Discord, ada: Member, session: aiohttp.ClientSession
) -> None:
    """In a server, a member may wear another picture; who has uploaded none has Discord's."""
    ada.avatar = Avatar(b"here")
    folder = f"{server.cdn_url}/guilds/{ada.guild.id}/users/{ada.id}/avatars"
    assert await status(session, f"{folder}/{ada.avatar.hash}.png?size=64") == 200
    assert await status(session, f"{folder}/{ada.avatar.hash}.gif") == 404
    assert await status(session, f"{server.cdn_url}/embed/avatars/5.png?size=1024") == 200


async def test_a_deleted_message_takes_its_files_along(
    server: Discord, channel: Channel, ada: Member, session: aiohttp.ClientSession
) -> None:
    """Its links lead nowhere from then on."""
    said = await ada.say(channel, uploads=[Upload("a.png", b"a")])
    url = said.attachments[0].url
    assert await status(session, url) == 200
    said.delete()
    assert await status(session, url) == 404
