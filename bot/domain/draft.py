"""The draft: what a form was opened on, because a form that comes back carries nothing but its id.

Step 1 of the story writes it before the form opens and reads it when the form is sent, perhaps by
another process. Never holds what the member fills in: that comes with the form.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.catalog import Door
from bot.domain.order import Source

DRAFT_LIFE = timedelta(days=1)
"""So long a form may lie open; then its draft is erased."""


def new_draft_id() -> str:
    """Return a fresh draft id: 12 hexadecimal digits, unguessable, fit for a custom id."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Draft:
    """One opened form. ``None`` means: there is none."""

    guild_id: int
    id: str
    member_id: int
    """Who opened it; nobody else can send it."""
    channel_id: int
    door: Door
    pictures: tuple[str, ...]
    """Addresses to choose from, in the order that the form offers them."""
    names: tuple[str, ...]
    """What the pictures are called, one for each."""
    expires_at: datetime | None
    """When the first of the addresses stops working; ``None``: they do not."""
    created_at: datetime
    message_id: int | None = None
    """The message that the pictures stand in: it is read again once the addresses have expired."""
    source_member_id: int | None = None
    """Whose pictures they are, where they are somebody else's."""
    prompt: str = ""
    """What the prompt was before the form opened."""

    @property
    def source(self) -> Source | None:
        """Return whose pictures they are, where they are somebody else's."""
        if self.source_member_id is None:
            return None
        return Source(self.source_member_id, self.message_id)
