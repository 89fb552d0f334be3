"""What the ledger says was spent, is held and was granted: sums over its rows, asked each time.

Serves ``quotas.py``. A server's history grows for years, and every order asks this in its write
transaction: what is held is found from the tasks under way, all else in indexes that hold the
figures. Never keeps a sum.
"""

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, bindparam, func, select

from bot.domain.quota import LedgerKind
from bot.store.columns import Instant
from bot.store.schema import MOVED, OF_MEMBER_GRANTS, OF_POOL_GRANTS, ledger, tasks

e = ledger.c
_OF_GUILD = e.guild_id == bindparam("of_guild")
_OF_MEMBER = e.member_id == bindparam("of_member")
_START, _END = bindparam("start", type_=Instant()), bindparam("end", type_=Instant())


def _total(amount: ColumnElement[int], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    total = func.coalesce(func.sum(amount), 0)
    return select(total).where(_OF_GUILD, *where).scalar_subquery()


def _spent(grants: ColumnElement[int], *whose: ColumnElement[bool]) -> ScalarSelect[int]:
    no_grant = e.kind != LedgerKind.GRANT
    in_period = (e.counted_at >= _START, e.counted_at < _END)
    return _total(grants - e.credits, *whose, MOVED, no_grant, *in_period)


def _held() -> Subquery:
    # Only ended tasks are settled or released, and they are so in the transaction that ends them.
    of_guild = tasks.c.guild_id == bindparam("of_guild")
    under_way = select(tasks.c.id).where(of_guild, tasks.c.ended_at.is_(None))
    held = func.sum(-e.credits)
    theirs = held.filter(_OF_MEMBER)
    return (
        select(func.coalesce(held, 0).label("held"), func.coalesce(theirs, 0).label("own_held"))
        .where(_OF_GUILD, e.task_id.in_(under_way))
        .subquery()
    )


_pool_grants = _total(e.pool_grants, OF_POOL_GRANTS)
_member_grants = _total(e.member_grants, _OF_MEMBER, OF_MEMBER_GRANTS)

SUMS: Select[*tuple[int, ...]] = select(
    _spent(e.pool_grants).label("spent"),
    _pool_grants.label("granted"),
    _spent(e.member_grants, _OF_MEMBER).label("own_spent"),
    _member_grants.label("own_granted"),
    *_held().c,
)
"""Spent (from ``start``, before ``end``), granted and held ``of_guild``.

One row: the pool's figures, and with the prefix ``own_`` those ``of_member``.
"""
POOL_GRANTED = select(_pool_grants)
"""The sum of what is left of all grants to the pool ``of_guild``."""
MEMBER_GRANTED = select(_member_grants)
"""Likewise to one ``of_member`` there."""
