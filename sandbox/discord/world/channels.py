"""Stands in for text channels, threads and direct messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.discord.permissions import DIRECT, Permissions
from sandbox.discord.uploads import Upload
from sandbox.discord.world import payloads
from sandbox.discord.world.bell import PATIENCE
from sandbox.discord.world.events import Event, Intents
from sandbox.discord.world.messages import Message
from sandbox.discord.world.people import User
from sandbox.discord.world.posting import Draft

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member
    from sandbox.discord.world.guilds import Guild, Role
    from sandbox.discord.world.world import World

TEXT, DM, THREAD = 0, 1, 11


@dataclass
class Overwrite:
    """What one role or member may do differently in one channel."""

    for_member: bool
    allow: Permissions
    deny: Permissions


@dataclass(eq=False)
class Channel:
    """A place for messages.

    Attributes:
        kind: Discord's channel type: 0 text, 1 direct message, 11 thread.
        guild: The server it belongs to; None for direct messages.
        parent: The channel a thread hangs on.
        person: Whom the bot talks with in a direct message.
        archived: Whether a thread is archived.
        locked: Whether only moderators may open an archived thread again.
        deleted: Whether it is gone.
        typing: How often the bot showed that it is typing.
    """

    world: "World" = field(repr=False)
    id: int
    name: str
    kind: int = TEXT
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    person: User | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict, repr=False)
    everything: dict[int, Message] = field(default_factory=dict, repr=False)
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    typing: int = 0

    @property
    def messages(self) -> list[Message]:
        """The public messages that have not been deleted, oldest first."""
        return [m for m in self.everything.values() if not m.deleted and m.only_for is None]

    @property
    def guild_id(self) -> int | None:
        """The id of its server; None for direct messages."""
        return self.guild.id if self.guild else None

    @property
    def bot_permissions(self) -> Permissions:
        """What the bot may do here; nothing where it is not a member."""
        if self.guild is None:
            return DIRECT
        me = self.guild.me
        return Permissions.NONE if me is None else me.permissions_in(self)

    async def until(
        self,
        holds: Callable[[Message], bool],
        timeout: timedelta = PATIENCE,  # noqa: ASYNC109
    ) -> Message:
        """Return the first public message, old or new, for which `holds` is true.

        Raises:
            TimeoutError: There was none in time; it tells what the channel shows.
        """

        def first() -> Message | None:
            return next((message for message in self.messages if holds(message)), None)

        try:
            return await self.world.bell.until(first, timeout)
        except TimeoutError:
            shown = "\n".join(f"- {m.author.name}: {m.text}" for m in self.messages)
            told = f"no such message in #{self.name} after {timeout}; it shows:\n{shown}"
            raise TimeoutError(told) from None

    def post(
        self, author: User, body: dict[str, Any], uploads: list[Upload] | None = None
    ) -> Message:
        """Post what another app does here, as it would send it; `body` is its JSON."""
        frame = Message(self.world, self.world.mint(), self, author)
        return self.world.posting.create(frame, Draft(body, dict(enumerate(uploads or []))))

    def add_thread(self, name: str) -> "Channel":
        """Open a public thread in this channel."""
        thread = Channel(self.world, self.world.mint(), name, THREAD, self.guild, self)
        self.world.channels[thread.id] = thread
        self.world.tell(thread._event("THREAD_CREATE"))
        return thread

    def archive(self, *, locked: bool = False) -> None:
        """Archive this thread; locked: only moderators may open it again."""
        self.archived, self.locked = True, locked
        self.world.tell(self._event("THREAD_UPDATE"))

    def unarchive(self) -> None:
        """Open this thread again."""
        self.archived = self.locked = False
        self.world.tell(self._event("THREAD_UPDATE"))

    def set_permissions(
        self,
        target: "Role | Member",
        *,
        allow: Permissions = Permissions.NONE,
        deny: Permissions = Permissions.NONE,
    ) -> None:
        """Replace what a role or member may do differently in this channel."""
        for_member = self.guild is not None and target.id in self.guild.members
        self.overwrites[target.id] = Overwrite(for_member, allow, deny)
        self.world.tell(self._event("CHANNEL_UPDATE"))

    def delete(self) -> None:
        """Delete the channel with everything in it."""
        self.deleted = True
        self.world.tell(self._event("THREAD_DELETE" if self.kind == THREAD else "CHANNEL_DELETE"))

    def _event(self, name: str) -> Event:
        return Event(name, self.guild_id, Intents.GUILDS, lambda _: payloads.channel(self))
