"""One service as the operator configured it: name, address, key.

Serves every request (steps 3 to 5). Never shows the key but in the headers made for it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """One service as the operator configured it."""

    name: str
    url: str
    key: str
    auth: Mapping[str, str]
    """The headers that carry the key."""

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that differ from key to key and give nothing away."""
        message = f"clapboard key of {self.name}".encode()
        return hmac.new(self.key.encode(), message, hashlib.sha256).hexdigest()[:16]
