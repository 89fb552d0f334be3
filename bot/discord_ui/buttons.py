"""Buttons that work after a restart: everything they need stands in their custom id.

Serves the card (*Cancel*), films (*Full quality*) and public refusals (*Why?*). A press becomes an
event that a cog hears; never acts by itself.
"""

import re
from typing import Any, Self

import discord
from discord import ui
from typing_extensions import override

from bot.discord_ui import tickets
from bot.discord_ui.words import Say, words_for
from bot.domain.quota import Standing
from bot.errors import Refused

CANCEL = r"clap:cancel:(?P<task_id>[0-9a-f]{12})"
FULL = r"clap:full:(?P<guild_id>\d+):(?P<task_id>[0-9a-f]{12})"
"""With the server: the film, and so the press, may be in a member's direct messages."""
WHY = r"clap:why:(?P<asker>\d+):(?P<ticket>.+)"


def is_button(custom_id: str) -> bool:
    """Tell whether a custom id is that of one of our buttons."""
    return any(re.fullmatch(template, custom_id) for template in (CANCEL, FULL, WHY))


class CancelButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=CANCEL):
    """Asks for the task to be cancelled; heard as ``cancel_pressed(interaction, task_id)``."""

    def __init__(self, task_id: str, label: str) -> None:
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"clap:cancel:{task_id}",
            )
        )
        self.task_id = task_id

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from a press."""
        return cls(match["task_id"], words_for(interaction.locale.value).say(Say.CANCEL))

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch("cancel_pressed", interaction, self.task_id)


class FullQualityButton(ui.DynamicItem[ui.Button[Any]], template=FULL):
    """Asks for the whole film; heard as ``full_quality_pressed(interaction, button)``."""

    def __init__(self, guild_id: int, task_id: str, label: str) -> None:
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"clap:full:{guild_id}:{task_id}",
            )
        )
        self.guild_id = guild_id
        self.task_id = task_id

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from a press."""
        label = words_for(interaction.locale.value).say(Say.FULL_QUALITY)
        return cls(int(match["guild_id"]), match["task_id"], label)

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch("full_quality_pressed", interaction, self)


class WhyButton(ui.DynamicItem[ui.Button[ui.View]], template=WHY):
    """Explains a public refusal to its asker; heard as ``why_pressed(interaction, button)``."""

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


BUTTONS = (CancelButton, FullQualityButton, WhyButton)
