"""What a film from a service may be: its most bytes, its most time, its first bytes.

Serves the fetch of every provider (step 5).
"""

from datetime import timedelta
from pathlib import Path

import httpx

from bot.errors import AddressRefused
from bot.net.downloads import Downloads, Inspect, looks_like_mp4

FILM_LIMIT = 512 * 1024 * 1024
FILM_DEADLINE = timedelta(minutes=15)


def absolute(base: str, url: str) -> str:
    """Return ``url`` as an absolute address; a relative one lies at the service itself.

    Raises:
        AddressRefused: it is no address.
    """
    try:
        return str(httpx.URL(base).join(url))
    except httpx.InvalidURL as error:
        raise AddressRefused("not an address") from error


async def download_film(
    downloads: Downloads,
    url: str,
    into: Path,
    *,
    headers: dict[str, str] | None = None,
    inspect: Inspect | None = None,
) -> int:
    """Download a film that begins like an MP4; errors as ``Downloads.to_file`` has them."""
    return await downloads.to_file(
        url,
        into,
        max_bytes=FILM_LIMIT,
        deadline=FILM_DEADLINE,
        headers=headers,
        accept=looks_like_mp4,
        inspect=inspect,
    )
