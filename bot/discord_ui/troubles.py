"""Discord's refusals and broken connections, told apart into our own ``DeliveryError`` tree.

Serves the mailbox. discord.py retries little of this itself (not 503, not Linux' connection reset).
Never puts an address into an error: a webhook's holds a secret.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.errors import (
    CannotPost,
    ClapboardError,
    DeliveryError,
    FilmTooLarge,
    MessageGone,
    NotTaken,
    Unreachable,
    WordsBlocked,
)

TRANSPORT = (aiohttp.ClientError, OSError, TimeoutError)
"""What a broken connection to Discord raises; ``discord.HTTPException`` is an answer of Discord."""
REQUEST_TOO_LARGE = 40005
AUTOMOD = frozenset({200000, 200001})
"""The message, or a title in it, was blocked by the server's automatic moderation."""
BAD_REQUEST, NOT_FOUND = 400, 404
SERVER_ERROR = 500
PAUSE = timedelta(seconds=2)
LONG_PAUSE = timedelta(minutes=1)


@contextmanager
def translated() -> Iterator[None]:
    """Turn whatever discord.py raises inside into a ``DeliveryError``."""
    try:
        yield
    except discord.RateLimited as error:
        raise Unreachable("rate limited", timedelta(seconds=error.retry_after)) from error
    except discord.HTTPException as error:
        raise delivery_error(error) from error
    except TRANSPORT as error:
        raise Unreachable(fact(error), PAUSE) from None  # its text may hold a token


def fact(error: Exception) -> str:
    """Return what the log may know of an error: aiohttp's texts hold addresses with tokens."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status}, code {error.code}"
    if isinstance(error, ClapboardError):
        return f"{type(error).__name__}: {error}"  # ours, without secrets: "disk full"
    return type(error).__name__


def delivery_error(error: discord.HTTPException) -> DeliveryError:
    """Return what an answer of Discord means for a message of ours."""
    if error.status == 413 or error.code == REQUEST_TOO_LARGE:  # noqa: PLR2004 - HTTP's own number
        return FilmTooLarge(fact(error))
    if error.status >= SERVER_ERROR:
        return Unreachable(fact(error), PAUSE)
    if error.status in (401, 429):  # our token, or Cloudflare: neither is this message's fault
        return Unreachable(fact(error), LONG_PAUSE)
    if error.status == BAD_REQUEST:
        return WordsBlocked(fact(error)) if blocks_words(error) else NotTaken(fact(error))
    return MessageGone(fact(error)) if error.status == NOT_FOUND else CannotPost(fact(error))


def blocks_words(error: Exception) -> bool:
    """Tell whether it was AutoMod that stopped a message."""
    if isinstance(error, discord.HTTPException):
        return error.code in AUTOMOD
    return isinstance(error, WordsBlocked)
