"""Few rows of a large table in which still every two values meet that can meet."""

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import TypeVar

T = TypeVar("T")
Pair = tuple[tuple[int, Hashable], tuple[int, Hashable]]
"""Two values, each behind the number of its column."""


def pairs_of(values: Sequence[Hashable]) -> list[Pair]:
    """Return the pairs of values that meet in one row."""
    return list(combinations(enumerate(values), 2))


def pairwise(rows: Sequence[T], columns: Callable[[T], Sequence[Hashable]]) -> list[T]:
    """Return rows in which every pair meets that meets in any.

    The row with the most new pairs is taken first, of equals the earliest: the same rows always
    give the same choice.
    """
    bits: dict[Pair, int] = {}
    met = []  # for each row, the pairs in it as bits of one number
    for row in rows:
        pairs = pairs_of(columns(row))
        met.append(sum(bits.setdefault(pair, 1 << len(bits)) for pair in pairs))
    missing, chosen = (1 << len(bits)) - 1, []
    while missing:
        best = max(range(len(rows)), key=lambda number: (met[number] & missing).bit_count())
        chosen.append(best)
        missing &= ~met[best]
    return [rows[number] for number in sorted(chosen)]
