"""Stands in for gateway sessions: what one shard has been told, and what it missed.

A session outlives its connection, so that it can be resumed; it never outlives a clean goodbye.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sandbox.discord.snowflakes import shard_of
from sandbox.discord.world.events import Event, Intents

if TYPE_CHECKING:
    from sandbox.discord.gateway.connection import Connection

DISPATCH: Final = 0
_REMEMBERED: Final = 5000


@dataclass(eq=False)
class Session:
    """What one shard is told.

    Attributes:
        shard: The shard's number and how many there are.
        intents: What it asked for.
        content: Whether it may read the content of messages.
        connection: The websocket it is attached to; None while it is interrupted.
    """

    shard: tuple[int, int]
    intents: Intents
    connection: "Connection | None" = None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    told: list[tuple[int, str]] = field(default_factory=list, repr=False)

    @property
    def content(self) -> bool:
        """Whether it may read the content of messages."""
        return bool(self.intents & Intents.MESSAGE_CONTENT)

    def hears(self, event: Event) -> bool:
        """Return whether an event is for this session."""
        mine = shard_of(event.guild_id, self.shard[1]) == self.shard[0]
        return mine and (not event.needs or bool(event.needs & self.intents))

    def tell(self, event: Event) -> None:
        """Send an event, now or when the session is resumed."""
        if self.hears(event):
            self.dispatch(event.name, event.body(self.content))

    def dispatch(self, name: str, body: dict[str, Any]) -> None:
        """Send one numbered event and remember it."""
        self.sequence += 1
        frame = {"op": DISPATCH, "t": name, "s": self.sequence, "d": body}
        text = json.dumps(frame)
        self.told.append((self.sequence, text))
        del self.told[:-_REMEMBERED]
        if self.connection is not None:
            self.connection.send(text)

    def replay(self, seen: int) -> None:
        """Send again everything after a sequence number."""
        for sequence, text in self.told:
            if sequence > seen and self.connection is not None:
                self.connection.send(text)
