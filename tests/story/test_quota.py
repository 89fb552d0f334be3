"""Who may spend how much: `/quota`, and what orders then do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.quota import LedgerKind, Period, renews_at
from sandbox.discord import Call, Member
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, SERVICES, MovableClock, World, card_of, refusal_of

WHOSE = ["server", "member", "own", "role"]


@pytest.fixture(autouse=True)
def _patient_service(world: World) -> None:
    world.aivideomaker.pace = Pace(queued=FOREVER, hold=True)


async def _order(world: World, member: Member | None = None, **options: int | str) -> Call:
    who = member or world.ada
    return await who.slash(world.channel, "video text", prompt="a boat", **options)


async def test_the_pool_refuses_what_it_cannot_pay(world: World) -> None:
    """Cost, what is left, renewal, and what can be done; privately, with nothing held."""
    async with world.bot(default_server_credits=12) as app:
        card = card_of(await _order(world))
        await card.until(lambda shown: "Accepted" in shown.text)
        text = await refusal_of(await _order(world, duration=8))

        for fact in (
            "costs 8 credits",
            "has 7 left",
            "renew <t:",
            "`/quota grant` (without `user`)",
        ):
            assert fact in text
        assert await world.left(app) == 7
        assert world.creates == 1


async def test_an_order_must_fit_pool_and_limit(world: World) -> None:
    """A member with room in their limit is stopped by the pool, and the other way round."""
    async with world.bot(default_server_credits=7) as app:
        await world.admin.slash(world.channel, "quota member", credits=100, user=world.ada)
        await world.admin.slash(world.channel, "quota member", credits=4, user=world.ben)

        assert "the server has 7 left" in await refusal_of(await _order(world, duration=8))
        assert "you have 4 left" in await refusal_of(await _order(world, world.ben))
        assert await world.untouched(app)


async def test_the_best_rule_counts(world: World) -> None:
    """None, then everyone's default, then the best of the roles, then one's own limit."""
    low, high = world.guild.add_role("Crew"), world.guild.add_role("Cast")
    world.ada.give(low)
    world.ada.give(high)

    async def limit() -> str:
        return (await world.ada.slash(world.channel, "video credits")).text.split("Server:")[0]

    async with world.bot():
        assert "No limit of their own" in await limit()
        await world.admin.slash(world.channel, "quota member", credits=10)
        assert "Own limit: 10," in await limit()
        await world.admin.slash(world.channel, "quota role", role=high, credits=7)
        await world.admin.slash(world.channel, "quota role", role=low, credits=3)
        assert "Own limit: 7," in await limit()
        await world.admin.slash(world.channel, "quota member", credits=2, user=world.ada)
        assert "Own limit: 2," in await limit()
        assert "you have 2 left" in await refusal_of(await _order(world))


async def test_a_limit_is_per_member(world: World) -> None:
    """Everyone's default is each member's own: what one spends, another still has."""
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota member", credits=5)
        card_of(await _order(world))
        assert "you have 0 left" in await refusal_of(await _order(world))
        card_of(await _order(world, world.ben))
        assert await world.left(app) == FULL_POOL - 10


def _rule(world: World, whose: str) -> tuple[str, dict[str, Any]]:
    """Return the command, and its options, that sets what binds Ada."""
    if whose == "role":
        role = world.guild.add_role("Crew")
        world.ada.give(role)
        return "quota role", {"role": role}
    if whose == "own":
        return "quota member", {"user": world.ada}
    return f"quota {whose}", {}


@pytest.mark.parametrize("whose", WHOSE)
async def test_zero_blocks(world: World, whose: str) -> None:
    """0 for the server, everyone, one member or a role: no order passes, nothing is held."""
    name, more = _rule(world, whose)
    async with world.bot() as app:
        done = await world.admin.slash(world.channel, name, credits=0, **more)
        assert "0 credits; this blocks" in done.text
        assert "0 left" in await refusal_of(await _order(world))
        assert await world.untouched(app)


@pytest.mark.parametrize("whose", WHOSE)
async def test_clearing_is_a_value_of_the_list(world: World, whose: str) -> None:
    """The last suggestion for `credits` takes the rule away again."""
    name, more = _rule(world, whose)
    async with world.bot():
        await world.admin.slash(world.channel, name, credits=0, **more)
        offered = await world.admin.autocomplete(
            world.channel, name, focused="credits", credits="25", **more
        )
        assert offered[0].value == 25
        assert "clear" in offered[-1].name
        done = await world.admin.slash(world.channel, name, credits=offered[-1].value, **more)
        assert ("no limit" if whose == "member" else "back to the default") in done.text
        card_of(await _order(world))


async def test_what_is_held_counts_as_spent(world: World) -> None:
    """Before the film is there its credits cannot be spent again; after a failure they can."""
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota server", credits=5)
        card = card_of(await _order(world))
        assert "0 left" in await refusal_of(await _order(world))
        await card.until(lambda shown: "Accepted" in shown.text)
        world.aivideomaker.fail((await world.task(app)).upstream_id or "")
        await card.until(lambda shown: "credits are back" in shown.text)
        card_of(await _order(world))


async def test_a_new_period_brings_new_credits(world: World) -> None:
    """Pool and limits follow the server's period; what was spent before no longer counts."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await world.admin.slash(world.channel, "quota server", credits=8, period="day")
        await world.admin.slash(world.channel, "quota member", credits=5)
        card_of(await _order(world))
        assert "0 left" in await refusal_of(await _order(world))
        clock.ahead = timedelta(days=1)
        assert (await world.left(app), await world.left(app, world.ada)) == (8, 5)
        card_of(await _order(world))


