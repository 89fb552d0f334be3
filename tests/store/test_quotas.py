"""Rules and standing: which limit counts, what is spent in which period, what grants bear."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.quota import LimitSource, Period, Purse, Rule
from bot.errors import Failure, Refusal, Refused
from bot.store import GuildStore, Store
from tests.store.building import ADMIN, GUILD, MEMBER, NOW, S, make_rule, make_task, place

MARCH_31 = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
APRIL_1 = datetime(2026, 4, 1, tzinfo=UTC)
R = make_rule
OWN = R("member", 30, subject_id=MEMBER)
ROLES = [R("role", 20, subject_id=1), R("role", 40, subject_id=2), R("role", 90, subject_id=3)]
DEFAULT = R("default", 10)


async def order(guild: GuildStore, cost: int, *, now: datetime = NOW, **changes: Any) -> str:
    """Do what the Desk does: ask, draw, add."""
    task = make_task(guild_id=guild.guild_id, cost=cost, created_at=now, **changes)
    standing = await guild.standing(task.member_id, (), now=now)
    await guild.add(task, standing.draw(cost), now=now)
    return task.id


async def pool(guild: GuildStore, now: datetime = NOW) -> Purse:
    """Ask how the pool stands."""
    return (await guild.standing(MEMBER, (), now=now)).pool


async def test_a_new_server_has_the_default_for_a_month(store: Store) -> None:
    """DEFAULT_SERVER_CREDITS a month, no limit for members."""
    async with store.read(GUILD) as guild:
        standing = await guild.standing(MEMBER, (1, 2), now=NOW)
    assert (standing.period, standing.renews_at) == (Period.MONTH, APRIL_1)
    assert standing.pool == Purse(allowance=500, spent=0, held=0, granted=0)
    assert (standing.member, standing.source) == (None, None)


@pytest.mark.parametrize(
    ("rules", "roles", "limit", "source"),
    [
        ([], (1, 2), None, None),
        ([DEFAULT], (), 10, LimitSource.DEFAULT),
        ([DEFAULT, *ROLES], (1, 2), 40, LimitSource.ROLE),
        ([DEFAULT, *ROLES], (4,), 10, LimitSource.DEFAULT),
        ([DEFAULT, *ROLES, OWN], (1, 2, 3), 30, LimitSource.OWN),
        ([R("member", 30, subject_id=MEMBER + 1)], (), None, None),
        ([R("role", 20, subject_id=1), R("role", 0, subject_id=2)], (1, 2), 20, LimitSource.ROLE),
        ([DEFAULT, R("member", 0, subject_id=MEMBER)], (), 0, LimitSource.OWN),
        ([OWN, R("member", None, subject_id=MEMBER), DEFAULT], (), 10, LimitSource.DEFAULT),
        ([OWN, R("member", 31, subject_id=MEMBER)], (), 31, LimitSource.OWN),
        ([DEFAULT, R("default", None)], (), None, None),
    ],
)
async def test_a_members_limit(
    store: Store,
    rules: list[Rule],
    roles: tuple[int, ...],
    limit: int | None,
    source: LimitSource | None,
) -> None:
    """Their own, else the best of their roles, else the default, else none; the latest wins."""
    async with store.write(GUILD) as guild:
        for rule in rules:
            await guild.set_rule(rule)
        standing = await guild.standing(MEMBER, roles, now=NOW)
    assert (standing.member and standing.member.allowance) == limit
    assert standing.source == source


async def test_rules_are_the_present_ones(store: Store) -> None:
    """``/quota view`` shows what holds now; a server's period outlives its cleared credits."""
    latest = R("default", 12, at=NOW + timedelta(hours=1))
    server = R("server", None, period=Period.DAY)
    async with store.write(GUILD) as guild:
        for rule in [DEFAULT, *ROLES, R("role", None, subject_id=2), server, latest]:
            await guild.set_rule(rule)
        assert await guild.rules() == [latest, ROLES[0], ROLES[2], server]
        standing = await guild.standing(MEMBER, (), now=NOW)
    assert (standing.pool.allowance, standing.period) == (500, Period.DAY)


