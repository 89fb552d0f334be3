"""One guild's members who do not want their pictures animated by others.

Serves the Desk (step 2) and whoever says no. Never reaches another guild's rows.
"""

from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.store.engine import Transaction
from bot.store.schema import opt_outs

o = opt_outs.c


class OptOuts:
    """Bound to one guild and one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int) -> None:
        self._transaction = transaction
        self._guild_id = guild_id

    async def holds(self, member_id: int) -> bool:
        """Tell whether the member has said no."""
        query = select(o.member_id).where(o.guild_id == self._guild_id, o.member_id == member_id)
        return (await self._transaction.execute(query)).first() is not None

    async def add(self, member_id: int, *, now: datetime) -> None:
        """Write down that the member says no; saying it twice is saying it once."""
        if not await self.holds(member_id):
            row = {"guild_id": self._guild_id, "member_id": member_id, "at": now}
            await self._transaction.execute(insert(opt_outs).values(row))

    async def remove(self, member_id: int) -> None:
        """Forget that the member has said no."""
        theirs = (o.guild_id == self._guild_id) & (o.member_id == member_id)
        await self._transaction.execute(delete(opt_outs).where(theirs))
