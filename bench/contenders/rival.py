"""A bot as most are written: the command's own coroutine orders, waits, downloads and posts.

It is the real discord.py against the same sandbox, with the same command, so that only the way it
learns of finished films differs; that is the `Maker`'s. It remembers nothing: what was under way
before it was started is handed to it. Kinder than its models: it gives up on nothing.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import discord
import yarl
from aiohttp import ClientWebSocketResponse
from discord import app_commands
from typing_extensions import override


@dataclass(frozen=True)
class Setting:
    """What a rival is told: where Discord and the service are, its keys, what is under way.

    `begun` has an upstream id, a channel id and a card's message id for each film.
    """

    token: str
    api_url: str
    gateway_url: str
    service_url: str
    key: str
    begun: tuple[tuple[str, int, int], ...] = ()

    def write(self, path: Path) -> None:
        """Write it down for the rival's process."""
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Setting":
        """Read what `write` has written."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**told, "begun": tuple(tuple(each) for each in told["begun"])})


class Maker(Protocol):
    """A rival's way to have films made."""

    async def new(self, prompt: str) -> bytes:
        """Order a film and return it."""

    async def begun(self, upstream_id: str) -> bytes:
        """Return a film that was ordered before."""


class Rival(discord.Client):
    """The bot around a maker."""

    def __init__(self, setting: Setting, maker: Maker) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self._setting = setting
        self._maker = maker
        self._waits: set[asyncio.Task[None]] = set()
        self._tree = app_commands.CommandTree(self)
        self._tree.add_command(_video(self._order))
        discord.http.Route.BASE = setting.api_url
        self.http.ws_connect = _dialling(setting.gateway_url, self)  # type: ignore[method-assign]

    @override
    async def setup_hook(self) -> None:
        for upstream_id, channel_id, card_id in self._setting.begun:
            wait = asyncio.create_task(self._wait(upstream_id, channel_id, card_id))
            self._waits.add(wait)
            wait.add_done_callback(self._waits.discard)
        await self._tree.sync()

    async def _order(self, interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.send_message(f"Making {prompt} …")
        card = await interaction.original_response()
        film = await self._maker.new(prompt)
        await self._post(film, card.channel.id, card.id)

    async def _wait(self, upstream_id: str, channel_id: int, card_id: int) -> None:
        await self._post(await self._maker.begun(upstream_id), channel_id, card_id)

    async def _post(self, film: bytes, channel_id: int, card_id: int) -> None:
        channel = self.get_partial_messageable(channel_id)
        card = discord.MessageReference(message_id=card_id, channel_id=channel_id)
        await channel.send(file=discord.File(BytesIO(film), "film.mp4"), reference=card)


def play(build: Callable[[Setting], Maker]) -> None:
    """Be a rival, as the setting in the file that the command line names has it."""
    setting = Setting.read(Path(sys.argv[1]))

    async def run() -> None:
        async with Rival(setting, build(setting)) as rival:
            await rival.start(setting.token)

    asyncio.run(run())


def _video(order: Callable[[discord.Interaction, str], Any]) -> app_commands.Group:
    video = app_commands.Group(name="video", description="Make a video")

    @video.command(name="text", description="Make a video from a sentence")
    async def text(interaction: discord.Interaction, prompt: str, model: str) -> None:  # noqa: ARG001 - it has one model
        await order(interaction, prompt)

    return video


def _dialling(gateway_url: str, client: discord.Client) -> Callable[..., Any]:
    dial, gateway = client.http.ws_connect, yarl.URL(gateway_url)

    async def there(url: str, *, compress: int = 0) -> ClientWebSocketResponse:
        return await dial(str(gateway.with_query(yarl.URL(url).query)), compress=compress)

    return there
