"""As many films at once upstream as the operator allows; the others wait in line here."""

from sandbox.discord import Message
from sandbox.services import FOREVER, Pace
from tests.story.world import World, card_of


async def _order(world: World, prompt: str, model: str = "sora-2") -> Message:
    return card_of(await world.ada.slash(world.channel, "video text", prompt=prompt, model=model))


async def _until(card: Message, words: str) -> None:
    await card.until(lambda shown: words in shown.text)


async def test_the_place_in_the_queue_moves_up(world: World) -> None:
    """One at a time: the others tell their place, and move up as those before them end."""
    world.apigo.pace = Pace(queued=FOREVER)
    async with world.bot(apigo_in_flight=1) as app:
        first = await _order(world, "the first")
        await _until(first, "Accepted")
        second, third, fourth = [await _order(world, f"boat {n}") for n in (2, 3, 4)]
        await _until(second, "Next in line")
        await _until(third, "2nd in line: your own third waits for the two before it.")
        await _until(fourth, "3rd in line: your own fourth waits for the three before it.")
        assert len(world.apigo.creates) == 1

        world.apigo.finish(world.apigo.creates[0].id)
        await world.film_of(first)
        await _until(second, "Accepted")
        await _until(third, "Next in line")
        await _until(fourth, "2nd in line: your own third waits for the two before it.")
        assert len(world.apigo.creates) == 2
        assert await world.left(app) == 500 - 4 * 40


async def test_who_leaves_the_line_lets_the_others_move_up(world: World) -> None:
    """A cancelled film gives its place away; its own card shows none any more."""
    world.apigo.pace = Pace(queued=FOREVER)
    async with world.bot(apigo_in_flight=1):
        first = await _order(world, "the first")
        await _until(first, "Accepted")
        second, third = await _order(world, "the second"), await _order(world, "the third")
        await _until(third, "2nd in line")
        await world.ada.click(second, "Cancel")
        await _until(second, "credits are back")
        await _until(third, "Next in line")
        assert "in line" not in second.text


async def test_first_come_first_served(world: World) -> None:
    """The service gets them in the order of the commands, never more than two at once."""
    async with world.bot(apigo_in_flight=2):
        cards = [await _order(world, f"boat {number}") for number in range(5)]
        for card in cards:
            await world.film_of(card)
        prompts = [create.fields["prompt"] for create in world.apigo.creates]
        assert prompts == [f"boat {number}" for number in range(5)]


async def test_a_full_service_does_not_hold_up_the_other(world: World) -> None:
    """The limit is one service's own: orders for the other are sent at once, without a place."""
    world.apigo.pace = Pace(queued=FOREVER)
    async with world.bot(apigo_in_flight=1):
        await (await _order(world, "full")).until(lambda shown: "Accepted" in shown.text)
        waiting = await _order(world, "waiting")
        await _until(waiting, "Next in line")
        card = await _order(world, "a boat", model="t2v")
        assert "in line" not in card.text
        await world.film_of(card)
        assert "Next in line" in waiting.text


async def test_servers_and_members_take_turns(world: World) -> None:
    """Who orders most waits most, and each card says why; of other servers it tells nothing."""
    world.apigo.pace = Pace(queued=FOREVER)
    elsewhere = world.discord.add_guild("Elsewhere")
    eve, there = elsewhere.add_member("Eve"), elsewhere.add_channel("films")
    async with world.bot(apigo_in_flight=1):
        first = await _order(world, "the first")
        await _until(first, "Accepted")
        second = await _order(world, "the second")
        bens = card_of(
            await world.ben.slash(world.channel, "video text", prompt="ben's", model="sora-2")
        )
        await _until(bens, "Next in line")
        eves = card_of(await eve.slash(there, "video text", prompt="eve's", model="sora-2"))
        await _until(eves, "Next in line")
        await _until(bens, "2nd in line: others are being served first.")
        await _until(
            second,
            "3rd in line: one member is before you; your own second waits for your first; "
            "others are served in turn.",
        )
        for number, card in enumerate((first, eves, bens, second)):
            world.apigo.finish(world.apigo.creates[number].id)
            await world.film_of(card)
