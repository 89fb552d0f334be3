"""The ledger: facts about credits, only ever added.

Serves steps 2 (hold), 3 and 4 (adjust, release) and 5 (settle). Sums are asked from the rows each
time; never keeps a balance, never changes or removes a row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from bot.domain.quota import Draw, LedgerEntry, LedgerKind
from bot.domain.task import Task
from bot.store.engine import Transaction
from bot.store.schema import ledger

e = ledger.c
ENTRY = (e.kind, e.credits, e.member_id, e.task_id, e.actor_id, e.at)

# Put together once, their values left open: a film books three times.
_OF_GUILD = e.guild_id == bindparam("of_guild")
_NEXT_SEQ = select(func.coalesce(func.max(e.seq), 0) + 1).where(_OF_GUILD).scalar_subquery()
_ADD = insert(ledger).values(seq=_NEXT_SEQ)
_OF_TASK = select(ledger).where(_OF_GUILD, e.task_id == bindparam("of_task")).order_by(e.seq)


@dataclass(frozen=True, slots=True)
class Account:
    """What the ledger says about one task."""

    task_id: str
    member_id: int
    counted_at: datetime
    """The instant of the hold, whose period bears all of it."""
    taken: Draw
    """The hold with all adjustments; nothing after a release."""
    kinds: frozenset[LedgerKind]


class Ledger:
    """One guild's ledger inside one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int) -> None:
        self._transaction = transaction
        self._guild_id = guild_id

    async def hold(self, task: Task, draw: Draw, now: datetime) -> None:
        """Take the price of a new task."""
        account = Account(task.id, task.member_id, now, draw, frozenset())
        await self._add(LedgerKind.HOLD, account, draw, now, actor_id=task.member_id)

    async def adjust(self, account: Account, more: Draw, now: datetime) -> None:
        """Take ``more`` for a task; a negative draw gives back."""
        await self._add(LedgerKind.ADJUST, account, more, now)

    async def settle(self, account: Account, now: datetime) -> None:
        """State that what was taken is spent; once per task."""
        if LedgerKind.SETTLE not in account.kinds:
            await self._add(LedgerKind.SETTLE, account, account.taken - account.taken, now)

    async def release(self, account: Account, now: datetime, *, actor_id: int | None) -> None:
        """Give back exactly what was taken, to where it was taken from; once per task."""
        if LedgerKind.RELEASE not in account.kinds:
            await self._add(LedgerKind.RELEASE, account, -account.taken, now, actor_id=actor_id)

    async def grant(
        self, credits_given: int, member_id: int | None, actor_id: int, now: datetime
    ) -> None:
        """Raise (or lower) what the pool, or one member, has beyond every period."""
        await self._insert(
            kind=LedgerKind.GRANT,
            credits=credits_given,
            pool_grants=credits_given if member_id is None else 0,
            member_grants=0 if member_id is None else credits_given,
            member_id=member_id,
            actor_id=actor_id,
            at=now,
            counted_at=now,
        )

    async def account(self, task_id: str) -> Account | None:
        """Return what the ledger says about a task; ``None``: it knows no such task."""
        whose = {"of_guild": self._guild_id, "of_task": task_id}
        rows = (await self._transaction.execute(_OF_TASK, whose)).all()
        return _account(rows) if rows else None

    async def entries(
        self, *, task_id: str | None = None, limit: int, without: Collection[LedgerKind] = ()
    ) -> list[LedgerEntry]:
        """Return rows as people read them, newest first, but none of the kinds ``without``."""
        query = select(*ENTRY).where(e.guild_id == self._guild_id)
        query = query.order_by(e.seq.desc()).limit(limit)
        if task_id is not None:
            query = query.where(e.task_id == task_id)
        if without:
            query = query.where(e.kind.not_in(without))
        return [LedgerEntry(*row) for row in await self._transaction.execute(query)]

    async def _add(
        self,
        kind: LedgerKind,
        account: Account,
        taken: Draw,
        now: datetime,
        *,
        actor_id: int | None = None,
    ) -> None:
        await self._insert(
            kind=kind,
            credits=-taken.cost,
            pool_grants=-taken.from_pool_grants,
            member_grants=-taken.from_member_grants,
            member_limit=taken.member_limit,
            member_id=account.member_id,
            task_id=account.task_id,
            actor_id=actor_id,
            at=now,
            counted_at=account.counted_at,
        )

    async def _insert(self, **values: object) -> None:
        whose = {"guild_id": self._guild_id, "of_guild": self._guild_id}
        await self._transaction.execute(_ADD, {**values, **whose})


def _account(rows: Sequence[Row[Any]]) -> Account:
    hold = rows[0]
    taken = Draw(
        -sum(row.credits for row in rows),
        -sum(row.pool_grants for row in rows),
        -sum(row.member_grants for row in rows),
        hold.member_limit,
    )
    kinds = frozenset(row.kind for row in rows)
    return Account(hold.task_id, hold.member_id, hold.counted_at, taken, kinds)
