"""Beside the story: quotas as admins set them."""

import pytest

from bot.domain.quota import Period
from bot.errors import Refusal, Refused
from tests.pipeline.rig import ADA, BEN, Rig


async def test_a_pool_keeps_its_period_until_another_is_named(rig: Rig) -> None:
    """Changing the credits alone does not change how often they renew; clearing does."""
    accounts, caller = rig.accounts, rig.caller()
    await accounts.set_server(caller, 100, Period.DAY)
    await accounts.set_server(caller, 200, None)
    standing = await accounts.standing(caller)
    assert (standing.pool.allowance, standing.period) == (200, Period.DAY)


@pytest.mark.parametrize("named", [None, Period.DAY])
async def test_clearing_takes_the_period_along(rig: Rig, named: Period | None) -> None:
    """A cleared pool is the default in full, whatever period was set or came with the order."""
    accounts, caller = rig.accounts, rig.caller()
    await accounts.set_server(caller, 100, Period.WEEK)
    await accounts.set_server(caller, None, named)
    standing = await accounts.standing(caller)
    assert (standing.pool.allowance, standing.period) == (500, Period.MONTH)
    assert await accounts.rules(caller.guild_id) == []


@pytest.mark.parametrize("credits", [0, -5, 10**10])
@pytest.mark.parametrize("whose", [ADA, None])
async def test_only_a_number_of_credits_can_be_granted(
    rig: Rig, credits: int, whose: int | None
) -> None:
    """A grant of nothing or of a fortune is refused, and less than nothing where none was given."""
    with pytest.raises(Refused) as refused:
        await rig.accounts.grant(rig.caller(), credits, whose)
    assert refused.value.code is Refusal.WRONG_GRANT
    assert refused.value.fields["left"] == 0


async def test_what_was_granted_can_be_taken_back(rig: Rig) -> None:
    """As much as is left of it, and only where it was given."""
    accounts, caller = rig.accounts, rig.caller()
    await accounts.set_member(caller, ADA, 0)
    await accounts.grant(caller, 20, ADA)
    await rig.place()
    for credits, whose in ((-16, ADA), (-1, BEN), (-1, None)):
        with pytest.raises(Refused):
            await accounts.grant(caller, credits, whose)
    await accounts.grant(caller, -15, ADA)
    standing = await accounts.standing(caller)
    assert standing.member is not None
    assert (standing.member.left, standing.pool.left) == (0, 495)
