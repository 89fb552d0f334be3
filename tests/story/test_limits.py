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
        for place, card in enumerate((second, third, fourth), 1):
            await _until(card, f"Place {place} in the queue")
        assert len(world.apigo.creates) == 1

        world.apigo.finish(world.apigo.creates[0].id)
        await world.film_of(first)
        await _until(second, "Accepted")
        await _until(third, "Place 1 in the queue")
        await _until(fourth, "Place 2 in the queue")
        assert len(world.apigo.creates) == 2
        assert await world.left(app) == 500 - 4 * 40


async def test_who_leaves_the_line_lets_the_others_move_up(world: World) -> None:
    """A cancelled film gives its place away; its own card shows none any more."""
    world.apigo.pace = Pace(queued=FOREVER)
    async with world.bot(apigo_in_flight=1):
        first = await _order(world, "the first")
        await _until(first, "Accepted")
        second, third = await _order(world, "the second"), await _order(world, "the third")
        await _until(third, "Place 2 in the queue")
        await world.ada.click(second, "Cancel")
        await _until(second, "credits are back")
        await _until(third, "Place 1 in the queue")
        assert "Place" not in second.text


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
        await _until(waiting, "Place 1 in the queue")
        card = await _order(world, "a boat", model="t2v")
        assert "Place" not in card.text
        await world.film_of(card)
        assert "Place 1 in the queue" in waiting.text
