"""Places on the cards: true at the head, now and then behind it, and never a flood of edits."""

from collections.abc import Callable
from datetime import timedelta

from bot.domain.turns import Place
from bot.pipeline.line import BEHIND, EVERY, HEAD
from tests.pipeline.rig import BEN, Rig


def places_shown(rig: Rig) -> int:
    """Return how often a card was asked to tell a place."""
    return sum(view.place is not None for views in rig.mailbox.cards.values() for view in views)


async def test_a_line_that_moves_fast_is_shown_at_most_every_few_seconds(
    rigs: Callable[..., Rig],
) -> None:
    """However often somebody is sent, comes or leaves, the edits stay few; the last one counts."""
    rig = rigs(in_flight=1)
    tasks = [await rig.place() for _ in range(HEAD + 20)]
    begun = rig.clock.now()
    for task in tasks[:15]:
        await rig.take(rig.submitter, rig.line)
        await rig.finish(task)
        await rig.take(rig.line)
    shows = 1 + (rig.clock.now() - begun) // EVERY
    assert shows < 10
    assert places_shown(rig) <= shows * (HEAD + BEHIND)

    rest = await rig.take(rig.line)
    rig.clock.turn(rest)
    await rig.take(rig.line)
    assert rest <= EVERY
    assert rig.mailbox.cards[tasks[15].id][-1].place == Place(1)


async def test_those_behind_learn_their_places_in_turn(rigs: Callable[..., Rig]) -> None:
    """Nobody is forgotten: after some rounds every card in a long line tells its place."""
    rig = rigs(in_flight=1)
    tasks = [await rig.place() for _ in range(1 + HEAD + 3 * BEHIND - 1)]
    await rig.take(rig.submitter)
    for _ in range(3):
        await rig.take(rig.line)
        rig.clock.turn(EVERY)

    last = [rig.mailbox.cards[task.id][-1].place for task in tasks[1:]]
    assert [place.number for place in last if place] == list(range(1, len(tasks)))


async def test_who_comes_first_is_told_to_those_who_were_there(rigs: Callable[..., Rig]) -> None:
    """A newcomer with nothing in the making goes before a greedy member, whose card says why."""
    rig = rigs(in_flight=1)
    _first, second = [await rig.place() for _ in range(2)]
    await rig.take(rig.submitter, rig.line)
    assert rig.mailbox.cards[second.id][-1].place == Place(1, own=1)

    await rig.place(BEN)
    rig.clock.turn(EVERY)
    await rig.take(rig.line)
    assert rig.mailbox.cards[second.id][-1].place == Place(2, members=1, own=1)


async def test_an_empty_line_is_left_alone(rigs: Callable[..., Rig]) -> None:
    """Where nobody waits there is nothing to look at for minutes."""
    rig = rigs(in_flight=1)
    assert await rig.take(rig.line) >= timedelta(minutes=1)
    assert rig.mailbox.cards == {}
