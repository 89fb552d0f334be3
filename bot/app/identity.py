"""Start-up questions to Discord: is the token good, may we read messages?

Asked before the client connects; waits with back-off while Discord is away, and says so. Never
connects itself.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import discord
import httpx

from bot.clock import Clock
from bot.discord_ui.troubles import translated
from bot.errors import ConfigurationError, Unreachable
from bot.net.application import WRONG_TOKEN, Application, read_application
from bot.pipeline.worker import backoff
from bot.settings import Settings

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
LONGEST_PAUSE = timedelta(minutes=1)


async def until_answered(ask: Callable[[], Awaitable[Answer]], clock: Clock) -> Answer:
    """Return what ``ask`` returns, however long it takes Discord to answer."""
    attempts = 0
    while True:
        try:
            with translated():
                return await ask()
        except Unreachable as error:
            pause = backoff(attempts, longest=LONGEST_PAUSE)
            attempts += 1
            log.warning(
                "waiting for Discord (%s); trying again in %d s", error, pause.total_seconds()
            )
            await clock.sleep(pause)


async def identify(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> Application:
    """Return who we are, however long it takes Discord to answer.

    Raises:
        ConfigurationError: the token is wrong.
    """
    token = settings.discord_token.get_secret_value()
    ask = partial(read_application, http, settings.discord_api_url, token)
    return await until_answered(ask, clock)


def reads_messages(settings: Settings, application: Application) -> bool:
    """Decide whether to ask for the message content intent.

    Raises:
        ConfigurationError: ``MESSAGE_CONTENT=on`` and the portal's switch is off.
    """
    if settings.message_content == "off":
        return False
    if application.reads_messages:
        return True
    if settings.message_content == "on":
        message = (
            "MESSAGE_CONTENT=on needs the Message Content Intent: switch it on in the developer "
            "portal (your application → Bot), or set MESSAGE_CONTENT=auto."
        )
        raise ConfigurationError(message)
    log.warning(
        "the Message Content Intent is off: pictures in messages that others wrote are hidden from "
        "replies; the Animate image menu works all the same"
    )
    return False


async def log_in(client: discord.Client, settings: Settings, clock: Clock) -> None:
    """Log the client in and tell Discord the commands, however long it takes Discord to answer.

    Raises:
        ConfigurationError: the token is wrong.
    """
    token = settings.discord_token.get_secret_value()

    async def ask() -> None:
        await _forget_session(client)
        await client.login(token)

    try:
        await until_answered(ask, clock)
    except discord.LoginFailure as error:
        raise ConfigurationError(WRONG_TOKEN) from error


async def _forget_session(client: discord.Client) -> None:
    """Close what an earlier try left open: ``login`` begins anew and would leave it lying about."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING
