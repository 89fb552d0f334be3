"""Which size a prepared picture gets, and which part of the original fills it.

Serves step 1 through ``images.py``. Arithmetic only: never touches a pixel.
"""

from collections.abc import Sequence

Size = tuple[int, int]
"""Width and height in pixels."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def swapped(size: Size) -> Size:
    """Return the size of a picture that is turned by a quarter."""
    return size[1], size[0]


def nearest(size: Size, choices: Sequence[Size]) -> Size:
    """Return the choice whose shape is nearest to that of ``size``; of equals the first."""

    def distance(choice: Size) -> float:
        ratio = size[0] * choice[1] / (size[1] * choice[0])
        return round(max(ratio, 1 / ratio), 6)

    return min(choices, key=distance)


def within(size: Size, shortest: int, longest: int) -> Size:
    """Return ``size`` in its shape, with the longer side from ``shortest`` to ``longest``."""
    side = max(size)
    factor = min(max(side, shortest), longest) / side
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def filling(size: Size, target: Size) -> float:
    """Return the factor by which ``size`` is scaled to cover all of ``target``."""
    return max(target[0] / size[0], target[1] / size[1])


def middle(size: Size, target: Size) -> Box:
    """Return the part around the centre of ``size`` that has the shape of ``target``."""
    factor = filling(size, target)
    width = min(size[0], target[0] / factor)
    height = min(size[1], target[1] / factor)
    left, top = (size[0] - width) / 2, (size[1] - height) / 2
    return left, top, left + width, top + height
