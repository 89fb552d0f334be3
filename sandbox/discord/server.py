"""The stand-in Discord as one object: its three doors on loopback, and its people.

It never leaves the machine: all it listens on is 127.0.0.1.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.discord.cdn import cdn
from sandbox.discord.driver.calls import Call
from sandbox.discord.faults import Faults
from sandbox.discord.gateway.gateway import Gateway
from sandbox.discord.permissions import ORDINARY, Permissions
from sandbox.discord.rest.application import rest
from sandbox.discord.rest.exchange import Exchange
from sandbox.discord.rest.middlewares import PREFIX
from sandbox.discord.rest.ratelimits import RateLimits
from sandbox.discord.settings import MIB, Limits, Settings
from sandbox.discord.world.bell import PATIENCE
from sandbox.discord.world.changes import Change
from sandbox.discord.world.guilds import Guild
from sandbox.discord.world.messages import Message
from sandbox.discord.world.people import User
from sandbox.discord.world.world import World

_HOST = "127.0.0.1"
_LARGEST_REQUEST = 512 * MIB
_SHUTDOWN = timedelta(milliseconds=200)


class Discord:
    """A Discord of one bot.

    Args:
        token: The bot's token.
        bot_name: The bot's name.
        message_content: Whether the message content intent is switched on in the portal.
        members_intent: Whether the server members intent is.
        ack_deadline: How long an interaction waits for its first answer.
        token_life: How long an interaction's token works.
        link_life: How long a link to a file works.
        heartbeat: The heartbeat interval the gateway asks for.
        upload_limit: Bytes per file on every server; None: by boost tier (10, 50, 100 MiB).
        limits: The rate limits.
        port: The port of REST and gateway; 0: a free one.
        cdn_port: The port of the CDN; 0: a free one.

    Attributes:
        world: The whole state, for tests that need to look deeper.
        gateway: The gateway, to drop, refuse or invalidate.
        faults: Plans for requests that go wrong, on REST and on the CDN.
        rate_limits: The buckets.
        requests: Every REST request since the start, in order.
    """

    def __init__(
        self,
        token: str,
        *,
        bot_name: str = "Clapboard",
        message_content: bool = True,
        members_intent: bool = False,
        ack_deadline: timedelta = timedelta(seconds=3),
        token_life: timedelta = timedelta(minutes=15),
        link_life: timedelta = timedelta(hours=24),
        heartbeat: timedelta = timedelta(seconds=41.25),
        upload_limit: int | None = None,
        limits: Limits | None = None,
        port: int = 0,
        cdn_port: int = 0,
    ) -> None:
        self._settings = Settings(
            token=token,
            bot_name=bot_name,
            message_content=message_content,
            members_intent=members_intent,
            ack_deadline=ack_deadline,
            token_life=token_life,
            link_life=link_life,
            heartbeat=heartbeat,
            upload_limit=upload_limit,
            limits=limits or Limits(),
            port=port,
            cdn_port=cdn_port,
        )
        self.world = World(self._settings)
        self.gateway = Gateway(self.world)
        self.faults = Faults()
        self.rate_limits = RateLimits(self._settings.limits)
        self.requests: list[Exchange] = []
        self._runners: list[web.AppRunner] = []
        self.api_url = ""
        self.gateway_url = ""
        self.cdn_url = ""

    async def start(self) -> None:
        """Open the doors; from now on the URLs are known."""
        front = web.Application(client_max_size=_LARGEST_REQUEST)
        api = rest(self.world, self.requests, self.faults, self.rate_limits)
        front.add_subapp(PREFIX, api)
        front.router.add_get("/gateway", self.gateway.serve)
        port = await self._open(front, self._settings.port)
        cdn_port = await self._open(cdn(self.world, self.faults), self._settings.cdn_port)
        self.api_url = f"http://{_HOST}:{port}{PREFIX}"
        self.gateway_url = self.gateway.url = f"ws://{_HOST}:{port}/gateway"
        self.cdn_url = self.world.links.origin = f"http://{_HOST}:{cdn_port}"

    async def stop(self) -> None:
        """Cut all connections and close the doors."""
        self.gateway.drop()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _open(self, app: web.Application, port: int) -> int:
        seconds = _SHUTDOWN.total_seconds()
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=seconds)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, _HOST, port)
        await site.start()
        opened: int = runner.addresses[0][1]
        return opened

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def guilds(self) -> list[Guild]:
        """All servers, also those the bot is not in."""
        return list(self.world.guilds.values())

    def add_guild(
        self,
        name: str,
        *,
        boost_tier: int = 0,
        bot: bool = True,
        bot_permissions: Permissions = ORDINARY,
    ) -> Guild:
        """Open a server, by default with the bot in it."""
        guild = Guild(self.world, name, boost_tier)
        self.world.guilds[guild.id] = guild
        if bot:
            guild.invite_bot(bot_permissions)
        return guild

    async def bot_ready(self, timeout: timedelta = PATIENCE) -> None:  # noqa: ASYNC109
        """Return once the bot is connected and has synced its commands.

        Raises:
            TimeoutError: It was not, in time.
        """
        await self.world.bell.until(lambda: bool(self.gateway.live) and self.world.synced, timeout)

    async def bot_gone(self, timeout: timedelta = PATIENCE) -> None:  # noqa: ASYNC109
        """Return once the bot has no connection to the gateway.

        Raises:
            TimeoutError: It still had, in time.
        """
        await self.world.bell.until(lambda: not self.gateway.live, timeout)

    def changes(self) -> AsyncIterator[Change]:
        """Yield every visible change since the start, and go on as they come."""
        return self.world.changes.follow()

    @property
    def log(self) -> list[Change]:
        """Every visible change so far, in order."""
        return self.world.changes.log

    @property
    def messages(self) -> list[Message]:
        """Every message ever posted, also private and deleted ones, in order."""
        channels = self.world.channels.values()
        everything = [one for channel in channels for one in channel.everything.values()]
        return sorted(everything, key=lambda message: message.id)

    def expire_token(self, call: Call) -> None:
        """Let the token of an interaction expire at once."""
        call.interaction.expired = True

    def expire_links(self) -> None:
        """Let every link to a file expire at once."""
        self.world.links.expire()

    def expire_tokens(self) -> None:
        """Let the tokens of all interactions so far expire at once."""
        for interaction in self.world.interactions.values():
            interaction.expired = True
