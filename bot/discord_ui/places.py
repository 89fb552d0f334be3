"""Where a film may go: what Discord lets us do in a task's channel, and how large a file may be.

Serves the Courier's choice of a route. Only looks; never posts.
"""

from datetime import timedelta

import discord

from bot.clock import Clock
from bot.discord_ui.traffic import FILMS, Traffic
from bot.discord_ui.troubles import translated
from bot.domain.task import Task
from bot.errors import CannotPost, Unreachable
from bot.pipeline.ports import Route

DEFAULT_LIMIT = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
MARGIN = 0.99
"""The limit is for the file; the request around it is counted in some places too."""
Place = discord.abc.GuildChannel | discord.Thread


class Places:
    """Reads permissions and limits from what the gateway told us."""

    def __init__(self, client: discord.Client, clock: Clock, traffic: Traffic) -> None:
        self._client = client
        self._clock = clock
        self._traffic = traffic

    async def routes(self, task: Task) -> list[Route]:
        """Return the open routes for the task's film, best first.

        Raises:
            Unreachable: Discord has not told us about the server yet.
        """
        permissions = await self._permissions(task)
        open_routes = []
        if _may_reply(permissions):
            open_routes.append(Route.REPLY)
        if task.card_message_id is not None and self._may_edit(task, permissions):
            open_routes.append(Route.CARD)
        return [*open_routes, Route.DIRECT]

    def size_limit(self, task: Task, route: Route) -> int:
        """Return how many bytes a file may have on this route."""
        guild = self._client.get_guild(task.guild_id)
        boosted = DEFAULT_LIMIT if guild is None else guild.filesize_limit
        return int((DEFAULT_LIMIT if route is Route.DIRECT else boosted) * MARGIN)

    async def _permissions(self, task: Task) -> discord.Permissions:
        """Return what we may do in the task's channel: nothing where it is closed."""
        guild = await self._guild(task.guild_id)
        if guild is None:
            return discord.Permissions.none()
        channel = guild.get_channel_or_thread(task.channel_id) or await self._fetch(task.channel_id)
        if channel is None or _locked(channel):
            return discord.Permissions.none()
        permissions = channel.permissions_for(guild.me)
        if isinstance(channel, discord.Thread):
            permissions.send_messages = permissions.send_messages_in_threads
        return permissions

    async def _guild(self, guild_id: int) -> discord.Guild | None:
        """Return the server; ``None``: we are no longer in it."""
        guild = self._client.get_guild(guild_id)
        if not self._client.is_ready() and (guild is None or guild.unavailable):
            raise Unreachable("the server is not known yet", timedelta(seconds=2))
        if guild is not None and guild.unavailable:
            raise Unreachable("the server is in an outage", timedelta(minutes=1))
        return guild

    async def _fetch(self, channel_id: int) -> Place | None:
        """Ask for a channel that the gateway did not name: an archived thread, or gone."""
        await self._traffic.turn(FILMS)
        try:
            with translated():
                channel = await self._client.fetch_channel(channel_id)
        except CannotPost:
            return None
        return channel if isinstance(channel, Place) else None

    def _may_edit(self, task: Task, permissions: discord.Permissions) -> bool:
        """Tell whether an edit is worth a try; whether it takes a file is only told then."""
        if task.token_at(self._clock.now()) is not None:
            return True
        return permissions.view_channel


def _may_reply(permissions: discord.Permissions) -> bool:
    """Reading history belongs to it: after a crash the film must be found again."""
    return (
        permissions.view_channel
        and permissions.send_messages
        and permissions.attach_files
        and permissions.read_message_history
    )


def _locked(channel: Place) -> bool:
    """Tell whether nobody may write there; an archived thread opens again by being written to."""
    return isinstance(channel, discord.Thread) and channel.archived and channel.locked
