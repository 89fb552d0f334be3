"""Forms that work after a restart: what they were opened on is named by their custom id.

Serves the doors. A form is a file of its own beside ``fields`` and a verb in ``VERBS``; its id is
``clap:<verb>:<key>``, and once sent it is heard as ``<verb>_submitted(interaction, sent)``. Never
kept in memory.
"""

from typing import Any

import discord

from bot.discord_ui.forms import animate, continuing, rewording, storyboard, upload
from bot.discord_ui.forms.animate import animate_form
from bot.discord_ui.forms.continuing import continue_form
from bot.discord_ui.forms.rewording import words_form
from bot.discord_ui.forms.sent import Sent
from bot.discord_ui.forms.storyboard import storyboard_form
from bot.discord_ui.forms.upload import upload_form

VERBS = frozenset({animate.VERB, continuing.VERB, rewording.VERB, storyboard.VERB, upload.VERB})


def read_form(interaction: discord.Interaction[Any]) -> Sent | None:
    """Return one of our forms that was sent; ``None``: it is something else."""
    sent = Sent.read(interaction)
    return sent if sent is not None and sent.verb in VERBS else None


__all__ = [
    "VERBS",
    "Sent",
    "animate_form",
    "continue_form",
    "read_form",
    "storyboard_form",
    "upload_form",
    "words_form",
]
