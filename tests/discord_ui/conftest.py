"""A local Discord with a server, a channel and Ada in it, and the bot connected to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.discord import Channel, Discord, Guild, Member
from tests.discord_ui.house import House, discord_at, house_in


@pytest.fixture
async def world() -> AsyncIterator[Discord]:
    """Run a local Discord."""
    async with discord_at() as running:
        yield running


@pytest.fixture
def guild(world: Discord) -> Guild:
    """Open a server with the bot in it."""
    return world.add_guild("Studio")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    """Open a text channel."""
    return guild.add_channel("general")


@pytest.fixture
def ada(guild: Guild) -> Member:
    """Let Ada join."""
    return guild.add_member("Ada")


@pytest.fixture
async def house(world: Discord, guild: Guild, tmp_path: Path) -> AsyncIterator[House]:
    """Connect the bot, which is in the server already."""
    assert guild.me is not None
    async with house_in(world, tmp_path) as opened:
        yield opened
