"""What ``python -m bot check`` has to say: one line, and whether it must be mended.

Never breaks a line: a server's name may hold anything.
"""

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Mark(StrEnum):
    """How a finding is to be taken."""

    GOOD = "✓"
    NOTE = "!"
    WRONG = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line."""

    mark: Mark
    text: str

    @property
    def broken(self) -> bool:
        """Whether it must be mended before the bot can do its work."""
        return self.mark is Mark.WRONG

    @override
    def __str__(self) -> str:
        text = "".join(letter if letter.isprintable() else " " for letter in self.text)
        return f"{self.mark} {text}"


def good(text: str) -> Finding:
    """Say what is in order."""
    return Finding(Mark.GOOD, text)


def note(text: str) -> Finding:
    """Say what the operator should know; the bot runs all the same."""
    return Finding(Mark.NOTE, text)


def wrong(text: str) -> Finding:
    """Say what is broken and how to mend it."""
    return Finding(Mark.WRONG, text)