async def test_a_total_never_renews(world: World) -> None:
    """With the period `total` a refusal promises no renewal, and next year changes nothing."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await world.admin.slash(world.channel, "quota server", credits=5, period="total")
        card_of(await _order(world))
        assert "renew" not in await refusal_of(await _order(world))
        clock.ahead = timedelta(days=400)
        assert await world.left(app) == 0


async def test_a_refund_belongs_to_the_period_of_its_hold(world: World) -> None:
    """A film that fails in the next period gives nothing to that one."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await world.admin.slash(world.channel, "quota server", credits=8, period="day")
        card = await card_of(await _order(world)).until(lambda shown: "Accepted" in shown.text)
        clock.ahead = timedelta(days=1)
        world.aivideomaker.fail((await world.task(app)).upstream_id or "")
        app.pipeline.wake("aivideomaker")  # a day old, it would be looked at every five seconds
        await card.until(lambda shown: "credits are back" in shown.text)
        assert await world.left(app) == 8


async def test_grants_outlive_the_period(world: World) -> None:
    """A period's own credits go first; what is left of a grant is there in the next period."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await world.admin.slash(world.channel, "quota server", credits=5, period="day")
        done = await world.admin.slash(world.channel, "quota grant", credits=9)
        assert "9 credits granted" in done.text
        for _ in range(2):
            card_of(await _order(world))
        assert await world.left(app) == 4
        clock.ahead = timedelta(days=1)
        assert await world.left(app) == 5 + 4


async def test_a_grant_to_a_member_raises_their_limit_only(world: World) -> None:
    """One member's grant is theirs; the pool is neither raised nor spared."""
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota member", credits=5)
        await world.admin.slash(world.channel, "quota grant", credits=5, user=world.ada)
        assert (await world.left(app, world.ada), await world.left(app, world.ben)) == (10, 5)
        card_of(await _order(world, duration=8))
        assert await world.left(app, world.ada) == 2
        assert await world.left(app) == FULL_POOL - 8


async def test_a_mistyped_grant_can_be_taken_back(world: World) -> None:
    """A negative grant takes back what is left of the grants; what was spent stays spent."""
    async with world.bot(default_server_credits=0) as app:
        await world.admin.slash(world.channel, "quota grant", credits=1000)
        card_of(await _order(world))
        call = await world.admin.slash(world.channel, "quota grant", credits=-1000)
        assert "995 of that are left" in await refusal_of(call)
        done = await world.admin.slash(world.channel, "quota grant", credits=-995)
        assert done.text == "Done. The server: 995 granted credits taken back."
        history = await world.admin.slash(world.channel, "quota history")
        newest = history.text.splitlines()[0]
        assert f"**-995** taken back from the server by {world.admin.mention}" in newest
        assert await world.left(app) == 0


