"""The bench plays: every contender brings its films in a world of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.cases import Case, Contender, Service
from bench.play import play
from bench.scene import studio

SMALL = Case(
    part="delays",
    contender=Contender.POLLING,
    in_flight=3,
    gap=timedelta(seconds=0.5),
    films=6,
)
CASES = [
    SMALL,
    replace(SMALL, contender=Contender.NAIVE),
    replace(SMALL, contender=Contender.WEBHOOK, lanes=2),
    replace(SMALL, contender=Contender.PACKAGE, service=Service.APIGO),
    replace(SMALL, service=Service.APIGO, commands=5),
]


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_contender_brings_its_films(case):
    """All films come, once each and as they were; queries, load and answers are seen."""
    outcome = play(case, studio.render())
    assert (len(outcome.delays), outcome.missing, outcome.repeated) == (6, [], 0)
    assert min(outcome.delays) > timedelta(0)
    assert outcome.asked
    assert all(load.memory > 1 << 20 for load in outcome.bot)
    assert outcome.redrawn == 0
    assert outcome.unanswered == 0
    assert bool(outcome.answers) == bool(case.commands)


def test_the_film_is_a_film_of_a_megabyte():
    """What is delivered has exactly the size that the report names."""
    film = studio.render()
    assert len(film) == studio.SIZE
    assert film[4:8] == b"ftyp"
