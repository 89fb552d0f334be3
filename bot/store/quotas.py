"""Quotas: the rules admins have set, and where a member stands by the ledger's facts.

Serves the Desk (step 2) and every adjustment. Never stores a sum; the arithmetic of "does it fit"
is ``bot.domain.quota``'s.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, insert, or_, select

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
from bot.store.sums import granted, sums

RULE = (
    rules.c.subject,
    rules.c.subject_id,
    rules.c.credits,
    rules.c.period,
    rules.c.actor_id,
    rules.c.at,
)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Quotas:
    """One guild's rules and sums inside one transaction."""

    def __init__(self, transaction: Transaction, guild_id: int, default_credits: int) -> None:
        self._transaction = transaction
        self._guild_id = guild_id
        self._default_credits = default_credits

    async def rules(self, *subjects: ColumnElement[bool]) -> list[Rule]:
        """Return the present rule of each subject; cleared ones are none."""
        latest = (
            select(func.max(rules.c.seq))
            .where(rules.c.guild_id == self._guild_id)
            .group_by(rules.c.subject, rules.c.subject_id)
        )
        if subjects:
            latest = latest.where(or_(*subjects))
        query = select(*RULE).where(rules.c.guild_id == self._guild_id, rules.c.seq.in_(latest))
        rows = await self._transaction.execute(query.order_by(rules.c.subject, rules.c.subject_id))
        present = [Rule(*row) for row in rows]
        return [rule for rule in present if (rule.credits, rule.period) != (None, None)]

    async def set_rule(self, rule: Rule) -> None:
        """Add a rule; it replaces the subject's earlier one and leaves it on record."""
        last = select(func.coalesce(func.max(rules.c.seq), 0) + 1).where(
            rules.c.guild_id == self._guild_id
        )
        values = {column.name: getattr(rule, column.name) for column in RULE}
        row = {**values, "guild_id": self._guild_id, "seq": last.scalar_subquery()}
        await self._transaction.execute(insert(rules).values(row))

    async def standing(
        self, member_id: int, role_ids: Collection[int], *, now: datetime
    ) -> Standing:
        """Return a member's position at ``now`` by the present rules."""
        present = await self.rules(
            rules.c.subject.in_(["server", "default"]),
            and_(rules.c.subject == "member", rules.c.subject_id == member_id),
            and_(rules.c.subject == "role", rules.c.subject_id.in_(role_ids)),
        )
        limit, source = _limit(present)
        return await self._standing(_server(present), member_id, (limit, source), now)

    async def granted(self, member_id: int | None) -> int:
        """Return what is left of all grants to a member, or (``None``) to the pool."""
        query = select(granted(self._guild_id, member_id))
        left: int = (await self._transaction.execute(query)).scalar_one()
        return left

    async def split(self, account: Account, charged: int) -> Draw:
        """Split what a service charged as if it, and not the price, had been held."""
        server = _server(await self.rules(rules.c.subject == "server"))
        limit = (account.taken.member_limit, None)
        standing = await self._standing(server, account.member_id, limit, account.counted_at)
        return standing.without(account.taken).split(charged)

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
        query = sums(self._guild_id, member_id, start, end or END_OF_TIME)
        row = (await self._transaction.execute(query)).one()
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
