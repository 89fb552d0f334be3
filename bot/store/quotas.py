"""Quotas: the rules admins have set, and where a member stands by the ledger's facts.

Serves the Desk (step 2) and every adjustment. Never stores a sum; the arithmetic of "does it fit"
is ``bot.domain.quota``'s.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, or_, select

from bot.domain.quota import (
    Draw,
    LimitSource,
    Period,
    Purse,
    Rule,
    Standing,
    period_start,
    renews_at,
)
from bot.store.engine import Transaction
from bot.store.ledger import Account
from bot.store.schema import rules
from bot.store.sums import MEMBER_GRANTED, POOL_GRANTED, SUMS

r = rules.c
RULE = (r.subject, r.subject_id, r.credits, r.period, r.actor_id, r.at)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

_OF_GUILD = r.guild_id == bindparam("of_guild")


def _present(*subjects: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the present rule of each of these subjects, or of all."""
    latest = select(func.max(r.seq)).where(_OF_GUILD).group_by(r.subject, r.subject_id)
    if subjects:
        latest = latest.where(or_(*subjects))
    query = select(*RULE).where(_OF_GUILD, r.seq.in_(latest))
    return query.order_by(r.subject, r.subject_id)


_SERVER = r.subject == "server"
_ALL_RULES, _SERVER_RULE = _present(), _present(_SERVER)
_RULES_FOR_MEMBER = _present(
    _SERVER,
    r.subject == "default",
    and_(r.subject == "member", r.subject_id == bindparam("of_member")),
    and_(r.subject == "role", r.subject_id.in_(bindparam("of_roles", expanding=True))),
)
_NEXT_SEQ = select(func.coalesce(func.max(r.seq), 0) + 1).where(_OF_GUILD).scalar_subquery()
_ADD = insert(rules).values(seq=_NEXT_SEQ)


class Quotas:
    """One guild's rules and sums inside one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int, default_credits: int) -> None:
        self._transaction = transaction
        self._guild_id = guild_id
        self._default_credits = default_credits

    async def rules(self) -> list[Rule]:
        """Return the present rule of each subject; cleared ones are none."""
        return await self._rules(_ALL_RULES)

    async def set_rule(self, rule: Rule) -> None:
        """Add a rule; it replaces the subject's earlier one and leaves it on record."""
        values = {column.name: getattr(rule, column.name) for column in RULE}
        whose = {"guild_id": self._guild_id, "of_guild": self._guild_id}
        await self._transaction.execute(_ADD, {**values, **whose})

    async def standing(
        self, member_id: int, role_ids: Collection[int], *, now: datetime
    ) -> Standing:
        """Return a member's position at ``now`` by the present rules."""
        whose = {"of_member": member_id, "of_roles": list(role_ids)}
        present = await self._rules(_RULES_FOR_MEMBER, whose)
        limit, source = _limit(present)
        return await self._standing(_server(present), member_id, (limit, source), now)

    async def granted(self, member_id: int | None) -> int:
        """Return what is left of all grants to a member, or (``None``) to the pool."""
        query = POOL_GRANTED if member_id is None else MEMBER_GRANTED
        whose = {"of_guild": self._guild_id, "of_member": member_id}
        left: int = (await self._transaction.execute(query, whose)).scalar_one()
        return left

    async def split(self, account: Account, charged: int) -> Draw:
        """Split what a service charged as if it, and not the price, had been held."""
        server = _server(await self._rules(_SERVER_RULE))
        limit = (account.taken.member_limit, None)
        standing = await self._standing(server, account.member_id, limit, account.counted_at)
        return standing.without(account.taken).split(charged)

    async def _rules(
        self, query: Select[Any], whose: Mapping[str, object] | None = None
    ) -> list[Rule]:
        values = {"of_guild": self._guild_id, **(whose or {})}
        present = [Rule(*row) for row in await self._transaction.execute(query, values)]
        return [rule for rule in present if (rule.credits, rule.period) != (None, None)]

    async def _standing(
        self,
        server: Rule | None,
        member_id: int,
        limit: tuple[int | None, LimitSource | None],
        instant: datetime,
    ) -> Standing:
        period = (server.period if server else None) or Period.MONTH
        pool = self._default_credits if server is None or server.credits is None else server.credits
        start, end = period_start(period, instant), renews_at(period, instant)
        whose = {"of_guild": self._guild_id, "of_member": member_id}
        when = {"start": start, "end": end or END_OF_TIME}
        row = (await self._transaction.execute(SUMS, {**whose, **when})).one()
        own = (row.own_spent, row.own_held, row.own_granted)
        return Standing(
            period=period,
            renews_at=end,
            pool=Purse(pool, row.spent, row.held, row.granted),
            member=None if limit[0] is None else Purse(limit[0], *own),
            source=limit[1],
        )


def _server(present: Iterable[Rule]) -> Rule | None:
    return next((rule for rule in present if rule.subject == "server"), None)


def _limit(present: Iterable[Rule]) -> tuple[int | None, LimitSource | None]:
    """Return a member's limit: their own, else the best of their roles, else everyone's."""
    limits: dict[str, int] = {}
    for rule in present:
        if rule.credits is not None:
            limits[rule.subject] = max(rule.credits, limits.get(rule.subject, rule.credits))
    for source, subject in (
        (LimitSource.OWN, "member"),
        (LimitSource.ROLE, "role"),
        (LimitSource.DEFAULT, "default"),
    ):
        if subject in limits:
            return limits[subject], source
    return None, None
