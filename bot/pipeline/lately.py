"""A memory with an end: of so many things the latest are known, and older ones are forgotten.

For what is good to know but not needed, in a process that runs for years. Never for what a restart
must not lose.
"""

from collections import UserDict
from typing import TypeVar

from typing_extensions import override

K = TypeVar("K")
V = TypeVar("V")


class Lately(UserDict[K, V]):
    """A dictionary of at most ``most`` entries; the one that was set longest ago goes first."""

    @override
    def __init__(self, most: int = 10_000) -> None:
        super().__init__()
        self._most = most

    @override
    def __setitem__(self, key: K, value: V) -> None:
        self.data.pop(key, None)  # it is the latest now
        self.data[key] = value
        if len(self.data) > self._most:
            del self.data[next(iter(self.data))]
