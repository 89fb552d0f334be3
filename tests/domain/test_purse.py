"""Purse, Draw and Standing: what fits, and who bears it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quota import Draw, Period, Purse, Standing
from bot.errors import Refusal, Refused

RENEWS = datetime(2026, 4, 1, tzinfo=UTC)
amounts = st.integers(0, 500)
purses = st.builds(
    Purse, allowance=amounts, spent=amounts, held=st.just(0), granted=st.integers(-100, 500)
)


def purse(allowance: int, spent: int = 0, granted: int = 0) -> Purse:
    """Return a purse of which nothing is held."""
    return Purse(allowance=allowance, spent=spent, held=0, granted=granted)


def standing(pool: Purse, member: Purse | None = None) -> Standing:
    """Return a position in a server that renews monthly."""
    return Standing(period=Period.MONTH, renews_at=RENEWS, pool=pool, member=member)


@pytest.mark.parametrize(
    ("given_purse", "left"),
    [
        (purse(100), 100),
        (purse(100, 30), 70),
        (purse(100, 100, 20), 20),
        (purse(100, 130, 20), -10),  # a service charged more than was held
        (purse(10, 50), -40),  # an admin lowered the quota after it was spent
        (purse(100, 0, -20), 80),  # an admin took credits back
        (purse(0), 0),
    ],
)
def test_left(given_purse: Purse, left: int) -> None:
    """What is left is allowance less spending plus grants, also below zero."""
    assert given_purse.left == left


@pytest.mark.parametrize(
    ("given_purse", "cost", "borne"),
    [
        (purse(100, 0, 50), 100, 0),  # the period comes first
        (purse(100, 0, 50), 101, 1),
        (purse(100, 90, 50), 30, 20),
        (purse(100, 100, 50), 30, 30),
        (purse(100, 130, 50), 30, 30),  # a debt of the period is not paid by grants
        (purse(100, 100, 50), 80, 50),  # no more than there is
        (purse(100, 100, -5), 80, 0),
        (purse(100, 100, 50), 0, 0),
    ],
)
def test_grants_bear_what_the_period_cannot(given_purse: Purse, cost: int, borne: int) -> None:
    """Spending takes from the period, then from grants, and grants never go below zero by it."""
    assert given_purse.from_grants(cost) == borne


@given(purses, amounts)
def test_grants_never_bear_more_than_they_have_or_it_costs(some: Purse, cost: int) -> None:
    """Whatever the purse: the grants' share is between nothing and both limits."""
    assert 0 <= some.from_grants(cost) <= min(cost, max(0, some.granted))


@given(purses, amounts)
def test_a_purse_without_what_was_taken_is_the_purse_before(some: Purse, cost: int) -> None:
    """Taking and undoing are opposites, to the credit."""
    borne = some.from_grants(cost)
    after = purse(some.allowance, some.spent + cost - borne, some.granted - borne)
    assert after.left == some.left - cost
    assert after.without(cost, borne) == some


@pytest.mark.parametrize(
    ("pool", "member", "cost", "draw"),
    [
        (purse(100), None, 30, Draw(30, 0, 0, None)),
        (purse(30), None, 30, Draw(30, 0, 0, None)),
        (purse(10, 0, 20), None, 30, Draw(30, 20, 0, None)),
        (purse(100), purse(30), 30, Draw(30, 0, 0, 30)),
        (purse(100), purse(10, 0, 20), 30, Draw(30, 0, 20, 10)),
        (purse(20, 0, 99), purse(10, 5, 99), 30, Draw(30, 10, 25, 10)),
        (purse(0), purse(0), 0, Draw(0, 0, 0, 0)),
    ],
)
def test_a_cost_that_fits_is_drawn(
    pool: Purse, member: Purse | None, cost: int, draw: Draw
) -> None:
    """It must fit pool and limit; each has its own grants."""
    assert standing(pool, member).draw(cost) == draw


@pytest.mark.parametrize(
    ("pool", "member", "code", "left"),
    [
        (purse(29), None, Refusal.POOL_EMPTY, 29),
        (purse(29), purse(99), Refusal.POOL_EMPTY, 29),
        (purse(99), purse(29), Refusal.LIMIT_REACHED, 29),
        (purse(0), purse(29), Refusal.LIMIT_REACHED, 29),  # their own limit is told first
        (purse(99), purse(0), Refusal.LIMIT_REACHED, 0),  # 0 blocks
        (purse(0), None, Refusal.POOL_EMPTY, 0),
        (purse(99, 120), None, Refusal.POOL_EMPTY, -21),
    ],
)
def test_a_cost_that_does_not_fit_is_refused(
    pool: Purse, member: Purse | None, code: Refusal, left: int
) -> None:
    """The refusal names the purse, what it costs, what is left, and when it renews."""
    with pytest.raises(Refused) as refused:
        standing(pool, member).draw(30)
    assert refused.value.code is code
    assert refused.value.fields == {"cost": 30, "left": left, "renews_at": RENEWS}


def test_below_zero_even_what_costs_nothing_waits() -> None:
    """With a debt nothing is admitted until the balance recovers."""
    with pytest.raises(Refused):
        standing(purse(10, 11)).draw(0)


def test_a_charge_is_split_even_where_it_does_not_fit() -> None:
    """What a service charged cannot be refused: grants bear what they can, the period the rest."""
    assert standing(purse(10, 10, 5), purse(0)).split(30) == Draw(30, 5, 0, 0)


@given(purses, st.none() | purses, amounts, amounts)
def test_a_charge_replaces_the_price_as_if_it_had_been_the_price(
    pool: Purse, member: Purse | None, price: int, charged: int
) -> None:
    """Undo the hold, draw the charge: the purses lose exactly the charge, whatever the hold was."""
    before = standing(pool, member)
    held = before.split(price)
    after_hold = before.without(-held)
    again = after_hold.without(held).split(charged)
    assert again == before.split(charged)
    assert again - held == Draw(
        charged - price,
        again.from_pool_grants - held.from_pool_grants,
        again.from_member_grants - held.from_member_grants,
        held.member_limit,
    )
    assert after_hold.pool.left == pool.left - price


@given(st.builds(Draw, amounts, amounts, amounts, st.none() | amounts))
def test_a_draw_given_back_leaves_nothing(draw: Draw) -> None:
    """Taking and releasing cancel out in every part."""
    assert draw - draw == Draw(0, 0, 0, draw.member_limit)
    assert (draw - draw) - draw == -draw
    assert draw - (draw - draw) == draw
