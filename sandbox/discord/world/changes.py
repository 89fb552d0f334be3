"""The conversation as it happens: every visible change of a message, in order.

It never holds what nobody could see: the state of an interaction is in `requests`, not here.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sandbox.discord.world.bell import Bell

if TYPE_CHECKING:
    from sandbox.discord.world.messages import Message
    from sandbox.discord.world.people import Person

Kind = Literal["created", "edited", "deleted"]


@dataclass(frozen=True)
class Change:
    """One visible change.

    Attributes:
        kind: What happened to the message.
        at: When, UTC.
        message: The message; it may have changed again since.
        text: Its visible text right after this change.
        files: The names of its files right after this change.
        thinking: Whether it showed "thinking…" instead of a text.
        only_for: The one person who can see it; None: everyone in the channel.
    """

    kind: Kind
    at: datetime
    message: "Message"
    text: str
    files: tuple[str, ...]
    thinking: bool
    only_for: "Person | None"


class Changes:
    """The log of changes; it rings the bell for each."""

    def __init__(self, bell: Bell) -> None:
        self.log: list[Change] = []
        self._bell = bell

    def note(self, kind: Kind, message: "Message", at: datetime) -> None:
        """Write down what just happened to a message."""
        files = tuple(file.name for file in message.attachments)
        thinking, only_for = message.loading, message.only_for
        self.log.append(Change(kind, at, message, message.text, files, thinking, only_for))
        self._bell.ring()

    async def follow(self) -> AsyncIterator[Change]:
        """Yield every change from the first on, and go on with new ones as they come."""
        seen = 0
        while True:
            while seen < len(self.log):
                yield self.log[seen]
                seen += 1
            await self._bell.rung()
