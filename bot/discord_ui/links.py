"""Discord's signed links: when one stops working, and whether two lead to the same file.

Serves drafts, whose links may have expired when the form comes back. Never follows a link.
"""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit


def expiry(url: str) -> datetime | None:
    """Return when a link stops working, which its ``ex`` says; ``None``: it does not say."""
    (stamp,) = parse_qs(urlsplit(url).query).get("ex", [""])[:1]
    try:
        return datetime.fromtimestamp(int(stamp, 16), UTC)
    except (ValueError, OverflowError, OSError):  # a preview's own query may have an "ex" too
        return None


def first_expiry(urls: tuple[str, ...]) -> datetime | None:
    """Return when the first of some links stops working; ``None``: none of them says."""
    return min(filter(None, map(expiry, urls)), default=None)


def same_file(one: str, other: str) -> bool:
    """Tell whether two links lead to the same file; signatures differ each time it is read."""
    return urlsplit(one)[:3] == urlsplit(other)[:3]
