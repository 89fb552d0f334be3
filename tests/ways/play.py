"""Rows played in one world, several at a time, each in a channel of its own."""

import asyncio
from collections.abc import Iterable, Iterator

from sandbox.discord import Message
from tests.story.world import World, seconds_of
from tests.ways.row import FILM, Row
from tests.ways.scene import Scene
from tests.ways.sent import Sent, flaws, sent_for

AT_ONCE = 6
"""Rows under way at a time."""


async def play(world: World, rows: Iterable[Row]) -> dict[str, str]:
    """Play rows; return how each ended, by its name."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ended(row: Row) -> tuple[str, str]:
        async with gate:
            return row.name, await _end_of(world, row)

    return dict(await asyncio.gather(*(ended(row) for row in rows)))


async def _end_of(world: World, row: Row) -> str:
    """Play a row; return the sentence, or what there is to say about the film."""
    scene = Scene(world, world.guild.add_channel("films"), row)
    answer = await row.way.act(scene)
    if isinstance(answer, str):
        return f"{answer} But sent it was" if sent_for(world, row) else answer
    film = await scene.film_message(answer)
    sent = sent_for(world, row)
    return "; ".join(_complaints(film, sent, row)) or FILM


def _complaints(film: Message, sent: list[Sent], row: Row) -> Iterator[str]:
    if len(sent) != row.way.sends:
        yield f"sent {len(sent)} times"
    for picture in sent:
        yield from flaws(picture, row)
    (file,) = film.attachments
    if round(seconds_of(file)) != row.model.length.seconds:
        yield f"the film has {seconds_of(file)} seconds"
