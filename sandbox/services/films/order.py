"""What a stand-in asks the film studio for: the inputs a film is a pure function of.

Stands in for: the services' render farms, seen from their own front desk. It never renders.
"""

from dataclasses import dataclass

_EVEN = 2


@dataclass(frozen=True)
class FilmOrder:
    """One film to render; two equal orders give byte-identical films.

    Attributes:
        shots: the words shown, one entry per shot; shots share the length evenly.
        seconds: the film's length.
        shape: requested width and height; only their ratio and their upper bound matter.
        picture: the encoded picture the film starts from, or None for a film made of words.
        caption: the small line at the bottom that says who made this.
    """

    shots: tuple[str, ...]
    seconds: int
    shape: tuple[int, int]
    picture: bytes | None = None
    caption: str = ""


def frame_size(shape: tuple[int, int], longest_side: int | None) -> tuple[int, int]:
    """Shrink a shape (never enlarge it) to its longest side; H.264 4:2:0 needs even numbers."""
    width, height = shape
    scale = 1.0 if longest_side is None else min(1.0, longest_side / max(width, height))
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    return max(16, round(length / _EVEN) * _EVEN)
