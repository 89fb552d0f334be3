"""Buttons that work after a restart: everything they need stands in their custom id.

Serves cards, films and public refusals. A press becomes an event that a cog hears; never acts by
itself. A new button is a class of its own beside ``task_buttons``, a line in ``BUTTONS``, and a
place in ``rows``.
"""

import re

from bot.discord_ui.buttons.privacy import PrivacyButton
from bot.discord_ui.buttons.task_buttons import (
    AgainButton,
    CancelButton,
    ContinueButton,
    FullQualityButton,
    TakeDownButton,
    TaskButton,
    WordsButton,
)
from bot.discord_ui.buttons.upload import UploadButton
from bot.discord_ui.buttons.why import WhyButton, why

BUTTONS = (
    AgainButton,
    CancelButton,
    ContinueButton,
    FullQualityButton,
    PrivacyButton,
    TakeDownButton,
    UploadButton,
    WhyButton,
    WordsButton,
)


def is_button(custom_id: str) -> bool:
    """Tell whether a custom id is that of one of our buttons."""
    return any(re.fullmatch(button.pattern, custom_id) for button in BUTTONS)


__all__ = [
    "BUTTONS",
    "AgainButton",
    "CancelButton",
    "ContinueButton",
    "FullQualityButton",
    "PrivacyButton",
    "TakeDownButton",
    "TaskButton",
    "UploadButton",
    "WhyButton",
    "WordsButton",
    "is_button",
    "why",
]
