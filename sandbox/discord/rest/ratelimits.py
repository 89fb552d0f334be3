"""Stands in for Discord's rate limits: a bucket per route and place, and one for everything.

It never bans: ten thousand bad requests are answered like the first.
"""

import hashlib
import time
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.discord.rest.exchange import reply
from sandbox.discord.settings import Limit, Limits

_MAJOR = ("channel", "guild", "application", "token")


@dataclass
class Bucket:
    """How much of a limit is used up in the window that runs."""

    limit: Limit
    used: int = 0
    ends: float = field(default_factory=time.monotonic)

    def take(self) -> bool:
        """Use one call; return False where none is left."""
        if time.monotonic() >= self.ends:
            self.used, self.ends = 0, time.monotonic() + self.limit.window.total_seconds()
        self.used += 1
        return self.used <= self.limit.calls

    @property
    def left(self) -> int:
        """How many calls the window still allows."""
        return max(0, self.limit.calls - self.used)

    @property
    def reset_after(self) -> float:
        """Seconds until the window ends."""
        return max(0.0, self.ends - time.monotonic())


class RateLimits:
    """All buckets of one bot.

    Attributes:
        limits: May be replaced while running; buckets that exist keep theirs.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._buckets: dict[str, Bucket] = {}
        self._everything = Bucket(limits.everything)

    def refusal(self, request: web.Request, route: str) -> web.Response | None:
        """Count a request; return the 429 if it is one too many."""
        by_token = "token" in request.match_info
        if not by_token and not self._everything.take():
            return _too_many(self._everything, "global")
        bucket = self._bucket(request, route)
        return None if bucket.take() else _too_many(bucket, "user")

    def headers(self, request: web.Request, route: str) -> dict[str, str]:
        """Return the X-RateLimit headers for the answer to a request."""
        bucket = self._bucket(request, route)
        shared = hashlib.sha256(f"{request.method} {_family(request, route)}".encode())
        return {
            "X-RateLimit-Limit": str(bucket.limit.calls),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{time.time() + bucket.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.reset_after:.3f}",
            "X-RateLimit-Bucket": shared.hexdigest()[:32],
        }

    def _bucket(self, request: web.Request, route: str) -> Bucket:
        major = [f"{name}={request.match_info.get(name)}" for name in _MAJOR]
        key = " ".join((request.method, _family(request, route), *major))
        if key not in self._buckets:
            self._buckets[key] = Bucket(self._limit(request, route))
        return self._buckets[key]

    def _limit(self, request: web.Request, route: str) -> Limit:
        if "token" in request.match_info:
            return self.limits.webhook
        if request.method == "POST" and route == "/channels/{channel}/messages":
            return self.limits.send
        if request.method == "PATCH" and route.startswith("/channels/{channel}/messages/"):
            return self.limits.edit
        return self.limits.other


def _family(request: web.Request, route: str) -> str:
    """Return what shares a bucket: a route; all routes of one interaction are one."""
    return "webhook" if "token" in request.match_info else route


def _too_many(bucket: Bucket, scope: str) -> web.Response:
    wait = round(bucket.reset_after, 3)
    body = {"message": "You are being rate limited.", "retry_after": wait, "code": 0}
    headers = {
        "Via": "1.1 sandbox",
        "Retry-After": str(int(wait) + 1),
        "X-RateLimit-Scope": "user" if scope == "user" else "global",
    }
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return reply({**body, "global": scope == "global"}, 429, headers)
