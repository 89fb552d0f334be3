"""English: how long a film usually takes.

Stands on public cards, so it is no more exact than anybody needs.
"""

from datetime import timedelta

_UNITS = (
    (timedelta(seconds=100), timedelta(seconds=1), 5, "seconds"),
    (timedelta(minutes=100), timedelta(minutes=1), 1, "minutes"),
    (timedelta.max, timedelta(hours=1), 1, "hours"),
)
"""Up to which length a unit reads best, the unit, in steps of how many, and its name."""


def usual(shortest: timedelta, longest: timedelta) -> str:
    """Return e.g. ``Usually takes 5 to 8 minutes``."""
    _, unit, step, name = next(row for row in _UNITS if longest < row[0])
    first, last = (step * round(each / unit / step) for each in (shortest, longest))
    if first == 0:
        return f"Usually takes up to {max(last, step)} {name}"
    if first == last:
        return f"Usually takes about {last} {name}"
    return f"Usually takes {first} to {last} {name}"
