"""*Don't let others animate my pictures*, and its opposite.

Serves private answers to whoever had a film taken down or asks for their own choice. It concerns
nobody but the presser, in the server where it is pressed; never acts by itself.
"""

import re
from typing import Any, ClassVar, Self

import discord
from discord import ui
from typing_extensions import override

from bot.discord_ui.words import Say, words_for

PRIVACY = r"clap:others:(?P<choice>allow|refuse)"


class PrivacyButton(ui.DynamicItem[ui.Button[ui.View]], template=PRIVACY):
    """Makes the presser's choice; heard as ``others_pressed(interaction, button)``."""

    pattern: ClassVar[str] = PRIVACY

    def __init__(self, locale: str, *, refuse: bool) -> None:
        label = Say.REFUSE_OTHERS if refuse else Say.ALLOW_OTHERS
        super().__init__(
            ui.Button(
                label=words_for(locale).say(label),
                style=discord.ButtonStyle.secondary,
                custom_id=f"clap:others:{'refuse' if refuse else 'allow'}",
            )
        )
        self.refuse = refuse

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from a press."""
        return cls(interaction.locale.value, refuse=match["choice"] == "refuse")

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch("others_pressed", interaction, self)
