"""Runs the bot: resources, pipeline, Discord; and stops them in order.

Called by ``__main__`` and by the tests of the story. Never does a step of the story itself.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.app.gateway import stay_connected
from bot.app.identifies import Identifies
from bot.app.identity import identify, log_in, reads_messages
from bot.app.pace import Pace
from bot.app.pipeline import Pipeline
from bot.app.resources import Resources, open_resources
from bot.app.watch import Watch
from bot.app.wiring import Parts, wire
from bot.clock import Clock, SystemClock
from bot.discord_ui.album import Album
from bot.discord_ui.cards import Painter
from bot.discord_ui.client import VideoBot
from bot.discord_ui.mailbox import DiscordMailbox
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.showing import Showing
from bot.pipeline.card_log import CardLog
from bot.settings import Settings
from bot.web import Listener
from cogs.again import Again
from cogs.animate import Animate
from cogs.card_buttons import CardButtons
from cogs.consent import ConsentCog
from cogs.quota import QuotaCog
from cogs.video import Video

log = logging.getLogger(__name__)

LAST_STEPS = timedelta(seconds=5)
LAST_ANSWERS = timedelta(seconds=1)
LAST_EDITS = timedelta(seconds=3)
"""Together less than the ten seconds that container hosts give before they kill."""


@dataclass(frozen=True, slots=True)
class App:
    """The running bot, for who needs to look inside."""

    resources: Resources
    client: VideoBot
    pipeline: Pipeline
    listener: Listener | None
    connection: asyncio.Task[None]
    """Ends when Discord lets us go for good, with the reason as its exception."""


async def run(settings: Settings) -> int:
    """Run the bot until a signal comes or Discord lets us go for good; return the exit code.

    Raises:
        ConfigurationError: it cannot run as configured.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):  # not the loop's own way: Windows has none
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return await _serve(settings, stop)


async def _serve(settings: Settings, stop: asyncio.Event) -> int:
    stopped = asyncio.create_task(stop.wait())
    async with AsyncExitStack() as stack:
        opening = asyncio.create_task(stack.enter_async_context(running(settings)))
        await asyncio.wait({opening, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            log.info("stopping before the start was complete")
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            return 0
        app = await opening
        await asyncio.wait({app.connection, stopped}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping; what is unfinished goes on at the next start")
        if app.connection.done():
            app.connection.result()
    stopped.cancel()
    return 0


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock | None = None, pace: Pace | None = None
) -> AsyncIterator[App]:
    """Run the bot while the body does.

    Raises:
        ConfigurationError: it cannot run as configured.
    """
    clock, pace = clock or SystemClock(), pace or Pace()
    watch = Watch()
    async with AsyncExitStack() as stack:
        resources = await stack.enter_async_context(
            open_resources(
                settings, clock, on_query=watch.metrics.query, query_interval=pace.query_interval
            )
        )
        application = await identify(settings, resources.http, clock)
        identifies = Identifies(settings.data_dir, clock)
        client = await stack.enter_async_context(
            VideoBot(
                api_url=settings.discord_api_url,
                gateway_url=settings.discord_gateway_url,
                cdn_url=settings.discord_cdn_url,
                message_content=reads_messages(settings, application),
                pace=identifies,
            )
        )
        painter, shown = Painter(resources.catalog), CardLog(resources.store, clock)
        mailbox = DiscordMailbox(client, painter, clock, shown, pace.edit_gap)
        parts = Parts.of(resources, mailbox, pace, on_move=watch.moved)
        pipeline = wire(parts, on_error=watch.metrics.error)
        answers = FirstAnswers(pipeline.desk, painter, shown)
        await _open_doors(client, pipeline, answers, painter, clock)
        listener = await stack.enter_async_context(watch.listening(resources, client, pipeline))
        await log_in(client, settings, clock)
        connecting = stay_connected(client, clock, identifies)
        connection = asyncio.create_task(connecting, name="gateway")
        stack.push_async_callback(_disconnect, client, connection)
        stack.push_async_callback(shown.close)
        stack.push_async_callback(mailbox.close, LAST_EDITS)
        stack.push_async_callback(client.settle, LAST_ANSWERS)
        stack.push_async_callback(pipeline.stop, LAST_STEPS)
        await pipeline.start()
        log.info("running as %s", application.name)
        yield App(resources, client, pipeline, listener, connection)


async def _open_doors(
    client: VideoBot, pipeline: Pipeline, answers: FirstAnswers, painter: Painter, clock: Clock
) -> None:
    """Hang the commands into the client."""
    desk, accounts, consent = pipeline.desk, pipeline.accounts, pipeline.consent
    showing = Showing(desk, painter)
    await client.add_cog(Video(desk, accounts, consent, answers, painter, showing))
    await client.add_cog(CardButtons(desk, accounts, showing))
    await client.add_cog(ConsentCog(desk, consent))
    album = Album(client, pipeline.drafts, clock)
    await client.add_cog(Animate(client, desk.catalog, answers, album, pipeline.drafts))
    await client.add_cog(Again(pipeline.encores, desk.catalog, answers, clock))
    await client.add_cog(QuotaCog(accounts))


async def _disconnect(client: VideoBot, connection: asyncio.Task[None]) -> None:
    """Leave Discord last: until then the workers may have something to post."""
    await client.close()
    connection.cancel()  # it may still be waiting for its first connection
    await asyncio.gather(connection, return_exceptions=True)