async def test_held_counts_as_spent_until_it_is_settled_or_released(store: Store) -> None:
    """Spent from the order on; held until the end; back after a failure."""
    async with store.write(GUILD) as guild:
        await place(guild, S.RUNNING, cost=10)
        await place(guild, S.DELIVERED, cost=20)
        await place(guild, S.FAILED, cost=40)
        await place(guild, S.UNCONFIRMED, cost=80, member_id=MEMBER + 1)
        await guild.set_rule(OWN)
        standing = await guild.standing(MEMBER, (), now=NOW)
    assert standing.pool == Purse(allowance=500, spent=110, held=90, granted=0)
    assert standing.member == Purse(allowance=30, spent=30, held=10, granted=0)


async def test_a_written_off_task_is_neither_held_nor_spent(store: Store) -> None:
    """Also when it turns up again and is being made."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.UNCONFIRMED)
        await guild.write_off(task.id, now=NOW, failure=Failure.LOST)
        assert await pool(guild) == Purse(allowance=500, spent=0, held=0, granted=0)
        await guild.move(task.id, S.SUBMITTED, now=NOW, charged=9)
        assert await pool(guild) == Purse(allowance=500, spent=0, held=0, granted=0)


async def test_settlement_and_refund_belong_to_the_period_of_the_hold(store: Store) -> None:
    """What was ordered in March is March's, whenever it ends and whatever it was charged."""
    async with store.write(GUILD) as guild:
        kept, failed = [await place(guild, S.RUNNING, now=MARCH_31, cost=100) for _ in range(2)]
        await guild.note(kept.id, charged=120, now=APRIL_1)
        await guild.move(kept.id, S.RENDERED, now=APRIL_1)
        await guild.move(kept.id, S.DELIVERED, now=APRIL_1)
        march, april = await pool(guild, MARCH_31), await pool(guild, APRIL_1)
        assert (march.spent, march.held) == (220, 100)
        assert (april.spent, april.held, april.left) == (0, 100, 500)
        await guild.move(failed.id, S.FAILED, now=APRIL_1)
        assert (await pool(guild, MARCH_31)).spent == 120
        assert (await pool(guild, APRIL_1)).left == 500


@pytest.mark.parametrize(
    ("period", "spent"), [(Period.DAY, 1), (Period.WEEK, 3), (Period.MONTH, 7), (Period.TOTAL, 15)]
)
async def test_spent_is_counted_from_the_start_of_the_period(
    store: Store, period: Period, spent: int
) -> None:
    """Today, since Monday, since the first, ever: by the period the server has now."""
    hour = timedelta(hours=1)
    today = NOW.replace(hour=0)
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 100, period=period))
        await order(guild, 1, now=today)
        await order(guild, 2, now=today - hour)
        await order(guild, 4, now=today - timedelta(days=2) - hour)
        await order(guild, 8, now=today.replace(day=1) - hour)
        assert (await pool(guild)).spent == spent


async def test_grants_bear_what_the_period_cannot_and_outlive_it(store: Store) -> None:
    """The period's credits go first; what is left of a grant is there next month."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 10))
        await guild.grant(credits=20, member_id=None, actor_id=ADMIN, now=MARCH_31)
        await order(guild, 18, now=MARCH_31)
        assert await pool(guild, MARCH_31) == Purse(allowance=10, spent=10, held=18, granted=12)
        assert await pool(guild, APRIL_1) == Purse(allowance=10, spent=0, held=18, granted=12)


async def test_a_release_gives_each_part_back_to_where_it_came_from(store: Store) -> None:
    """The grant's part to the grant, also after its period; the period's part to its period."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 10))
        await guild.grant(credits=20, member_id=None, actor_id=ADMIN, now=MARCH_31)
        task_id = await order(guild, 18, now=MARCH_31)
        await guild.move(task_id, S.CANCELLED, now=APRIL_1)
        assert await pool(guild, MARCH_31) == Purse(allowance=10, spent=0, held=0, granted=20)
        assert await pool(guild, APRIL_1) == Purse(allowance=10, spent=0, held=0, granted=20)


