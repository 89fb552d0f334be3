"""*Cancel*, *Full quality* and *Why?*: the buttons that order nothing.

Beside the story. Never decides who may press: the Desk and the button itself do.
"""

from typing import Any

import discord
from discord.ext import commands

from bot.discord_ui.buttons import CancelButton, FullQualityButton, WhyButton, why
from bot.discord_ui.orders import caller_of, presser_of
from bot.discord_ui.showing import Showing
from bot.pipeline.accounts import Accounts
from bot.pipeline.desk import Desk

Press = discord.Interaction[Any]


class CardButtons(commands.Cog):
    """What one can do about a film that was ordered, or refused."""

    def __init__(self, desk: Desk, accounts: Accounts, showing: Showing) -> None:
        self._desk = desk
        self._accounts = accounts
        self._showing = showing

    @commands.Cog.listener()
    async def on_cancel_pressed(self, interaction: Press, button: CancelButton) -> None:
        """Cancel from the card's button."""
        await interaction.response.defer()
        await self._desk.cancel(caller_of(interaction), button.task_id)  # the card is edited later

    @commands.Cog.listener()
    async def on_full_pressed(self, interaction: Press, button: FullQualityButton) -> None:
        """Hand the whole film to whoever can see it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await self._desk.view(presser_of(interaction, button.guild_id), button.task_id)
        await self._showing.film(interaction, view.task)

    @commands.Cog.listener()
    async def on_why_pressed(self, interaction: Press, button: WhyButton) -> None:
        """Explain a public refusal to its asker."""
        standing = await self._accounts.standing(caller_of(interaction))
        text = why(button, interaction.user.id, standing, interaction.locale.value)
        await interaction.response.send_message(text, ephemeral=True)
