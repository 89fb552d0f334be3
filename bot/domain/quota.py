"""Quotas: who may spend how many credits until when. Pure arithmetic over facts from the ledger.

The Desk (step 2) asks ``Standing.draw`` whether an order fits; the store turns the answer into a
hold. Never stores a balance: it is always computed from the ledger's rows.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.errors import Refusal, Refused


class Period(StrEnum):
    """How often a server's quotas renew: calendar, UTC, weeks from Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"


def period_start(period: Period, instant: datetime) -> datetime:
    """Return the first instant of the period that ``instant`` lies in."""
    day = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.TOTAL:
            return datetime(1970, 1, 1, tzinfo=UTC)


def renews_at(period: Period, instant: datetime) -> datetime | None:
    """Return the first instant of the next period; ``None`` for a quota that never renews."""
    start = period_start(period, instant)
    match period:
        case Period.DAY:
            return start + timedelta(days=1)
        case Period.WEEK:
            return start + timedelta(days=7)
        case Period.MONTH:
            return (start + timedelta(days=32)).replace(day=1)
        case Period.TOTAL:
            return None


class LedgerKind(StrEnum):
    """The facts a ledger row can state; credits are signed as the balance sees them."""

    HOLD = "hold"  # − the price
    ADJUST = "adjust"  # ∓ the difference to what the service charged
    SETTLE = "settle"  # 0: from here on the credits are spent
    RELEASE = "release"  # + what was held
    GRANT = "grant"  # ± what an admin gave or took back


class LimitSource(StrEnum):
    """Which rule gave a member their limit."""

    OWN = "own"
    ROLE = "role"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Purse:
    """One account that an order must fit: the server's pool, or a member's limit.

    All in credits. Spending of the present period comes first, then what was granted, which
    outlives the period. ``held`` is the part of the spending whose films are still being made.
    """

    allowance: int
    spent: int
    """Taken from this period's allowance, held included."""
    held: int
    """Of everything taken, what is held and not settled."""
    granted: int
    """What is left of all grants."""

    @property
    def left(self) -> int:
        """What can still be spent; below zero when a service charged more than was held."""
        return self.allowance - self.spent + self.granted

    def from_grants(self, cost: int) -> int:
        """Return how much of ``cost`` the grants must bear: what the period cannot."""
        period_left = max(0, self.allowance - self.spent)
        return min(max(0, cost - period_left), max(0, self.granted))

    def without(self, cost: int, from_grants: int) -> "Purse":
        """Return the purse as if ``cost`` had not been taken from it."""
        spent = self.spent - (cost - from_grants)
        return replace(self, spent=spent, granted=self.granted + from_grants)


@dataclass(frozen=True, slots=True)
class Draw:
    """How an admitted cost is split between periods and grants."""

    cost: int
    from_pool_grants: int
    from_member_grants: int
    member_limit: int | None = None
    """The member's limit that it was measured against; ``None``: there was none."""

    def __neg__(self) -> "Draw":
        """Return the same amounts given back instead of taken."""
        return Draw(-self.cost, -self.from_pool_grants, -self.from_member_grants, self.member_limit)

    def __sub__(self, other: "Draw") -> "Draw":
        """Return what must be taken beyond ``other``; negative amounts are given back."""
        return Draw(
            self.cost - other.cost,
            self.from_pool_grants - other.from_pool_grants,
            self.from_member_grants - other.from_member_grants,
            self.member_limit,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's position in one server at one instant."""

    period: Period
    renews_at: datetime | None
    pool: Purse
    member: Purse | None
    """``None``: no limit of their own; only the pool counts."""
    source: LimitSource | None = None

    def draw(self, cost: int) -> Draw:
        """Admit ``cost`` or say which purse is too small.

        Raises:
            Refused: ``LIMIT_REACHED`` or ``POOL_EMPTY`` with cost, left and renews_at.
        """
        for purse, code in ((self.member, Refusal.LIMIT_REACHED), (self.pool, Refusal.POOL_EMPTY)):
            if purse is not None and purse.left < cost:
                raise Refused(code, cost=cost, left=purse.left, renews_at=self.renews_at)
        return self.split(cost)

    def split(self, cost: int) -> Draw:
        """Split ``cost`` without asking whether it fits (an adjustment may go below zero)."""
        member = self.member.from_grants(cost) if self.member else 0
        limit = self.member.allowance if self.member else None
        return Draw(cost, self.pool.from_grants(cost), member, limit)

    def without(self, draw: Draw) -> "Standing":
        """Return the position as if ``draw``, which counts in this period, had not been made."""
        member = self.member and self.member.without(draw.cost, draw.from_member_grants)
        pool = self.pool.without(draw.cost, draw.from_pool_grants)
        return replace(self, pool=pool, member=member)


@dataclass(frozen=True, slots=True)
class Rule:
    """One quota as an admin set it. ``credits`` of ``None`` means: cleared."""

    subject: str
    """``server``, ``default``, ``member`` or ``role``."""
    subject_id: int
    """The member's or role's id; 0 for the server and for everyone's default."""
    credits: int | None
    period: Period | None
    """Only the server's rule has a period; all others follow it."""
    actor_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the ledger, as ``/quota history`` shows it."""

    kind: LedgerKind
    credits: int
    member_id: int | None
    task_id: str | None
    actor_id: int | None
    at: datetime
