"""*Take down* below films and cards, and the choice whether others may animate one's pictures.

Beside the story. Never decides who may take a film down: Consent does.
"""

from typing import Any

import discord
from discord.ext import commands

from bot.discord_ui.buttons import PrivacyButton, TakeDownButton
from bot.discord_ui.orders import caller_of, presser_about, presser_of
from bot.discord_ui.privacy import choice_offered, choice_shown
from bot.discord_ui.words import Say, words_for
from bot.domain.task import SETTLED, Task
from bot.pipeline.consent import Consent
from bot.pipeline.desk import Desk

Press = discord.Interaction[Any]


class ConsentCog(commands.Cog):
    """What somebody can do whose picture was animated."""

    def __init__(self, desk: Desk, consent: Consent) -> None:
        self._desk = desk
        self._consent = consent

    @commands.Cog.listener()
    async def on_takedown_pressed(self, interaction: Press, button: TakeDownButton) -> None:
        """Take a film down; whose picture it was may then refuse all others."""
        view = await self._desk.view(presser_of(interaction, button.guild_id), button.task_id)
        caller = presser_about(interaction, button.guild_id, view.task.channel_id)
        task = await self._consent.take_down(caller, button.task_id)
        locale, offer = interaction.locale.value, discord.utils.MISSING
        if caller.member_id == task.source_member_id:
            refuses = await self._consent.refuses(caller.guild_id, caller.member_id)
            offer = choice_offered(locale, refuses=refuses)
        text = words_for(locale).say(_outcome(task))
        await interaction.response.send_message(text, view=offer, ephemeral=True)

    @commands.Cog.listener()
    async def on_others_pressed(self, interaction: Press, button: PrivacyButton) -> None:
        """Write the presser's choice down, and show it."""
        await self._consent.choose(caller_of(interaction), refuse=button.refuse)
        text, view = choice_shown(interaction.locale.value, refuses=button.refuse)
        await interaction.response.edit_message(content=text, view=view)


def _outcome(task: Task) -> Say:
    if not task.withdrawn:
        return Say.CANCEL_ASKED
    return Say.REMOVED if task.state in SETTLED else Say.STOPPED
