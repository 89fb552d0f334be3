"""*Why?*: explains a public refusal to the one who was refused.

Serves orders by message, where the answer is public and figures are nobody else's business. The
refusal itself stands in the custom id; never keeps one in memory.
"""

import re
from typing import Any, ClassVar, Self

import discord
from discord import ui
from typing_extensions import override

from bot.discord_ui import tickets
from bot.discord_ui.words import Say, words_for
from bot.domain.quota import Standing
from bot.errors import Refused

WHY = r"clap:why:(?P<asker>\d+):(?P<ticket>.+)"


class WhyButton(ui.DynamicItem[ui.Button[ui.View]], template=WHY):
    """Explains a public refusal to its asker; heard as ``why_pressed(interaction, button)``."""

    pattern: ClassVar[str] = WHY

    def __init__(self, asker_id: int, ticket: str, label: str) -> None:
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"clap:why:{asker_id}:{ticket}",
            )
        )
        self.asker_id = asker_id
        self.ticket = ticket

    @classmethod
    def of(cls, asker_id: int, refused: Refused, locale: str) -> Self:
        """Return the button that explains ``refused`` to the member who asked."""
        ticket = tickets.write(refused, room=100 - len(f"clap:why:{asker_id}:"))
        return cls(asker_id, ticket, words_for(locale).say(Say.WHY))

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from a press."""
        label = words_for(interaction.locale.value).say(Say.WHY)
        return cls(int(match["asker"]), match["ticket"], label)

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch("why_pressed", interaction, self)


def why(button: WhyButton, presser_id: int, standing: Standing, locale: str) -> str:
    """Return the words for whoever pressed *Why?*; figures from the presser's ``standing`` now."""
    words = words_for(locale)
    if presser_id != button.asker_id:
        return words.say(Say.WHY_NOT_YOURS)
    refused = tickets.read(button.ticket)
    if refused is None:
        return words.say(Say.DEAD_BUTTON)
    return words.refusal(tickets.with_figures(refused, standing))
