"""The connection to Discord's gateway: made with patience, kept, and its end said in one sentence.

Runs beside the whole story, for as long as the bot does. discord.py connects again by itself once
it was connected; before that its patience is noisy and ends. Never looks at an event.
"""

import logging
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.app.identifies import Identifies
from bot.app.identity import until_answered
from bot.clock import Clock
from bot.errors import ConfigurationError, Unreachable
from bot.net.application import WRONG_TOKEN

log = logging.getLogger(__name__)

WRONG_TOKEN_CODE = 4004
INTENT_OFF = (
    "Discord closed the connection because the Message Content Intent is off: switch it on in the "
    "developer portal, or set MESSAGE_CONTENT=off."
)


async def stay_connected(
    client: discord.AutoShardedClient, clock: Clock, identifies: Identifies
) -> None:
    """Connect, however long it takes Discord to answer, and stay until it lets us go for good.

    It waits with the connection while ``identifies`` says that there were too many.

    Raises:
        ConfigurationError: Discord let us go, and why.
    """
    _dial_patiently(client, clock, identifies)

    async def connect() -> None:
        try:
            limits = await client.fetch_session_start_limits()
            reset_after = timedelta(milliseconds=limits.reset_after)
            await identifies.turn_as_discord_says(limits.remaining, reset_after)
            await client.connect()
        except discord.GatewayNotFound as error:
            raise Unreachable("it does not say where its gateway is") from error

    try:
        await until_answered(connect, clock)
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigurationError(INTENT_OFF) from error
    except discord.ConnectionClosed as error:
        raise ConfigurationError(_farewell(error.code)) from error


def _farewell(code: int) -> str:
    if code == WRONG_TOKEN_CODE:
        return WRONG_TOKEN
    return f"Discord closed the connection for good (close code {code}): look it up, then restart."


def _dial_patiently(
    client: discord.AutoShardedClient, clock: Clock, identifies: Identifies
) -> None:
    """Let the first connection of each shard wait for its turn and for the gateway.

    discord.py would write a traceback every five seconds and nest one call deeper each time, until
    Python stops it. Later the shards take their turns themselves, as they may resume.
    """
    dial = client.http.ws_connect
    client.shard_connect_timeout = None  # a silent gateway is given up by the connection itself

    async def patient(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        if len(client.shards) >= (client.shard_count or 1):  # all were connected before
            return await dial(url, compress=compress)
        await identifies.turn()

        async def ask() -> Any:
            return await dial(url, compress=compress)

        socket: aiohttp.ClientWebSocketResponse = await until_answered(ask, clock)
        return socket

    client.http.ws_connect = patient  # type: ignore[method-assign]  # its only dial, every path
