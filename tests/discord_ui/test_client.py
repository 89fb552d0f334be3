"""The client: where Discord is, how little it asks for, how it comes back."""

import asyncio
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from sandbox.discord import Channel, Discord, Guild, Member
from tests.discord_ui.house import House, house_in

GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 15
NOWHERE = "ws://127.0.0.1:9/"


@pytest.fixture
async def misled(world: Discord, monkeypatch: pytest.MonkeyPatch) -> Discord:
    """A Discord that names a gateway where nobody listens."""
    monkeypatch.setattr(world.gateway, "url", NOWHERE)
    return world


async def test_a_set_gateway_wins_for_the_first_connect_and_every_later_one(
    misled: Discord, channel: Channel, ada: Member, tmp_path: Path
) -> None:
    """First connect, resume, and a new session all go to the address that was set."""
    async with house_in(misled, tmp_path) as house:
        await house.heard("resumed", misled.gateway.ask_to_reconnect)
        call = await ada.slash(channel, "video text", prompt="after the resume")
        assert call.message is not None
        house.client.before_identify_hook = AsyncMock()  # type: ignore[method-assign] # waits 5 s
        await house.heard("shard_ready", misled.gateway.invalidate)
        call = await ada.slash(channel, "video text", prompt="after a new session")
        assert call.message is not None


async def test_without_a_set_gateway_discords_word_counts(
    world: Discord, channel: Channel, ada: Member, tmp_path: Path
) -> None:
    """Unset means: where Discord says."""
    async with house_in(world, tmp_path, set_gateway=False):
        call = await ada.slash(channel, "video text", prompt="hello")
        assert call.message is not None


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.usefixtures("channel")
async def test_only_the_needed_intents_are_asked_for(
    world: Discord, tmp_path: Path, *, wanted: bool
) -> None:
    """Servers, their messages, and message content only when it was asked for."""
    async with house_in(world, tmp_path, message_content=wanted) as house:
        expected = GUILDS | GUILD_MESSAGES | (MESSAGE_CONTENT if wanted else 0)
        assert house.client.intents.value == expected


async def test_nothing_is_kept_that_is_not_needed(
    house: House, guild: Guild, channel: Channel, ada: Member
) -> None:
    """No messages and no members but ourselves stay in memory."""
    await ada.say(channel, "hello")
    await house.settled()
    known = house.client.get_guild(guild.id)
    assert known is not None
    assert [house.client.user] == [member._user for member in known.members]
    assert list(house.client.cached_messages) == []


async def test_commands_survive_a_reconnect(
    house: House, world: Discord, channel: Channel, ada: Member
) -> None:
    """A dropped connection is resumed and the next command answered."""
    await house.heard("resumed", world.gateway.ask_to_reconnect)
    call = await ada.slash(channel, "video list")
    assert "no films yet" in call.text


@pytest.mark.usefixtures("channel")
async def test_closing_ends_the_connection(world: Discord, tmp_path: Path) -> None:
    """After `close` Discord sees the bot go."""
    async with house_in(world, tmp_path):
        pass
    await world.bot_gone()
    assert not [task for task in asyncio.all_tasks() if "shard" in task.get_name()]
