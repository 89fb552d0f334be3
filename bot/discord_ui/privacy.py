"""A member's own choice whether others may animate their pictures: how it is shown to them.

Serves ``/video privacy`` and the answer to *Take down*. Always private; never makes the choice.
"""

import discord

from bot.discord_ui.buttons import PrivacyButton
from bot.discord_ui.words import Say, words_for


def choice_shown(locale: str, *, refuses: bool) -> tuple[str, discord.ui.View]:
    """Return what the choice is and means, and the button that turns it around."""
    text = words_for(locale).say(Say.OTHERS_MAY_NOT if refuses else Say.OTHERS_MAY)
    return text, choice_offered(locale, refuses=refuses)


def choice_offered(locale: str, *, refuses: bool) -> discord.ui.View:
    """Return the button that turns the choice around."""
    return discord.ui.View(timeout=None).add_item(PrivacyButton(locale, refuse=not refuses))
