"""Sessions: beginning, losing the line, taking up again, being refused."""

import asyncio

import discord as library
import pytest

from sandbox.discord import Channel, Discord, Guild, Member
from tests.sandbox_discord.conftest import Ear, listening
from tests.sandbox_discord.toy import TOKEN, Toy, running


async def test_wrong_token(ear: Ear) -> None:
    """A wrong token closes with 4004."""
    assert await ear.identify(token="wrong") == {}
    assert ear.close_code == 4004


async def test_ready_and_guilds(guild: Guild, ear: Ear) -> None:
    """READY names the resume URL and the shard; GUILD_CREATE follows with members and channels."""
    ready = (await ear.identify())["d"]
    assert ready["resume_gateway_url"].startswith("ws://127.0.0.1")
    assert ready["shard"] == [0, 1]
    created = (await ear.hear("GUILD_CREATE"))["d"]
    assert created["id"] == str(guild.id)
    assert len(created["members"]) == 2


async def test_heartbeat_is_acknowledged(ear: Ear) -> None:
    """Every heartbeat is answered."""
    await ear.say(1, None)
    assert (await ear.hear())["op"] == 11


async def test_resume_replays_what_was_missed(
    server: Discord, channel: Channel, ada: Member, bot: Toy
) -> None:
    """After a cut line the session is resumed and what happened meanwhile is heard."""
    server.gateway.drop()
    await server.bot_gone()
    await ada.say(channel, "while you were away", mention_bot=True)
    await server.bot_ready()
    await until(bot, "while you were away")
    assert (server.gateway.identifies, server.gateway.resumes) == (1, 1)


async def test_asked_to_reconnect(server: Discord, channel: Channel, ada: Member, bot: Toy) -> None:
    """On RECONNECT the client comes back to the same session."""
    server.gateway.ask_to_reconnect()
    await server.bot_gone()
    await server.bot_ready()
    await ada.say(channel, "back", mention_bot=True)
    await until(bot, "back")
    assert server.gateway.identifies == 1


async def test_unknown_session(ear: Ear) -> None:
    """Resuming an unknown session is answered with INVALID SESSION."""
    await ear.say(6, {"token": TOKEN, "session_id": "nothing", "seq": 1})
    assert await ear.hear() == {"op": 9, "d": False, "s": None, "t": None}


async def test_clean_goodbye_ends_the_session(server: Discord) -> None:
    """A client that closes with 1000 leaves nothing to resume."""
    async with running(server, Toy()):
        assert len(server.gateway.sessions) == 1
    await server.bot_gone()
    assert server.gateway.sessions == {}


async def test_privileged_intent_not_enabled() -> None:
    """Asking for message content without the switch closes with 4014."""
    async with Discord(TOKEN, message_content=False) as server:
        server.add_guild("Studio")
        with pytest.raises(library.PrivilegedIntentsRequired):
            async with running(server, Toy(intents=library.Intents(message_content=True))):
                pass


async def test_events_need_their_intent(guild: Guild, channel: Channel, ear: Ear) -> None:
    """Without the messages intent no message is told, but interactions and guilds are."""
    ada = guild.add_member("Ada")
    await ear.identify(intents=1)
    await ada.say(channel, "unheard")
    guild.add_channel("new")
    await ear.hear("GUILD_CREATE")
    assert (await ear.hear())["t"] == "CHANNEL_CREATE"


async def test_each_shard_hears_its_own(server: Discord, ear: Ear) -> None:
    """A server is heard by one shard only, direct messages by shard 0."""
    intents = 1 << 9 | 1 << 12 | 1 << 15
    async with listening(server) as other:
        await ear.identify(intents, shard=(0, 2))
        await other.identify(intents, shard=(1, 2))
        guild = server.add_guild("Studio")
        mine = ear if (guild.id >> 22) % 2 == 0 else other
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        await ada.say(channel, "in the server")
        await ada.say(ada.dm, "in private")
        assert (await mine.hear("MESSAGE_CREATE"))["d"]["content"] == "in the server"
        assert (await ear.hear("MESSAGE_CREATE"))["d"]["content"] == "in private"


async def until(bot: Toy, text: str) -> None:
    """Return once the bot heard a text."""
    while not any(text in message.content for message in bot.heard):
        await bot.wait_for("message", timeout=5)
        await asyncio.sleep(0)
