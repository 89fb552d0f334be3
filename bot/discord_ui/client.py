"""The connection to Discord: one client, told where Discord is and how little it needs to know.

Carries every step that a person can see. Never runs a command itself (the cogs do) and keeps no
messages or members in memory.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Protocol

import discord
import yarl
from aiohttp import ClientWebSocketResponse
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.discord_ui.boundary import Tree, explain, privately
from bot.discord_ui.buttons import BUTTONS, is_button
from bot.discord_ui.forms import read_form
from bot.discord_ui.words import Say, words_for

Dial = Callable[..., Coroutine[Any, Any, ClientWebSocketResponse]]

BEGUN = ("CommandTree", "discord.py: on_", "discord-ui-dynamic")
"""How discord.py names the asyncio tasks that run commands, listeners and presses."""


class SessionPace(Protocol):
    """How often a session at the gateway may be begun; see ``bot/app/identifies.py``."""

    async def turn(self) -> None:
        """Return when another may be begun."""

    async def count(self) -> None:
        """Write down that one is about to be begun."""


class PatientShard(discord.shard.Shard):
    """Waits for its turn before it connects anew, unless it can take its session up again.

    Afterwards would be too late: Discord and discord.py give an idle connection a minute.
    """

    @override
    async def reidentify(self, exc: discord.gateway.ReconnectWebSocket) -> None:
        if not exc.resume:
            await self._turn()
        await super().reidentify(exc)

    @override
    async def reconnect(self) -> None:
        await self._turn()
        await super().reconnect()

    async def _turn(self) -> None:
        if isinstance(self._client, VideoBot) and self._client.pace is not None:
            await self._client.pace.turn()


class VideoBot(commands.AutoShardedBot):
    """Clapboard's Discord client. Build it inside the event loop and use it as ``async with``."""

    def __init__(
        self,
        *,
        api_url: str,
        gateway_url: str | None,
        cdn_url: str,
        message_content: bool,
        pace: SessionPace | None = None,
    ) -> None:
        """Take where Discord is.

        Args:
            api_url: base of the REST API, with its version.
            gateway_url: replaces whatever Discord says, also for resume and reconnect.
            cdn_url: base of avatars and icons.
            message_content: ask for the message content intent.
            pace: how often a session may be begun; none: as often as discord.py likes.
        """
        discord.http.Route.BASE = api_url.rstrip("/")
        discord.asset.Asset.BASE = cdn_url.rstrip("/")
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=_intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self.pace = pace
        discord.shard.Shard = PatientShard  # type: ignore[misc] # what it builds its shards from
        if gateway_url is not None:
            dial = _always_to(yarl.URL(gateway_url), self.http.ws_connect)
            self.http.ws_connect = dial  # type: ignore[method-assign]  # its only dial, every path

    @property
    def connected(self) -> bool:
        """Whether every shard has its connection now; ``is_ready`` outlives a lost one."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Keep five seconds between two, as discord.py does, and write each down."""
        await super().before_identify_hook(shard_id, initial=initial)
        if self.pace is not None:
            await self.pace.count()

    @override
    async def setup_hook(self) -> None:
        """Make the buttons on old cards work and tell Discord the commands."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.sync()

    async def settle(self, patience: timedelta) -> None:
        """Wait until what members have begun is answered and written down, or patience ends.

        A card that was shown but not written down could never be edited again.
        """
        begun = [task for task in asyncio.all_tasks() if task.get_name().startswith(BEGUN)]
        if begun:
            await asyncio.wait(begun, timeout=patience.total_seconds())

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no prefix commands, and the cogs listen for mentions."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Tell the cogs of a sent form; answer presses and forms of older versions."""
        custom_id, sent = interaction.custom_id, read_form(interaction)
        if sent is not None:
            self.dispatch(f"{sent.verb}_submitted", interaction, sent)
        elif custom_id is not None and not is_button(custom_id):
            words = words_for(interaction.locale.value)
            await privately(interaction, words.say(Say.DEAD_BUTTON))

    @override
    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Bring what a listener could not deal with to the same boundary as the commands."""
        error = sys.exception()
        interaction = next((arg for arg in args if isinstance(arg, discord.Interaction)), None)
        if isinstance(error, Exception):
            await explain(interaction, error)


def _intents(*, message_content: bool) -> discord.Intents:
    return discord.Intents(guilds=True, guild_messages=True, message_content=message_content)


def _always_to(gateway: yarl.URL, dial: Dial) -> Dial:
    """Return ``dial`` for one gateway: whatever address it is given, only the query counts."""

    async def dial_ours(url: str, *, compress: int = 0) -> ClientWebSocketResponse:
        return await dial(str(gateway.with_query(yarl.URL(url).query)), compress=compress)

    return dial_ours
