"""Where errors of commands, presses and forms end: kind words for the member, facts for the log.

One of the two places that catch everything; the other is a worker's loop. Never shows a traceback
or an exception's text to anybody in Discord.
"""

import logging
import secrets
from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.discord_ui.troubles import TRANSPORT, fact
from bot.discord_ui.typed import told, typed_into
from bot.discord_ui.words import Say, words_for
from bot.errors import DeliveryError, Refusal, Refused, StoreUnavailable

log = logging.getLogger(__name__)

PASSING = (*TRANSPORT, discord.DiscordServerError, DeliveryError, StoreUnavailable)
"""Somebody's trouble that is over in a while: the member can simply try again."""
ALREADY_ACKNOWLEDGED = 40060
THINKING = discord.InteractionResponseType.deferred_channel_message

AnyInteraction = discord.Interaction[Any]


class Tree(app_commands.CommandTree[Any]):
    """The commands; their errors end here."""

    @override
    async def on_error(
        self, interaction: AnyInteraction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer the member and log what is not theirs."""
        await explain(interaction, error)


async def explain(interaction: AnyInteraction | None, error: Exception) -> None:
    """Tell the member privately what went wrong; what is our doing goes to the log."""
    error = getattr(error, "original", error)
    if _too_late(error):
        log.warning("there was nothing left to answer: %s", fact(error))
        return
    if isinstance(error, PASSING):
        log.error("a request of a member failed: %s", fact(error))
        if interaction is None:  # nobody waits for an answer
            return
        error = Refused(Refusal.BUSY)
    text = _known(interaction, error) if interaction else None
    if text is None:
        text = _bug(interaction, error)
    if interaction is not None:
        await privately(interaction, text, typed_into(interaction))


async def privately(interaction: AnyInteraction, text: str, typed: str = "") -> None:
    """Answer for the member's eyes only, whatever was answered before.

    ``typed`` is what they put into a form: they can copy it from the answer.

    A "thinking" is removed first: it may be public, and what follows takes over its publicity.
    """
    try:
        if not interaction.response.is_done() and await _answered(interaction, text, typed):
            return
        if interaction.response.type in (None, THINKING):
            await interaction.delete_original_response()
        await told(interaction.followup.send, text, typed, interaction.locale.value)
    except (discord.HTTPException, *TRANSPORT) as error:
        log.warning("a private answer was lost: %s", fact(error))


async def _answered(interaction: AnyInteraction, text: str, typed: str) -> bool:
    """Answer first; return whether nothing of ours had got through before."""
    try:
        await told(interaction.response.send_message, text, typed, interaction.locale.value)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        return False
    return True


def _too_late(error: Exception) -> bool:
    """Tell whether the interaction is over, was answered, or its channel or message is gone."""
    if isinstance(error, discord.NotFound):
        return True
    return isinstance(error, discord.HTTPException) and error.code == ALREADY_ACKNOWLEDGED


def _known(interaction: AnyInteraction, error: Exception) -> str | None:
    """Return the words for what the member can mend themselves."""
    words = words_for(interaction.locale.value)
    match error:
        case Refused():
            return words.refusal(error)
        case app_commands.MissingPermissions():
            names = [_as_discord_shows(name) for name in error.missing_permissions]
            return words.refusal(Refused(Refusal.NOT_PERMITTED, permission=", ".join(names)))
        case app_commands.NoPrivateMessage():
            return words.refusal(Refused(Refusal.GUILD_ONLY))
        case app_commands.TransformerError():
            return words.say(Say.UNREADABLE_OPTION, option=str(error.value))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return words.say(Say.OUTDATED_COMMAND)
    return None


def _as_discord_shows(permission: str) -> str:
    """Return a permission's name as a server's settings show it."""
    return permission.replace("guild", "server").replace("_", " ").title()


def _bug(interaction: AnyInteraction | None, error: Exception) -> str:
    reference = secrets.token_hex(4)
    log.error("unexpected, reference %s", reference, exc_info=error)
    locale = interaction.locale.value if interaction else ""
    return words_for(locale).say(Say.BUG, reference=reference)
