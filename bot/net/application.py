"""Asks Discord, before or without connecting, who we are, what we may read and where we are.

Part of starting up and of ``python -m bot check``: a wrong token or a missing intent is found here
and said in one sentence, instead of as a closed gateway later. Never keeps the token.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from bot.errors import ConfigurationError, Unreachable

MESSAGE_CONTENT_FLAGS = 1 << 18 | 1 << 19
"""Approved, or switched on for a bot in few servers."""
TIMEOUT_SECONDS = 15.0
PAGE = 200
"""The most guilds that Discord lists at once."""
WRONG_TOKEN = (
    "Discord does not accept DISCORD_TOKEN: copy it again from the developer portal "  # noqa: S105 - no token
    "(your application → Bot → Reset Token)."
)


@dataclass(frozen=True, slots=True)
class Application:
    """What Discord says the token belongs to."""

    id: int
    name: str
    reads_messages: bool
    """The message content intent is switched on in the developer portal."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A guild that the bot is in, and what its roles allow it there."""

    id: int
    name: str
    permissions: int
    """Discord's bits; a channel's own settings may add to them or take away."""


async def read_application(http: httpx.AsyncClient, api_url: str, token: str) -> Application:
    """Return the application behind ``token``.

    Raises:
        ConfigurationError: Discord does not accept the token.
        Unreachable: Discord does not answer, or not sensibly.
    """
    response = await _get(http, f"{api_url.rstrip('/')}/oauth2/applications/@me", token)
    with _making_sense(response):
        answer = response.json()
        flags = int(answer.get("flags") or 0)
        return Application(
            int(answer["id"]), str(answer["name"]), bool(flags & MESSAGE_CONTENT_FLAGS)
        )


async def read_memberships(http: httpx.AsyncClient, api_url: str, token: str) -> list[Membership]:
    """Return every guild that the bot behind ``token`` is in, the oldest first.

    Raises:
        ConfigurationError: Discord does not accept the token.
        Unreachable: Discord does not answer, or not sensibly.
    """
    found: list[Membership] = []
    while True:
        page = await _read_page(http, api_url, token, after=found[-1].id if found else 0)
        found += page
        if len(page) < PAGE:
            return found


async def _read_page(
    http: httpx.AsyncClient, api_url: str, token: str, *, after: int
) -> list[Membership]:
    url = f"{api_url.rstrip('/')}/users/@me/guilds?limit={PAGE}&after={after}"
    response = await _get(http, url, token)
    with _making_sense(response):
        page = [
            Membership(int(guild["id"]), str(guild["name"]), int(guild["permissions"]))
            for guild in response.json()
        ]
    return sorted((guild for guild in page if guild.id > after), key=lambda guild: guild.id)


async def _get(http: httpx.AsyncClient, url: str, token: str) -> httpx.Response:
    try:
        response = await http.get(
            url, headers={"Authorization": f"Bot {token}"}, timeout=TIMEOUT_SECONDS
        )
    except (httpx.RequestError, httpx.InvalidURL, ValueError) as error:
        detail = f"Discord cannot be reached ({type(error).__name__})"
        raise Unreachable(detail) from error
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ConfigurationError(WRONG_TOKEN)
    return response


@contextmanager
def _making_sense(response: httpx.Response) -> Iterator[None]:
    """Turn whatever is not as it should be, while the answer is read, into one error."""
    try:
        response.raise_for_status()
        yield
    except (httpx.HTTPStatusError, ValueError, KeyError, AttributeError, TypeError) as error:
        detail = f"Discord answered {response.status_code} without sense"
        raise Unreachable(detail) from error
