"""Buttons that concern one task.

Serves cards and films. Each is a class with a verb, a label and nothing else: its custom id is
``clap:<verb>:<guild id>:<task id>``, and a press is heard as ``<verb>_pressed(interaction,
button)``. The server stands in the id because a film, and so the press, may be in somebody's direct
messages. Never acts by itself.
"""

import re
from typing import Any, ClassVar, Self

import discord
from discord import ui
from typing_extensions import override

from bot.discord_ui.words import Say, words_for

_IDS = r"(?P<guild_id>\d+):(?P<task_id>[0-9a-f]{12})"


class TaskButton(ui.DynamicItem[ui.Button[Any]], template=rf"clap:task:{_IDS}"):
    """What all of them have in common."""

    verb: ClassVar[str]
    label: ClassVar[Say]
    style: ClassVar[discord.ButtonStyle]
    pattern: ClassVar[str]

    @override
    def __init_subclass__(
        cls,
        *,
        verb: str,
        label: Say,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        cls.verb, cls.label, cls.style = verb, label, style
        cls.pattern = rf"clap:{verb}:{_IDS}"
        super().__init_subclass__(template=cls.pattern)

    def __init__(self, guild_id: int, task_id: str, locale: str, label: Say | None = None) -> None:
        """Make the button, in the language of ``locale``; ``label`` is another than its own."""
        super().__init__(
            ui.Button(
                label=words_for(locale).say(label or self.label),
                style=self.style,
                custom_id=f"clap:{self.verb}:{guild_id}:{task_id}",
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
        return cls(int(match["guild_id"]), match["task_id"], interaction.locale.value)

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the cogs."""
        interaction.client.dispatch(f"{self.verb}_pressed", interaction, self)


class CancelButton(TaskButton, verb="cancel", label=Say.CANCEL):
    """Asks for the task to be cancelled."""


class FullQualityButton(TaskButton, verb="full", label=Say.FULL_QUALITY):
    """Asks for the whole film."""


class AgainButton(TaskButton, verb="again", label=Say.AGAIN):
    """Orders the same once more, below a film or (as *Try again*) on a failure card."""


class WordsButton(TaskButton, verb="words", label=Say.CHANGE_WORDS):
    """Opens the order as a form, to be changed and sent once more."""


class ContinueButton(TaskButton, verb="continue", label=Say.CONTINUE):
    """Opens a form for the film that begins where this one ends."""


class TakeDownButton(TaskButton, verb="takedown", label=Say.TAKE_DOWN):
    """Asks for a film made from somebody's picture to be shown to nobody any more."""
