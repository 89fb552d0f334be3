"""What the ledger says was spent, is held and was granted: sums over its rows, asked each time.

Serves ``quotas.py``. A server's history grows for years, and every order asks this in its write
transaction: what is held is found from the tasks under way, all else in indexes that hold the
figures. Never keeps a sum.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, func, select

from bot.domain.quota import LedgerKind
from bot.store.schema import MOVED, OF_MEMBER_GRANTS, OF_POOL_GRANTS, ledger, tasks


def sums(guild_id: int, member_id: int, start: datetime, end: datetime) -> Select[*tuple[int, ...]]:
    """Return the query for spent (from ``start``, before ``end``), granted and held.

    One row: the pool's figures, and with the prefix ``own_`` a member's.
    """
    return select(
        _spent(guild_id, None, start, end).label("spent"),
        granted(guild_id, None).label("granted"),
        _spent(guild_id, member_id, start, end).label("own_spent"),
        granted(guild_id, member_id).label("own_granted"),
        *_held(guild_id, member_id).c,
    )


def _spent(
    guild_id: int, member_id: int | None, start: datetime, end: datetime
) -> ScalarSelect[int]:
    amount = _grants(member_id) - ledger.c.credits
    return (
        _total(amount, guild_id, member_id)
        .where(
            MOVED,
            ledger.c.kind != LedgerKind.GRANT,
            ledger.c.counted_at >= start,
            ledger.c.counted_at < end,
        )
        .scalar_subquery()
    )


def granted(guild_id: int, member_id: int | None) -> ScalarSelect[int]:
    """Return the sum of what is left of all grants to a member, or (``None``) to the pool."""
    there = OF_POOL_GRANTS if member_id is None else OF_MEMBER_GRANTS
    return _total(_grants(member_id), guild_id, member_id).where(there).scalar_subquery()


def _held(guild_id: int, member_id: int) -> Subquery:
    # Only ended tasks are settled or released, and they are so in the transaction that ends them.
    under_way = select(tasks.c.id).where(tasks.c.guild_id == guild_id, tasks.c.ended_at.is_(None))
    held = func.sum(-ledger.c.credits)
    theirs = held.filter(ledger.c.member_id == member_id)
    return (
        select(func.coalesce(held, 0).label("held"), func.coalesce(theirs, 0).label("own_held"))
        .where(ledger.c.guild_id == guild_id, ledger.c.task_id.in_(under_way))
        .subquery()
    )


def _grants(member_id: int | None) -> ColumnElement[int]:
    return ledger.c.pool_grants if member_id is None else ledger.c.member_grants


def _total(amount: ColumnElement[int], guild_id: int, member_id: int | None) -> Select[int]:
    query = select(func.coalesce(func.sum(amount), 0)).where(ledger.c.guild_id == guild_id)
    return query if member_id is None else query.where(ledger.c.member_id == member_id)
