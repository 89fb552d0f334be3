"""Ways in × picture formats × image models: each row ends in a film, or in its exact sentence.

Of every film the service was sent a picture that decodes, is upright, carries no metadata, is what
its type says, and for `sora-2` has exactly the size asked for.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.services import Films, Pace
from tests.story.world import BOT, open_world
from tests.ways.acts import WAYS
from tests.ways.pairs import pairs_of
from tests.ways.play import play
from tests.ways.row import Row, Way
from tests.ways.table import PAIRS, ROWS, columns

AT_ONCE = Pace(queued=timedelta(0), running=timedelta(0))
CALM = replace(BOT, query_interval=timedelta(milliseconds=40))
"""With many films in the making, each look finds some that are done."""
UNHURRIED = timedelta(minutes=1)
"""Which answer comes is the question here, not how soon."""
PLENTY = 1_000_000
"""Credits."""


async def _holds(table: list[Row], way: Way, folder: Path, films: Films) -> None:
    """Play a way's rows; each must end as it says, and what is refused costs nothing."""
    rows = [row for row in table if row.way is way]
    async with open_world(folder, films=films, services=AT_ONCE, ack_deadline=UNHURRIED) as world:
        settings = {"default_server_credits": PLENTY, **way.settings}
        async with world.bot(pace=CALM, **settings) as app:
            assert await play(world, rows) == {row.name: row.end for row in rows}
            assert await world.left(app) == PLENTY - sum(row.spent for row in rows)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_every_two_facts_together(way: Way, tmp_path: Path, films: Films) -> None:
    """Each way, place, format and model, with each other one that it can meet."""
    await _holds(PAIRS, way, tmp_path, films)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_every_row(way: Way, tmp_path: Path, films: Films) -> None:
    """The whole table."""
    await _holds(ROWS, way, tmp_path, films)


def test_no_two_facts_are_left_out() -> None:
    """The rows of the suite are a part of the table in which every pair of it stands."""
    assert set(PAIRS) <= set(ROWS)
    met = {pair for row in PAIRS for pair in pairs_of(columns(row))}
    assert met == {pair for row in ROWS for pair in pairs_of(columns(row))}


def test_no_two_rows_have_the_same_name() -> None:
    """A row is known by its words."""
    assert len({row.name for row in ROWS}) == len(ROWS)