async def test_a_members_grant_raises_the_limit_and_not_the_pool(store: Store) -> None:
    """Member and pool keep separate books; a grant to one member is nobody else's."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(DEFAULT)
        await guild.grant(credits=7, member_id=MEMBER, actor_id=ADMIN, now=NOW)
        await order(guild, 15)
        mine = await guild.standing(MEMBER, (), now=NOW)
        theirs = await guild.standing(MEMBER + 1, (), now=NOW)
    assert mine.member == Purse(allowance=10, spent=10, held=15, granted=2)
    assert mine.pool == Purse(allowance=500, spent=15, held=15, granted=0)
    assert theirs.member == Purse(allowance=10, spent=0, held=0, granted=0)


async def test_a_higher_charge_takes_from_grants_then_goes_below_zero(store: Store) -> None:
    """The service's figure counts; new orders are refused until the balance recovers."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 10))
        await guild.grant(credits=3, member_id=None, actor_id=ADMIN, now=NOW)
        task_id = await order(guild, 8)
        await guild.note(task_id, charged=20, now=NOW)
        assert await pool(guild) == Purse(allowance=10, spent=17, held=20, granted=0)
        with pytest.raises(Refused) as refused:
            await order(guild, 1)
        assert refused.value.code is Refusal.POOL_EMPTY
        assert refused.value.fields == {"cost": 1, "left": -7, "renews_at": APRIL_1}
        assert (await pool(guild, APRIL_1)).left == 10


async def test_a_higher_charge_is_measured_against_the_limit_of_the_hold(store: Store) -> None:
    """Roles are known when the order is placed; the service's answer comes without them."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("role", 10, subject_id=1))
        await guild.grant(credits=6, member_id=MEMBER, actor_id=ADMIN, now=NOW)
        task = make_task(cost=8)
        standing = await guild.standing(MEMBER, (1,), now=NOW)
        await guild.add(task, standing.draw(8), now=NOW)
        await guild.note(task.id, charged=13, now=NOW)
        after = await guild.standing(MEMBER, (1,), now=NOW)
    assert after.member == Purse(allowance=10, spent=10, held=13, granted=3)


async def test_a_lower_charge_gives_back_to_grants_first(store: Store) -> None:
    """It ends as if the smaller price had been drawn."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 10))
        await guild.grant(credits=20, member_id=None, actor_id=ADMIN, now=NOW)
        task_id = await order(guild, 18)
        await guild.note(task_id, charged=9, now=NOW)
        assert await pool(guild) == Purse(allowance=10, spent=9, held=9, granted=20)


async def test_a_charge_that_comes_down_again_pays_the_debt_first(store: Store) -> None:
    """However often the service changes its mind: as if the last figure had been the first."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 10))
        await guild.grant(credits=3, member_id=None, actor_id=ADMIN, now=NOW)
        task_id = await order(guild, 8)
        await guild.note(task_id, charged=20, now=NOW)
        await guild.note(task_id, charged=15, now=NOW)
        assert await pool(guild) == Purse(allowance=10, spent=12, held=15, granted=0)
        await guild.note(task_id, charged=11, now=NOW)
        assert await pool(guild) == Purse(allowance=10, spent=10, held=11, granted=2)


async def test_member_limit_is_refused_before_the_pool(store: Store) -> None:
    """An order must fit both; the member hears of their own limit first."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(R("server", 1))
        await guild.set_rule(DEFAULT)
        with pytest.raises(Refused) as refused:
            await order(guild, 11)
        assert refused.value.code is Refusal.LIMIT_REACHED
        with pytest.raises(Refused) as refused:
            await order(guild, 10)
        assert refused.value.code is Refusal.POOL_EMPTY
