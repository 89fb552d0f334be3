"""Tells somebody who counts of every request and how it ended.

Serves the metrics. Never tells an address, an id or a word of the answer.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from bot.errors import (
    Declined,
    JobNotFound,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Unauthorised,
    Unavailable,
)

QueryHook = Callable[[str, str, str], None]
"""Told of every request: provider, route, outcome (``ok`` or an error's name in snake case)."""

_OUTCOMES: Mapping[type[ProviderError], str] = {
    NotSent: "not_sent",
    OutcomeUnknown: "outcome_unknown",
    Declined: "declined",
    RateLimited: "rate_limited",
    Unauthorised: "unauthorised",
    JobNotFound: "job_not_found",
    Unavailable: "unavailable",
}


def nobody(_provider: str, _route: str, _outcome: str) -> None:
    """Stand in where nobody counts."""


@contextmanager
def counted(hook: QueryHook, provider: str, route: str) -> Iterator[None]:
    """Tell ``hook`` of the request made inside; one that was cancelled is not counted."""
    try:
        yield
    except ProviderError as error:
        hook(provider, route, _outcome(error))
        raise
    hook(provider, route, "ok")


def _outcome(error: ProviderError) -> str:
    return next((word for kind, word in _OUTCOMES.items() if isinstance(error, kind)), "error")
