"""One guild's drafts: the forms that were opened and may still come back.

Serves step 1. Never reaches another guild's rows; who has opened a form is for the caller to
compare.
"""

from dataclasses import fields

from sqlalchemy import insert, select

from bot.domain.draft import Draft
from bot.store.engine import Transaction
from bot.store.schema import drafts

_COLUMNS = tuple(drafts.c[field.name] for field in fields(Draft))


class Drafts:
    """Bound to one guild and one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int) -> None:
        self._transaction = transaction
        self._guild_id = guild_id

    async def add(self, draft: Draft) -> None:
        """Record a form that is about to open."""
        values = {field.name: getattr(draft, field.name) for field in fields(Draft)}
        row = {**values, "guild_id": self._guild_id}
        await self._transaction.execute(insert(drafts).values(row))

    async def get(self, draft_id: str) -> Draft | None:
        """Return a draft; ``None``: there is none (any more)."""
        query = select(*_COLUMNS).where(
            drafts.c.guild_id == self._guild_id, drafts.c.id == draft_id
        )
        row = (await self._transaction.execute(query)).first()
        return None if row is None else Draft(*row)
