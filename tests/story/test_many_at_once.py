"""Forty commands at once against credits for ten."""

import asyncio

from sandbox.discord import Call
from sandbox.services import FOREVER, Pace
from tests.story.world import World, card_of, refusal_of

ORDERS, PRICE, AFFORDABLE = 40, 5, 10


async def test_ten_of_forty_pass_and_all_comes_back(world: World) -> None:
    """Ten are made, thirty refused privately; after ten failures the balance is whole.

    Not one credit too much is ever held, whoever comes first.
    """
    world.aivideomaker.pace = Pace(queued=FOREVER)
    members = [world.ada, world.ben, *(world.guild.add_member(f"M{n}") for n in range(6))]
    async with world.bot(default_server_credits=PRICE * AFFORDABLE) as app:
        calls: list[Call] = await asyncio.gather(
            *(
                members[number % len(members)].slash(
                    world.channel, "video text", prompt=f"boat {number}"
                )
                for number in range(ORDERS)
            )
        )
        passed = [call for call in calls if call.message is not None]
        refused = [call for call in calls if call.message is None]

        assert (len(passed), len(refused)) == (AFFORDABLE, ORDERS - AFFORDABLE)
        for call in refused:
            assert "the server has 0 left" in await refusal_of(call)
        for call in passed:
            await card_of(call).until(lambda shown: "Accepted" in shown.text)
        assert len(world.aivideomaker.creates) == AFFORDABLE
        assert await world.left(app) == 0
        assert len(world.channel.messages) == AFFORDABLE

        for create in world.aivideomaker.creates:
            world.aivideomaker.fail(create.id)
        for call in passed:
            await card_of(call).until(lambda shown: "credits are back" in shown.text)
        assert await world.left(app) == PRICE * AFFORDABLE
        assert world.aivideomaker.balance == 1_000_000


async def test_both_purses_hold_under_a_rush(world: World) -> None:
    """A member's limit is as tight as the pool when their orders come all at once."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota member", credits=15)
        calls = await asyncio.gather(
            *(
                member.slash(world.channel, "video text", prompt="a boat")
                for member in [world.ada, world.ben] * 5
            )
        )
        assert sum(call.message is not None for call in calls) == 6
        assert (await world.left(app, world.ada), await world.left(app, world.ben)) == (0, 0)
