"""Stands in for messages: what they carry, and what a person reads on them.

It never changes itself: `posting` creates, edits and deletes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.discord.snowflakes import born
from sandbox.discord.world import reading
from sandbox.discord.world.attachments import Attachment
from sandbox.discord.world.bell import PATIENCE
from sandbox.discord.world.ornaments import Preview, Sticker
from sandbox.discord.world.people import Person, User
from sandbox.discord.world.reading import Control

if TYPE_CHECKING:
    from sandbox.discord.world.channels import Channel
    from sandbox.discord.world.interactions import Interaction
    from sandbox.discord.world.world import World

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 15
HAS_SNAPSHOT = 1 << 14
PLAIN, REPLY, SLASH, MENU = 0, 19, 20, 23


@dataclass(eq=False)
class Message:
    """A message.

    Attributes:
        author: Who wrote it.
        kind: Discord's message type: 0 plain, 19 reply, 20 slash command, 23 context menu.
        content: The plain text; empty where `components` carry it.
        files: All files, also those components show, by id.
        mentions: Persons named in the text or replied to with a ping.
        pings: Persons who were notified, roles and everyone resolved; edits notify nobody.
        edits: When each edit came, and the visible text after it.
        only_for: The one person who can see it; None: everyone in the channel.
        stickers: The stickers on it.
        reply_to: The message it replies to, which may have been deleted since.
        forwards: The message that it forwards, as it was then; it has no text of its own.
        interaction: The interaction it answers.
        reactions: The emojis the bot put under it.
    """

    world: "World" = field(repr=False)
    id: int
    channel: "Channel"
    author: User
    kind: int = PLAIN
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list, repr=False)
    files: dict[int, Attachment] = field(default_factory=dict, repr=False)
    flags: int = 0
    nonce: str | int | None = None
    mentions: list[User] = field(default_factory=list)
    mentions_everyone: bool = False
    pings: list[User] = field(default_factory=list)
    edits: list[tuple[datetime, str]] = field(default_factory=list, repr=False)
    deleted: bool = False
    only_for: Person | None = None
    stickers: list[Sticker] = field(default_factory=list)
    reply_to: "Message | None" = None
    forwards: "Message | None" = None
    interaction: "Interaction | None" = field(default=None, repr=False)
    reactions: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it was created, UTC."""
        return born(self.id)

    @property
    def loading(self) -> bool:
        """Whether it still shows "thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All visible text, plain: content, text displays, embeds."""
        return reading.text(self)

    @property
    def controls(self) -> list[Control]:
        """The buttons and menus, in order."""
        return reading.controls(self)

    @property
    def buttons(self) -> list[Control]:
        """The buttons, in order."""
        return [control for control in self.controls if control.is_button]

    @property
    def attachments(self) -> list[Attachment]:
        """Its files, also those that only components show."""
        return list(self.files.values())

    @property
    def jump_url(self) -> str:
        """The link a person gets by "Copy message link"."""
        guild = self.channel.guild_id or "@me"
        return f"https://discord.com/channels/{guild}/{self.channel.id}/{self.id}"

    async def until(
        self,
        holds: "Callable[[Message], bool]",
        timeout: timedelta = PATIENCE,  # noqa: ASYNC109
    ) -> "Message":
        """Return this message as soon as `holds` is true of it.

        Raises:
            TimeoutError: It was not, in time; it tells what the message says.
        """
        try:
            await self.world.bell.until(lambda: holds(self) or None, timeout)
        except TimeoutError:
            state = " (deleted)" if self.deleted else ""
            told = f"after {timeout} the message still{state} says:\n{self.text}"
            raise TimeoutError(told) from None
        return self

    async def gone(self, timeout: timedelta = PATIENCE) -> None:  # noqa: ASYNC109
        """Return as soon as the message has been deleted."""
        await self.until(lambda message: message.deleted, timeout)

    def preview(self, preview: Preview) -> None:
        """Show what is behind a link in it, as Discord does a moment later."""
        self.world.posting.preview(self, preview)

    def delete(self) -> None:
        """Delete it, as a moderator would."""
        self.world.posting.delete(self)
