"""The real bot's Discord side at a local Discord: client, doors, Desk, database; no workers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from typing_extensions import override

from bot.clock import SystemClock
from bot.discord_ui.album import Album
from bot.discord_ui.cards import Painter
from bot.discord_ui.client import VideoBot
from bot.discord_ui.mailbox import DiscordMailbox
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.showing import Showing
from bot.domain.task import Task
from bot.net.downloads import Downloads
from bot.pipeline.accounts import Accounts
from bot.pipeline.cards import Cards
from bot.pipeline.consent import Consent
from bot.pipeline.desk import Desk
from bot.pipeline.drafts import Drafts
from bot.pipeline.durations import Durations
from bot.pipeline.encores import Encores
from bot.pipeline.films import Films
from bot.pipeline.openings import Openings
from bot.pipeline.pictures import Pictures
from bot.pipeline.ports import Spot
from bot.pipeline.shelf import Shelf
from bot.providers.catalog import load
from bot.store import Store
from cogs.again import Again
from cogs.animate import Animate
from cogs.card_buttons import CardButtons
from cogs.consent import ConsentCog
from cogs.quota import QuotaCog
from cogs.video import Video
from sandbox.discord import Discord, Limits
from tests.pipeline.doubles import FakeProvider

TOKEN = "canary-token"


class ImpatientClock(SystemClock):
    """The real time, in which nobody sleeps."""

    @override
    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(0)


class Screen:
    """Keeps what was written down: guild, task, digest of the card; guild, task of who was told."""

    def __init__(self) -> None:
        self.cards: list[tuple[int, str, str]] = []
        self.news: list[tuple[int, str]] = []

    def shows(self, task: Task) -> str | None:
        digests = {task_id: digest for _, task_id, digest in self.cards}
        return digests.get(task.id, task.card_shown)

    async def shown(self, guild_id: int, task_id: str, digest: str) -> None:
        self.cards.append((guild_id, task_id, digest))

    async def told(self, guild_id: int, task_id: str) -> None:
        self.news.append((guild_id, task_id))

    async def film_before(self, task: Task) -> Spot | None:
        return None


@dataclass
class House:
    """All parts, for a test to reach."""

    client: VideoBot
    store: Store
    desk: Desk
    accounts: Accounts
    consent: Consent
    mailbox: DiscordMailbox
    painter: Painter
    shelf: Shelf
    provider: FakeProvider
    screen: Screen

    async def heard(self, event: str, act: Callable[[], None]) -> None:
        """Do something at Discord and return once the client has heard of it."""
        hearing = asyncio.ensure_future(self.client.wait_for(event, timeout=5))
        await asyncio.sleep(0)
        act()
        await hearing

    async def settled(self) -> None:
        """Return once every command, press and message so far has been dealt with."""
        while busy := [task for task in asyncio.all_tasks() if _is_ours(task)]:
            await asyncio.wait(busy)


def _is_ours(task: asyncio.Task[object]) -> bool:
    names = ("CommandTree", "discord.py: on_", "discord-ui-dynamic")
    return task.get_name().startswith(names) and task is not asyncio.current_task()


@asynccontextmanager
async def discord_at(**options: object) -> AsyncIterator[Discord]:
    """Run a local Discord with generous limits."""
    async with Discord(TOKEN, limits=Limits.generous(), **options) as world:  # type: ignore[arg-type] # options of Discord
        yield world


@asynccontextmanager
async def house_in(
    world: Discord,
    root: Path,
    *,
    message_content: bool = False,
    set_gateway: bool = True,
    patience: timedelta = timedelta(seconds=2),
) -> AsyncIterator[House]:
    """Build everything in ``root``, connect, and take it down again."""
    store = await Store.open(f"sqlite+aiosqlite:///{root}/clapboard.db", default_credits=500)
    plain = httpx.AsyncHTTPTransport(verify=False)
    downloads = Downloads([world.cdn_url], transport=plain)
    client = VideoBot(
        api_url=world.api_url,
        gateway_url=world.gateway_url if set_gateway else None,
        cdn_url=world.cdn_url,
        message_content=message_content,
    )
    client._connection.guild_ready_timeout = 0.005  # it waits two seconds for more servers
    house = _furnish(client, store, downloads, root)
    try:
        async with client:
            await _add_doors(house, patience)
            running = asyncio.create_task(client.start(TOKEN))
            await world.bot_ready()
            await client.wait_until_ready()
            yield house
            await house.settled()
            await house.mailbox.close(timedelta(0))
        await running
    finally:
        await downloads.aclose()
        await store.close()


def _furnish(client: VideoBot, store: Store, downloads: Downloads, root: Path) -> House:
    clock, catalog, provider, shelf = SystemClock(), load(None), FakeProvider(), Shelf(root)
    shelf.prepare()
    painter = Painter(catalog)
    screen = Screen()
    mailbox = DiscordMailbox(client, painter, ImpatientClock(), screen)
    providers = {"aivideomaker": provider}
    films = Films(shelf)
    openings = Openings(
        store=store,
        pictures=Pictures(downloads, shelf),
        films=films,
        shelf=shelf,
        mailbox=mailbox,
        downloads=downloads,
    )
    cards = Cards(store, mailbox, providers, clock, in_flight={}, durations=Durations(store, clock))
    desk = Desk(
        store=store,
        catalog=catalog,
        providers=providers,
        openings=openings,
        shelf=shelf,
        films=films,
        cards=cards,
        clock=clock,
        wake=lambda _name: None,
    )
    accounts = Accounts(store, clock)
    consent = Consent(store=store, desk=desk, cards=cards, clock=clock, wake=lambda _task: None)
    return House(client, store, desk, accounts, consent, mailbox, painter, shelf, provider, screen)


async def _add_doors(house: House, patience: timedelta) -> None:
    client, desk = house.client, house.desk
    answers = FirstAnswers(desk, house.painter, house.screen, patience)
    showing = Showing(desk, house.painter)
    parts = (desk, house.accounts, house.consent, answers, house.painter, showing)
    await client.add_cog(Video(*parts))
    await client.add_cog(CardButtons(desk, house.accounts, showing))
    drafts = Drafts(house.store, SystemClock())
    album = Album(client, drafts, SystemClock())
    await client.add_cog(Animate(client, desk.catalog, answers, album, drafts))
    await client.add_cog(Again(Encores(house.store), desk.catalog, answers, SystemClock()))
    await client.add_cog(ConsentCog(desk, house.consent))
    await client.add_cog(QuotaCog(house.accounts))
