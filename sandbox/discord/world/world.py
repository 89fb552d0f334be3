"""The whole state of one stand-in Discord, and how to find something in it.

It never speaks: REST, the gateway and the CDN read from here, the driver acts on it.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.discord.permissions import Permissions
from sandbox.discord.refusals import refuse
from sandbox.discord.settings import Settings
from sandbox.discord.snowflakes import Snowflakes
from sandbox.discord.uploads import Upload
from sandbox.discord.world.attachments import Attachment
from sandbox.discord.world.bell import Bell
from sandbox.discord.world.changes import Changes
from sandbox.discord.world.channels import DM, Channel
from sandbox.discord.world.events import Event
from sandbox.discord.world.guilds import Guild
from sandbox.discord.world.interactions import Interaction
from sandbox.discord.world.links import Links
from sandbox.discord.world.messages import Message
from sandbox.discord.world.ornaments import Emoji, Sticker
from sandbox.discord.world.people import User
from sandbox.discord.world.posting import Posting

Thing = TypeVar("Thing")


class World:
    """Everything that exists.

    Attributes:
        bot: The bot's account; its id is the application's too.
        copies: Pictures of previewed links, by their paths on the CDN.
        commands: The synced commands, by server id; under None the global ones.
        synced: Whether the bot has synced its commands since the start.
        listeners: Who is told of events; the gateway is one.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.bell = Bell()
        self.changes = Changes(self.bell)
        self.links = Links(settings.link_life)
        self.posting = Posting(self)
        self._ids = Snowflakes()
        self.verify_key = hashlib.sha256(settings.token.encode()).hexdigest()
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, Attachment] = {}
        self.emoji: dict[int, Emoji] = {}
        self.stickers: dict[int, Sticker] = {}
        self.copies: dict[str, Upload] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[dict[str, Any]]] = {None: []}
        self.synced = False
        self.listeners: list[Callable[[Event], None]] = []
        self.bot = self.add_user(settings.bot_name, bot=True)

    def mint(self) -> int:
        """Return a new snowflake."""
        return self._ids.mint()

    def tell(self, event: Event) -> None:
        """Tell an event to whoever listens."""
        for listener in self.listeners:
            listener(event)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Create an account."""
        user = User(self.mint(), name, bot=bot)
        self.users[user.id] = user
        return user

    def direct(self, user: User) -> Channel:
        """Return the direct messages between the bot and someone, opened if need be."""
        for channel in self.channels.values():
            if channel.person == user:
                return channel
        channel = Channel(self, self.mint(), user.name, DM, person=user)
        self.channels[channel.id] = channel
        return channel

    def guild(self, guild_id: int) -> Guild:
        """Return a server the bot is in, or refuse: 10004, 50001."""
        guild = _known(self.guilds, guild_id, 10004)
        if guild.me is None:
            raise refuse(50001)
        return guild

    def channel(self, channel_id: int, needs: Permissions = Permissions.NONE) -> Channel:
        """Return a channel the bot can see and act in, or refuse: 10003, 50001, 50013."""
        channel = _known(self.channels, channel_id, 10003)
        if channel.deleted or (channel.parent and channel.parent.deleted):
            raise refuse(10003)
        may = channel.bot_permissions
        if not may & Permissions.VIEW_CHANNEL:
            raise refuse(50001)
        if may & needs != needs:
            raise refuse(50013)
        return channel

    def message(self, channel: Channel, message_id: int) -> Message:
        """Return a public message of a channel, or refuse: 10008."""
        message = _known(channel.everything, message_id, 10008)
        if message.deleted or message.only_for is not None:
            raise refuse(10008)
        return message


def _known(things: dict[int, Thing], key: int, code: int) -> Thing:
    try:
        return things[key]
    except KeyError:
        raise refuse(code) from None
