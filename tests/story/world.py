"""The whole story in one process: the sandbox's servers, and the real bot connected to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw

from bot.app import App, running
from bot.app import Pace as BotPace
from bot.clock import SystemClock
from bot.domain.quota import LedgerEntry
from bot.domain.task import Task
from bot.settings import Settings
from sandbox.discord import Attachment, Call, Channel, Discord, Guild, Limits, Member, Message
from sandbox.services import AiVideoMaker, Films, OpenAiVideos, Pace
from sandbox.services.aivideomaker.service import Mode

TOKEN, AVM_KEY, APIGO_KEY = "test-discord-token", "test-avm-key", "test-apigo-key"
PATIENCE = timedelta(seconds=15)
SERVICES = Pace(queued=timedelta(milliseconds=30), running=timedelta(milliseconds=30))
BOT = BotPace(
    query_interval=timedelta(milliseconds=10),
    look_interval=timedelta(milliseconds=10),
    edit_gap=timedelta(milliseconds=1),
    line_gap=timedelta(milliseconds=10),
    gone_patience=timedelta(0),
)
FULL_POOL = 500
"""The credits of a server that nobody has given a quota."""


class MovableClock(SystemClock):
    """The machine's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> timedelta:
        return super().monotonic() + self.ahead


@dataclass
class World:
    """A server with two members, both services, and where the bot keeps its things."""

    folder: Path
    discord: Discord
    aivideomaker: AiVideoMaker
    apigo: OpenAiVideos
    guild: Guild
    channel: Channel
    ada: Member
    ben: Member
    admin: Member

    def settings(self, **changes: Any) -> Settings:
        """The bot's settings for this world."""
        values: dict[str, Any] = {
            "discord_token": TOKEN,
            "discord_api_url": self.discord.api_url,
            "discord_gateway_url": self.discord.gateway_url,
            "discord_cdn_url": self.discord.cdn_url,
            "aivideomaker_api_key": AVM_KEY,
            "aivideomaker_url": self.aivideomaker.url,
            "apigo_api_key": APIGO_KEY,
            "apigo_url": self.apigo.url,
            "database_url": f"sqlite+aiosqlite:///{self.folder}/clapboard.db",
            "data_dir": self.folder / "data",
            **changes,
        }
        return Settings(_env_file=None, **values)

    @asynccontextmanager
    async def bot(
        self, *, clock: SystemClock | None = None, pace: BotPace = BOT, **changes: Any
    ) -> AsyncIterator[App]:
        """Run the bot in this process while the body runs; ``changes`` are settings."""
        async with running(self.settings(**changes), clock=clock, pace=pace) as app:
            await self.discord.bot_ready()
            yield app

    async def film(self, call: Call) -> Attachment:
        """Wait for the film that a command's card leads to."""
        return await self.film_of(card_of(call))

    async def film_of(self, card: Message) -> Attachment:
        """Wait for the film that replies to a card, and for the card to be its receipt."""
        film = await self.film_message(card)
        await card.until(lambda shown: film.jump_url in shown.text, PATIENCE)
        return film.attachments[0]

    async def film_message(self, card: Message) -> Message:
        """Wait for the message that brings a card's film."""
        return await card.channel.until(
            lambda message: message.reply_to == card and bool(message.attachments), PATIENCE
        )

    async def tasks(self, app: App, member: Member | None = None) -> list[Task]:
        """All tasks of the server as the rows have them, newest first."""
        async with app.resources.store.read(self.guild.id) as guild:
            return await guild.tasks_of(member.id if member else None, limit=100)

    async def task(self, app: App) -> Task:
        """The only task there is."""
        (task,) = await self.tasks(app)
        return task

    async def ledger(self, app: App) -> list[LedgerEntry]:
        """All facts about credits, oldest first."""
        async with app.resources.store.read(self.guild.id) as guild:
            return (await guild.history(limit=1000))[::-1]

    async def left(self, app: App, member: Member | None = None) -> int:
        """The credits left in the pool, or of a member's limit."""
        who = member or self.ada
        async with app.resources.store.read(self.guild.id) as guild:
            standing = await guild.standing(
                who.id, [role.id for role in who.roles], now=app.resources.clock.now()
            )
        purse = standing.member if member else standing.pool
        assert purse is not None
        return purse.left

    async def shown(self, member: Member, task_id: str) -> Call:
        """Use `/video show`; return it once it is answered."""
        return await (await member.slash(self.channel, "video show", id=task_id)).answered()

    async def untouched(self, app: App) -> bool:
        """Tell whether nothing was recorded, held, or sent to a service."""
        rows = [*await self.tasks(app), *await self.ledger(app)]
        return not rows and self.creates == 0

    @property
    def creates(self) -> int:
        """How many jobs were asked for, at both services."""
        return self.aivideomaker.count("POST") + self.apigo.count("POST")


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    services: Pace = SERVICES,
    films: Films | None = None,
    mode: Mode = "strict",
    **discord: Any,
) -> AsyncIterator[World]:
    """Open all servers.

    Args:
        folder: where the bot keeps its things.
        services: how fast both services work.
        films: a studio to share, so that no film is rendered twice.
        mode: how the AI Video Maker stand-in behaves.
        discord: options of the sandbox's Discord.
    """
    discord.setdefault("limits", Limits.generous())
    async with (
        Discord(TOKEN, **discord) as server,
        AiVideoMaker(
            key=AVM_KEY,
            pace=services,
            mode=mode,
            queries_per_minute=None,
            films=films,
            files_port=None,
        ) as aivideomaker,
        OpenAiVideos(key=APIGO_KEY, pace=services, films=films, files_port=None) as apigo,
    ):
        guild = server.add_guild("Studio")
        yield World(
            folder,
            server,
            aivideomaker,
            apigo,
            guild,
            guild.add_channel("films"),
            guild.add_member("Ada"),
            guild.add_member("Ben"),
            guild.add_member("Grace", admin=True),
        )


def card_of(call: Call) -> Message:
    """Return the card that a command was answered with."""
    assert call.message is not None, f"no card: {call.text}"
    return call.message


async def refusal_of(call: Call) -> str:
    """Wait for a private answer; nothing public may be left of the call."""
    await call.until(lambda seen: any(not answer.loading for answer in seen.private))
    assert call.message is None, call.message.text
    assert not call.failed
    return call.private[0].text


def picture(size: tuple[int, int] = (320, 180), kind: str = "PNG") -> bytes:
    """A picture with a red left and a blue right half."""
    image = Image.new("RGB", size, (200, 30, 30))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=(30, 30, 200))
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def seconds_of(film: Attachment) -> float:
    """Decode a film from end to end; return its length in seconds."""
    with av.open(BytesIO(film.data), "r") as container:
        video = container.streams.video[0]
        frames = sum(1 for _ in container.decode(video))
        assert video.average_rate is not None
        return frames / float(video.average_rate)