async def test_a_grant_that_changes_nothing_yet_says_so(world: World) -> None:
    """Without a limit a member draws on the pool alone: the admin hears what would help."""
    async with world.bot() as app:
        options = {"credits": 50, "user": world.ada}
        waits = await world.admin.slash(world.channel, "quota grant", **options)
        assert f"They count once {world.ada.mention} has a limit" in waits.text
        assert "leave `user` empty" in waits.text
        assert await world.left(app) == FULL_POOL
        await world.admin.slash(world.channel, "quota member", credits=5)
        counts = await world.admin.slash(world.channel, "quota grant", **options)
        assert counts.text == f"Done. {world.ada.mention}: 50 credits granted; they do not expire."
        assert await world.left(app, world.ada) == 105


async def test_view_shows_rules_and_standing(world: World) -> None:
    """`/quota view` has the server's rules; with a user, what that member sees."""
    role = world.guild.add_role("Crew")
    async with world.bot():
        for name, options in (
            ("server", {"credits": 40, "period": "week"}),
            ("member", {"credits": 20}),
            ("member", {"credits": 30, "user": world.ada}),
            ("role", {"credits": 10, "role": role}),
        ):
            await world.admin.slash(world.channel, f"quota {name}", **options)
        card_of(await _order(world))
        server = await world.admin.slash(world.channel, "quota view")
        member = await world.admin.slash(world.channel, "quota view", user=world.ada)

        assert server.message is None
        for fact in ("40", "each week", "Everyone: 20", f"{world.ada.mention}: 30", "Left: **35**"):
            assert fact in server.text
        assert f"{role.mention}: 10" in server.text
        monday = renews_at(Period.WEEK, datetime.now(UTC))
        assert monday is not None
        assert f"<t:{monday.timestamp():.0f}:R>" in server.text
        assert "Own limit: 30" in member.text
        assert "Left: **25**" in member.text


async def test_history_tells_who_spent_and_who_gave(world: World) -> None:
    """`/quota history` has what moved credits, newest first, in private, and which admin did."""
    world.aivideomaker.pace = SERVICES
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota grant", credits=70)
        await world.film(await _order(world))
        call = await world.admin.slash(world.channel, "quota history")

        assert call.message is None
        task = await world.task(app)
        newest, oldest = call.text.splitlines()
        assert f"**-5** held · {world.ada.mention} · `{task.id}`" in newest
        assert f"**+70** granted to the server by {world.admin.mention}" in oldest
        assert [entry.kind for entry in await world.ledger(app)][-1] is LedgerKind.SETTLE


async def test_the_commands_are_hidden_from_members(world: World) -> None:
    """Discord offers `/quota` to those who manage the server."""
    async with world.bot():
        (quota,) = [c for c in world.discord.world.commands[None] if c["name"] == "quota"]
        assert quota["default_member_permissions"] == str(1 << 5)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("view", {}),
        ("server", {"credits": 9}),
        ("member", {"credits": 9}),
        ("grant", {"credits": 9}),
        ("history", {}),
    ],
)
async def test_the_permission_is_checked_again(
    world: World, command: str, options: dict[str, int]
) -> None:
    """A member who was handed the command without Manage Server is refused, and nothing changes."""
    world.guild.open_command("quota")
    async with world.bot() as app:
        call = await world.ben.slash(world.channel, f"quota {command}", **options)
        assert "Manage Server" in await refusal_of(call)
        assert "500" not in call.text
        async with app.resources.store.read(world.guild.id) as guild:
            assert await guild.rules() == []
        assert await world.left(app) == FULL_POOL


@pytest.mark.parametrize("amount", [-2, -1, 1_000_000_001])
async def test_absurd_credits_are_refused(world: World, amount: int) -> None:
    """Credits are whole numbers within reason, in every command that takes them."""
    async with world.bot() as app:
        for name, words in (
            ("server", "Credits are whole numbers"),
            ("member", "Credits are whole numbers"),
            ("grant", "A grant is a whole number"),
        ):
            call = await world.admin.slash(world.channel, f"quota {name}", credits=amount)
            assert words in await refusal_of(call)
        async with app.resources.store.read(world.guild.id) as guild:
            assert await guild.rules() == []
        assert await world.untouched(app)


async def test_servers_do_not_share_credits(world: World) -> None:
    """What one server spends and sets, another never notices."""
    other = world.discord.add_guild("Elsewhere")
    place, ada = other.add_channel("films"), other.add_member(world.ada)
    async with world.bot():
        await world.admin.slash(world.channel, "quota server", credits=0)
        card_of(await ada.slash(place, "video text", prompt="a boat"))
        assert "0 left" in await refusal_of(await _order(world))
