"""What the gateway tells the bot: an event, who may hear it, and how it reads for them.

It never holds rendered JSON: what a session reads depends on its intents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

Json = dict[str, Any]


class Intents(IntFlag):
    """The groups of events a session asks for."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


@dataclass(frozen=True)
class Event:
    """One gateway event.

    Attributes:
        name: Its name, like `MESSAGE_CREATE`.
        guild_id: The server it belongs to, which chooses the shard; None: no server.
        needs: The intent without which it is not sent; `NONE`: always sent.
        body: Renders its data, told whether the session may read message content.
    """

    name: str
    guild_id: int | None
    needs: Intents
    body: Callable[[bool], Json]
