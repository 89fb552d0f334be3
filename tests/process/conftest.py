"""The whole world with the bot as a child process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.discord import Discord, Limits
from sandbox.stage import DISCORD_TOKEN, Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Open the world; the test starts the bot."""
    discord = Discord(DISCORD_TOKEN, limits=Limits.generous())
    async with Stage(tmp_path, discord=discord) as opened:
        yield opened
        if opened.bot.running:
            await opened.bot.kill()
