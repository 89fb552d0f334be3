"""Stands in for Discord's signed links: each names when it was made, when it ends, and a seal.

It never forgives: a link without its seal, or one second too old, opens nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote


class Links:
    """Signs paths of the CDN, and checks them.

    Attributes:
        origin: Scheme, host and port of the CDN.
    """

    def __init__(self, life: timedelta) -> None:
        self.origin = ""
        self._life = life
        self._key = secrets.token_bytes(32)

    def sign(self, path: str) -> str:
        """Return a link to a path that works for its life from now on."""
        now = datetime.now(UTC)
        issued = format(int(now.timestamp()), "x")
        expires = format(int((now + self._life).timestamp()), "x")
        path = quote(path)
        seal = self._seal(path, expires, issued)
        return f"{self.origin}{path}?ex={expires}&is={issued}&hm={seal}&"

    def holds(self, path: str, query: Mapping[str, str]) -> bool:
        """Return whether a link to a (quoted) path is genuine and has not expired."""
        expires, issued = query.get("ex", ""), query.get("is", "")
        seal = self._seal(path, expires, issued)
        if not hmac.compare_digest(seal, query.get("hm", "")):
            return False
        return datetime.now(UTC).timestamp() < int(expires, 16)

    def expire(self) -> None:
        """Let every link signed so far expire at once."""
        self._key = secrets.token_bytes(32)

    def _seal(self, path: str, expires: str, issued: str) -> str:
        text = f"{path} {expires} {issued}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
