"""The balance is a query over facts, and it is exact: checked against a plain counting model."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.quota import Period, Purse, period_start
from bot.domain.task import MOVES, RELEASED, SETTLED, TaskState
from bot.errors import Failure, Refused
from bot.store import GuildStore, Store
from tests.store.building import ADMIN, MEMBER, NOW, S, make_rule, make_task

LIMIT, ALLOWANCE = 30, 50
GUILDS = count(1)


@dataclass
class CountingPurse:
    """A purse as a careful clerk would keep it: counters, changed at every event."""

    allowance: int
    spent: dict[datetime, int] = field(default_factory=dict)
    granted: int = 0
    held: int = 0

    def take(self, month: datetime, amount: int) -> int:
        """Take ``amount`` and return what grants bore of it."""
        spent = self.spent.get(month, 0)
        beyond = amount - min(amount, max(0, self.allowance - spent))
        from_grants = min(beyond, max(0, self.granted))
        self.give(month, -amount, -from_grants)
        return from_grants

    def give(self, month: datetime, amount: int, to_grants: int) -> None:
        self.spent[month] = self.spent.get(month, 0) - (amount - to_grants)
        self.granted += to_grants

    def at(self, month: datetime) -> Purse:
        return Purse(self.allowance, self.spent.get(month, 0), self.held, self.granted)


@dataclass
class Booked:
    """One task as the clerk remembers it."""

    task_id: str
    month: datetime
    state: TaskState = S.QUEUED
    cost: int = 0
    grants: list[int] = field(default_factory=lambda: [0, 0])
    released: bool = False
    settled: bool = False

    @property
    def held(self) -> int:
        return 0 if self.released or self.settled else self.cost


class Clerk:
    """Orders, charges and moves, done in the store and in the counters alike."""

    def __init__(self, guild: GuildStore) -> None:
        self.guild = guild
        self.now = NOW
        self.purses = [CountingPurse(ALLOWANCE), CountingPurse(LIMIT)]
        self.tasks: list[Booked] = []

    @property
    def month(self) -> datetime:
        return period_start(Period.MONTH, self.now)

    async def order(self, cost: int) -> None:
        standing = await self.guild.standing(MEMBER, (), now=self.now)
        fits = all(purse.at(self.month).left >= cost for purse in self.purses)
        try:
            draw = standing.draw(cost)
        except Refused:
            assert not fits
            return
        assert fits
        task = make_task(guild_id=self.guild.guild_id, cost=cost)
        await self.guild.add(task, draw, now=self.now)
        booked = Booked(task.id, self.month)
        self.tasks.append(booked)
        self.charge(booked, cost)

    def charge(self, booked: Booked, cost: int) -> None:
        if booked.released or cost == booked.cost:
            return
        for n, purse in enumerate(self.purses):
            purse.give(booked.month, booked.cost, booked.grants[n])
            booked.grants[n] = purse.take(booked.month, cost)
        booked.cost = cost

    def release(self, booked: Booked) -> None:
        if not booked.released:
            for purse, grants in zip(self.purses, booked.grants, strict=True):
                purse.give(booked.month, booked.cost, grants)
            booked.released = True

    async def move(self, which: int, way: int, charged: int | None) -> None:
        """Move some task one of the ways that are open to it."""
        able = [booked for booked in self.tasks if MOVES[booked.state]]
        if not able:
            return
        booked = able[which % len(able)]
        ways = sorted(MOVES[booked.state])
        booked.state = to = ways[way % len(ways)]
        assert await self.guild.move(booked.task_id, to, now=self.now, charged=charged)
        if charged is not None:
            self.charge(booked, charged)
        booked.settled |= to in SETTLED
        if to in RELEASED:
            self.release(booked)

    async def write_off(self) -> None:
        for booked in self.tasks:
            if booked.state is S.UNCONFIRMED:
                await self.guild.write_off(booked.task_id, now=self.now, failure=Failure.LOST)
                self.release(booked)

    async def grant(self, amount: int, *, to_pool: bool) -> None:
        self.purses[0 if to_pool else 1].granted += amount
        member_id = None if to_pool else MEMBER
        await self.guild.grant(credits=amount, member_id=member_id, actor_id=ADMIN, now=self.now)

    async def compare(self) -> None:
        standing = await self.guild.standing(MEMBER, (), now=self.now)
        for purse in self.purses:
            purse.held = sum(booked.held for booked in self.tasks)
        expected = [purse.at(self.month) for purse in self.purses]
        assert [standing.pool, standing.member] == expected


credits_ = st.integers(0, 40)
steps = st.one_of(
    st.tuples(st.just("order"), credits_),
    st.tuples(
        st.just("move"),
        st.integers(0, 5),
        st.integers(0, 4),
        st.none() | credits_,
    ),
    st.tuples(st.just("grant"), st.integers(-20, 40), st.booleans()),
    st.tuples(st.just("write_off")),
    st.tuples(st.just("wait"), st.integers(0, 40)),
)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking can take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(script=st.lists(steps, min_size=10, max_size=40))
async def test_sums_over_the_ledger_equal_careful_counting(
    store: Store, script: list[tuple[object, ...]]
) -> None:
    """Orders, charges, ends, grants and months in any order: no credit is lost or made."""
    async with store.write(next(GUILDS)) as guild:
        await guild.set_rule(make_rule("server", ALLOWANCE))
        await guild.set_rule(make_rule("default", LIMIT))
        clerk = Clerk(guild)
        for step in script:
            await _do(clerk, step)
            await clerk.compare()


async def _do(clerk: Clerk, step: tuple[object, ...]) -> None:
    match step:
        case ("order", int(cost)):
            await clerk.order(cost)
        case ("move", int(which), int(way), (int() | None) as charged):
            await clerk.move(which, way, charged)
        case ("grant", int(amount), bool(to_pool)):
            await clerk.grant(amount, to_pool=to_pool)
        case ("write_off",):
            await clerk.write_off()
        case ("wait", int(days)):
            clerk.now += timedelta(days=days)
