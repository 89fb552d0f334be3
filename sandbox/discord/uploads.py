"""A file on its way into Discord, from a member or from the bot.

It never looks inside: like Discord it believes the name, and the type where one is given.
"""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Upload:
    """A file to send.

    Attributes:
        name: The file name, with its ending.
        data: The bytes.
        content_type: The media type; guessed from the name where it is left out.
    """

    name: str
    data: bytes = field(repr=False)
    content_type: str = ""

    @classmethod
    def of(cls, path: Path) -> "Upload":
        """Read a file from disk."""
        return cls(path.name, path.read_bytes())

    @property
    def media_type(self) -> str:
        """The media type Discord will tell of it."""
        guessed, _ = mimetypes.guess_type(self.name)
        return self.content_type or guessed or "application/octet-stream"
