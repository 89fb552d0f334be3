"""All that the bot says, by language: ``words_for(locale)`` chooses, ``english`` is the first.

Serves every step that a person can see. Codes and fields come in, sentences go out; never decides
anything. A language is one module like ``english`` and one line in ``LANGUAGES``.
"""

from bot.discord_ui.words import english
from bot.discord_ui.words.language import Say, Words

LANGUAGES = {"en": english.WORDS}
"""By the first part of Discord's locale codes."""


def words_for(locale: str) -> Words:
    """Return the words for a Discord locale (``en-GB``); English where nobody has translated."""
    return LANGUAGES.get(locale.split("-", 1)[0], english.WORDS)


__all__ = ["LANGUAGES", "Say", "Words", "words_for"]
