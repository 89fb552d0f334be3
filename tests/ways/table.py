"""The table: ways in × places × picture formats × image models, and what each row ends in."""

from collections.abc import Sequence
from datetime import timedelta

from tests.ways.acts import WAYS
from tests.ways.formats import FORMATS
from tests.ways.pairs import pairwise
from tests.ways.row import Model, Row

MODELS = (
    Model("i2v", timedelta(seconds=5), 5),
    Model("i2v_v3", timedelta(seconds=5), 50),
    Model("lv", timedelta(seconds=5), 75),
    Model("sora-2", timedelta(seconds=4), 40, ((1280, 720), (720, 1280))),
)

ROWS = [
    Row(way, place, kind, model)
    for way in WAYS
    for place in way.places
    for kind in FORMATS
    for model in MODELS
    if place.takes(kind) and model.name in way.models
]
"""Every row that can be played."""


def columns(row: Row) -> Sequence[str]:
    """Return a row's values, column by column."""
    return row.way.name, row.place.name, row.format.name, row.model.name


PAIRS = pairwise(ROWS, columns)
"""Rows in which every two values meet that can: the ordinary suite."""
