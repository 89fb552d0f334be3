"""The same local Discord and bot that the tests of `bot.discord_ui` use."""

from tests.discord_ui.conftest import ada, channel, guild, house, world

__all__ = ["ada", "channel", "guild", "house", "world"]
