"""Sliding windows: so many calls in any sixty seconds, no matter where the minute begins.

Stands in for: "Task query endpoints are rate-limited to 60 requests per minute per IP. When
exceeded, the API returns HTTP 429 with a Retry-After header." Refused calls are not counted.
"""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from sandbox.services.aivideomaker.refusals import RefusedError
from sandbox.services.clock import Clock

_MINUTE = timedelta(minutes=1)


class SlidingWindow:
    """Counts calls per caller; `limit` None lets everything through and may be changed."""

    def __init__(self, limit: int | None, clock: Clock) -> None:
        self.limit = limit
        self._clock = clock
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, caller: str) -> timedelta | None:
        """Count a call and return None, or return how long to wait and count nothing."""
        now, calls = self._clock(), self._calls[caller]
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if self.limit is not None and len(calls) >= self.limit:
            return (calls[0] + _MINUTE - now) if calls else _MINUTE
        calls.append(now)
        return None


def rate_limited(
    wait: timedelta, now: datetime, spelling: Literal["seconds", "date", "none"]
) -> RefusedError:
    """Say 429, and when to come back in the chosen spelling."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    date = format_datetime(now + timedelta(seconds=seconds + 1), usegmt=True)
    headers = {"seconds": {"Retry-After": str(seconds)}, "date": {"Retry-After": date}}
    return RefusedError(429, "RATE_LIMITED", "Too many requests", headers.get(spelling, {}))
