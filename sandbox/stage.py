"""The whole world on loopback: a Discord, both video services, and the bot as a child process.

What `python -m sandbox` and the tests that kill the bot play on. It never uses the network beyond
this machine, nor any file outside its folder.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.bot_process import BotProcess
from sandbox.discord import Discord
from sandbox.services import AiVideoMaker, Films, OpenAiVideos, Pace

DISCORD_TOKEN = "sandbox-discord-token"  # noqa: S105 - opens nothing but this sandbox
AIVIDEOMAKER_KEY = "sandbox-aivideomaker-key"
APIGO_KEY = "sandbox-apigo-key"


class Stage:
    """Discord, AI Video Maker and an OpenAI-style service, and a bot that is told where they are.

    Args:
        folder: an empty folder for the bot's data and log.
        pace: how fast both services work.
        settings: more settings for the bot, or other values.
        discord: another Discord than the ordinary one, for the same token.
        films: a studio that both services share, instead of one each.
        aivideomaker, apigo: other services than the ordinary ones, for the same keys.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pace: Pace | None = None,
        settings: dict[str, str] | None = None,
        discord: Discord | None = None,
        films: Films | None = None,
        aivideomaker: AiVideoMaker | None = None,
        apigo: OpenAiVideos | None = None,
    ) -> None:
        self.folder = folder
        self.discord = discord or Discord(DISCORD_TOKEN)
        self.aivideomaker = aivideomaker or AiVideoMaker(
            key=AIVIDEOMAKER_KEY, pace=pace, films=films, files_port=None
        )
        self.apigo = apigo or OpenAiVideos(key=APIGO_KEY, pace=pace, films=films, files_port=None)
        self._settings = settings or {}
        self._bot: BotProcess | None = None
        self._open = AsyncExitStack()

    @property
    def bot(self) -> BotProcess:
        """The bot's process, made when it is first asked for."""
        if self._bot is None:
            self._bot = BotProcess(self.folder, self.settings())
        return self._bot

    def settings(self) -> dict[str, str]:
        """The bot's settings: where everything is, and its keys."""
        return {
            "DISCORD_TOKEN": DISCORD_TOKEN,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "DISCORD_CDN_URL": self.discord.cdn_url,
            "AIVIDEOMAKER_API_KEY": AIVIDEOMAKER_KEY,
            "AIVIDEOMAKER_URL": self.aivideomaker.url,
            "APIGO_API_KEY": APIGO_KEY,
            "APIGO_URL": self.apigo.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/clapboard.db",
            "DATA_DIR": str(self.folder / "data"),
            **self._settings,
        }

    async def __aenter__(self) -> Self:
        for server in (self.discord, self.aivideomaker, self.apigo):
            await self._open.enter_async_context(server)
        return self

    async def start_bot(self) -> None:
        """Start the bot and wait until members can use it.

        Raises:
            TimeoutError: it was not ready in time, or ended; the text has the end of its log.
        """
        await self.bot.start()
        ready = asyncio.ensure_future(self.discord.bot_ready())
        ended = asyncio.ensure_future(self.bot.ended())
        try:
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done() or ready.exception() is not None:
                raise TimeoutError(f"the bot is not ready; its log ends with:\n{self.bot.tail()}")
        finally:
            ready.cancel()
            ended.cancel()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bot is not None and self._bot.running:
            await self._bot.stop()
        await self._open.aclose()
