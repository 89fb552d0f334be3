"""Stands in for files that have arrived in Discord."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.uploads import Upload

if TYPE_CHECKING:
    from sandbox.discord.world.world import World


@dataclass(eq=False)
class Attachment:
    """A file of a message, or of an interaction's option.

    Attributes:
        id: Its snowflake.
        name: The file name as stored.
        data: The bytes.
        content_type: The media type.
        channel_id: The channel its link names.
        ephemeral: Whether it came with an interaction and belongs to no message.
        description: The text for who cannot see it; empty: none.
    """

    world: "World" = field(repr=False)
    id: int
    name: str
    data: bytes = field(repr=False)
    content_type: str
    channel_id: int
    ephemeral: bool = False
    description: str = ""

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)

    @property
    def url(self) -> str:
        """A freshly signed link, which expires."""
        return self.world.links.sign(self.path)

    @property
    def path(self) -> str:
        """The path of its link on the CDN."""
        folder = "ephemeral-attachments" if self.ephemeral else "attachments"
        return f"/{folder}/{self.channel_id}/{self.id}/{self.name}"


def stored(
    world: "World", upload: Upload, channel_id: int, *, ephemeral: bool = False
) -> Attachment:
    """Take a file in; the CDN serves it from now on."""
    name = upload.name.replace(" ", "_").replace("/", "_")
    taken = Attachment(
        world, world.mint(), name, upload.data, upload.media_type, channel_id, ephemeral
    )
    world.files[taken.id] = taken
    return taken
