"""`/quota`, played by an admin at a local Discord against the real ledger."""

import pytest

from bot.discord_ui.choices import CLEAR
from sandbox.discord import Channel, Guild, Member
from tests.cogs.asking import caller
from tests.discord_ui.house import House


@pytest.fixture
def olga(guild: Guild) -> Member:
    """Let Olga join, who is an admin."""
    return guild.add_member("Olga", admin=True)


async def test_the_pool_is_set_with_its_period(
    house: House, channel: Channel, olga: Member
) -> None:
    """`/quota server` sets credits and period, and says so privately."""
    call = await olga.slash(channel, "quota server", credits=1000, period="week")
    assert call.private[0].text == "Done. The server: 1,000 credits each week."
    assert (await house.accounts.standing(caller(olga))).pool.allowance == 1000


@pytest.mark.usefixtures("house")
async def test_answers_name_the_period_in_force(channel: Channel, olga: Member) -> None:
    """Also where the admin named none, and where the pool went back to the default."""
    call = await olga.slash(channel, "quota server", credits=70)
    assert call.private[0].text == "Done. The server: 70 credits each month."
    await olga.slash(channel, "quota server", credits=70, period="day")
    call = await olga.slash(channel, "quota server", credits=80)
    assert call.private[0].text == "Done. The server: 80 credits each day."
    call = await olga.slash(channel, "quota server", credits=CLEAR, period="day")
    expected = "Done. The server: back to the default, 500 credits each month."
    assert call.private[0].text == expected
    view = (await olga.slash(channel, "quota view")).private[0].text
    assert "Server: 500 each month, granted on top: 0" in view


@pytest.mark.usefixtures("house")
async def test_clearing_says_what_holds_now(channel: Channel, olga: Member, ada: Member) -> None:
    """Without everyone's limit there is none; without one's own the default holds."""
    everyone = await olga.slash(channel, "quota member", credits=CLEAR)
    assert everyone.private[0].text == "Done. Everyone without a limit of their own: no limit."
    own = await olga.slash(channel, "quota member", credits=CLEAR, user=ada)
    assert own.private[0].text == f"Done. {ada.mention}: back to the default."


async def test_a_typed_minus_one_is_a_mistake(
    house: House, channel: Channel, olga: Member, ada: Member
) -> None:
    """Only the suggestion clears; what an admin may type by mistake changes nothing."""
    await olga.slash(channel, "quota member", credits=10, user=ada)
    call = await olga.slash(channel, "quota member", credits=-1, user=ada)
    assert "Credits are whole numbers" in call.private[0].text
    standing = await house.accounts.standing(caller(ada))
    assert standing.member is not None
    assert standing.member.allowance == 10


async def test_a_member_a_role_and_everyone_get_limits(
    house: House, channel: Channel, olga: Member, ada: Member, guild: Guild
) -> None:
    """`/quota member` without a user is everyone's; own limits win over roles."""
    artists = guild.add_role("Artists")
    await olga.slash(channel, "quota member", credits=10)
    await olga.slash(channel, "quota role", role=artists, credits=50)
    call = await olga.slash(channel, "quota member", credits=100, user=ada)
    assert call.private[0].text == f"Done. {ada.mention}: 100 credits."
    standing = await house.accounts.standing(caller(ada))
    assert standing.member is not None
    assert standing.member.allowance == 100
    shown = (await olga.slash(channel, "quota view")).private[0].text
    for fact in (f"{ada.mention}: 100", f"<@&{artists.id}>: 50", "Everyone: 10", "Server: 500"):
        assert fact in shown


async def test_clearing_is_a_value_offered_while_typing(
    house: House, channel: Channel, olga: Member, ada: Member
) -> None:
    """The list offers "clear"; choosing it removes the limit."""
    await olga.slash(channel, "quota member", credits=0, user=ada)
    offered = await olga.autocomplete(channel, "quota member", focused="credits", credits="")
    assert "clear" in offered[-1].name
    call = await olga.slash(channel, "quota member", credits=offered[-1].value, user=ada)
    assert "back to the default" in call.private[0].text
    assert (await house.accounts.standing(caller(ada))).member is None


@pytest.mark.usefixtures("house")
async def test_a_grant_is_given_and_stands_in_the_history(
    channel: Channel, olga: Member, ada: Member
) -> None:
    """`/quota grant` raises the pool or a limit; `/quota history` shows who gave what."""
    await olga.slash(channel, "quota grant", credits=70, user=ada)
    call = await olga.slash(channel, "quota grant", credits=1500)
    assert "1,500 credits granted" in call.private[0].text
    history = (await olga.slash(channel, "quota history")).private[0].text
    assert f"**+70** granted to {ada.mention} by {olga.mention}" in history
    assert f"**+1,500** granted to the server by {olga.mention}" in history
    assert "granted on top: 1,500" in (await olga.slash(channel, "quota view")).private[0].text


@pytest.mark.parametrize("credits", [-5, 2**53 - 1])
async def test_absurd_credits_are_refused_kindly(
    house: House, channel: Channel, olga: Member, credits: int
) -> None:
    """Below zero or beyond all sense: nothing changes, and the range is named."""
    call = await olga.slash(channel, "quota server", credits=credits)
    assert "Credits are whole numbers" in call.private[0].text
    assert (await house.accounts.standing(caller(olga))).pool.allowance == 500


@pytest.mark.usefixtures("house")
async def test_one_members_credits_can_be_viewed(
    channel: Channel, olga: Member, ada: Member
) -> None:
    """`/quota view user` is what that member sees of their own."""
    await olga.slash(channel, "quota member", credits=40, user=ada)
    shown = (await olga.slash(channel, "quota view", user=ada)).private[0].text
    assert f"Credits of {ada.mention}" in shown
    assert "Own limit: 40" in shown


async def test_the_permission_is_checked_again(
    house: House, channel: Channel, ada: Member, guild: Guild
) -> None:
    """A server that opened the command to everyone has not given away its credits."""
    guild.open_command("quota")
    call = await ada.slash(channel, "quota grant", credits=1000000)
    assert "**Manage Server**" in call.private[0].text
    assert (await house.accounts.standing(caller(ada))).pool.granted == 0
