"""How long a service asks us to wait.

Serves the answers to 429 and 503 (steps 3 and 4).
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

UNSTATED = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
SHORTEST = timedelta(seconds=1)


def retry_after(headers: httpx.Headers, now: datetime) -> timedelta:
    """Return the pause asked for: 1 second to 15 minutes, 30 seconds where none is stated.

    ``retry-after-ms`` wins over ``Retry-After``, which holds seconds or an HTTP date.
    """
    pause = _milliseconds(headers) or _seconds_or_date(headers, now)
    return UNSTATED if pause is None else min(max(pause, SHORTEST), LONGEST)


def _milliseconds(headers: httpx.Headers) -> timedelta | None:
    number = _number(headers.get("retry-after-ms", ""))
    return None if number is None else timedelta(milliseconds=number)


def _seconds_or_date(headers: httpx.Headers, now: datetime) -> timedelta | None:
    text = headers.get("Retry-After", "")
    number = _number(text)
    if number is not None:
        return timedelta(seconds=number)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return min(number, LONGEST.total_seconds() * 1000) if number >= 0 else None
