"""Where the stand-ins get the time from, so that a test can bring its own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware and in UTC."""


def utc_now() -> datetime:
    """Return the real present."""
    return datetime.now(UTC)


def iso(instant: datetime | None) -> str | None:
    """Spell an instant as AI Video Maker does: milliseconds and a Z."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
