"""The HTTP client that all rooms share the making of: timeouts, limits, an honest name.

Serves every step that speaks to the outside. Never retries, never follows a redirect and never
keeps a cookie by itself: each of these is somebody's decision, made where its meaning is known.
"""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version

import httpx

TIMEOUT = httpx.Timeout(connect=10, read=60, write=60, pool=30)
"""Seconds. Read is long because a service may answer a create only once it has checked it."""

LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=4)
"""Idle connections live shorter than any server keeps them: a create sent into a connection that
the server closes at that moment is a create whose outcome nobody knows."""


def product() -> str:
    """Return the honest name under which we ask: ``Clapboard/<version> (…)``."""
    try:
        number = version("clapboard")
    except PackageNotFoundError:  # run from a source tree that was not installed
        number = "0"
    return f"Clapboard/{number} (self-hosted Discord bot)"


def build_client(
    transport: httpx.AsyncBaseTransport | None = None, *, user_agent: str | None = None
) -> httpx.AsyncClient:
    """Build a client; the caller closes it.

    ``trust_env`` is off: configuration comes in through the settings only. A stray ``HTTP_PROXY``
    would see the keys of every plain-http service, and behind a proxy that resolves names itself
    the check of a download's address would check nothing.

    Args:
        transport: what carries the requests; none: the network.
        user_agent: overrides ``product()``.
    """
    return httpx.AsyncClient(
        transport=transport,
        timeout=TIMEOUT,
        limits=LIMITS,
        headers={"User-Agent": user_agent or product()},
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )
