"""*Upload it*: opens a form for the picture that Discord hides from us.

Serves orders by message. Names its asker and the draft with their words; never opens the form
itself.
"""

import re
from typing import Any, ClassVar, Self

import discord
from discord import ui
from typing_extensions import override

from bot.discord_ui.words import Say, words_for

UPLOAD = r"clap:upload:(?P<asker>\d+):(?P<draft>[0-9a-f]{12})"


class UploadButton(ui.DynamicItem[ui.Button[ui.View]], template=UPLOAD):
    """Opens the upload form for its asker; heard as ``upload_pressed(interaction, button)``."""

    pattern: ClassVar[str] = UPLOAD

    def __init__(self, asker_id: int, draft_id: str, locale: str) -> None:
        super().__init__(
            ui.Button(
                label=words_for(locale).say(Say.UPLOAD),
                style=discord.ButtonStyle.primary,
                custom_id=f"clap:upload:{asker_id}:{draft_id}",
            )
        )
        self.asker_id = asker_id
        self.draft_id = draft_id

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from a press."""
        return cls(int(match["asker"]), match["draft"], interaction.locale.value)

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch("upload_pressed", interaction, self)
