"""Stands in for Discord's id mint: ids that carry their time and always grow.

It never hands out worker or process numbers: the low bits only tell ids of one millisecond apart.
"""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_TIME_SHIFT = 22


class Snowflakes:
    """Mints ids, each larger than every one before."""

    def __init__(self) -> None:
        self._last = 0

    def mint(self) -> int:
        """Return a new id of this moment."""
        since_epoch = time.time_ns() // 1_000_000 - int(_EPOCH.timestamp() * 1000)
        self._last = max(self._last + 1, since_epoch << _TIME_SHIFT)
        return self._last


def born(snowflake: int) -> datetime:
    """Return the instant a snowflake was minted."""
    return _EPOCH + timedelta(milliseconds=snowflake >> _TIME_SHIFT)


def shard_of(guild_id: int | None, shards: int) -> int:
    """Return the shard that hears of a guild; what belongs to no guild goes to shard 0."""
    return 0 if guild_id is None else (guild_id >> _TIME_SHIFT) % shards
