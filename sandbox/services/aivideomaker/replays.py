"""`Idempotency-Key`: the same key and request again give the same task, charged once.

Stands in for: the extra the live service's description documents (providers.md A1); the document
this stand-in is written from knows nothing of it, so it is off in mode "strict".
"""

import hashlib

from sandbox.services.aivideomaker.refusals import RefusedError, invalid_payload
from sandbox.services.aivideomaker.wish import Wish

_SHORTEST, _LONGEST = 8, 128


class Replays:
    """Which key made which task from which request."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def find(self, wish: Wish) -> str | None:
        """Return the id of the task this very request has made before.

        Raises:
            RefusedError: 400, a key that is too short or long; 409, used for another request.
        """
        known = self._known.get(_name(wish))
        if known is None:
            return None
        digest, task_id = known
        if digest != _digest(wish):
            raise RefusedError(409, "IDEMPOTENCY_CONFLICT", "The key was used for another request")
        return task_id

    def remember(self, wish: Wish, task_id: str) -> None:
        """Note which task a request has made, if it carries a key."""
        if _key(wish):
            self._known[_name(wish)] = (_digest(wish), task_id)


def _name(wish: Wish) -> tuple[str, str]:
    key = _key(wish)
    if key and not _SHORTEST <= len(key) <= _LONGEST:
        raise invalid_payload("Idempotency-Key: must have 8 to 128 characters")
    return wish.owner, key


def _key(wish: Wish) -> str:
    return wish.seen.headers.get("Idempotency-Key", "")


def _digest(wish: Wish) -> str:
    return hashlib.sha256(wish.name.encode() + b"\n" + wish.seen.body).hexdigest()
