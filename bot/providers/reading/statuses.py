"""The services' status words in our own.

Serves the looks (step 4). Case and separators do not count; gateways in front of the same dialect
use many words for the same thing. A word nobody knows is neither success nor failure.
"""

from collections.abc import Mapping
from functools import lru_cache

from bot.providers.base import JobStatus

_WORDS: Mapping[JobStatus, str] = {
    JobStatus.WAITING: "submitted pending queued created notstart waiting starting preparing",
    JobStatus.RUNNING: "progress inprogress processing running generating rendering",
    JobStatus.DONE: "completed complete success succeeded finished done",
    JobStatus.FAILED: "failed failure fail error",
    JobStatus.CANCELLED: "cancel cancelled canceled",
    JobStatus.EXPIRED: "expired",
}
_LONGEST = 100
_STATUSES = {word: status for status, words in _WORDS.items() for word in words.split()}


def read_status(word: object) -> JobStatus:
    """Return our status for the service's ``word``; ``UNKNOWN`` for anything unheard of."""
    return _status(word[:_LONGEST]) if isinstance(word, str) else JobStatus.UNKNOWN


@lru_cache(maxsize=64)  # there are few, and thousands of jobs
def _status(word: str) -> JobStatus:
    letters = "".join(letter for letter in word.casefold() if letter.isalnum())
    return _STATUSES.get(letters, JobStatus.UNKNOWN)
