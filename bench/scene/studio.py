"""The one film that is delivered throughout: real H.264 of about a megabyte, rendered once.

Every copy is the same, so that serving it costs the sandbox nothing. Never mostly
emptiness: a player, and the bot's own look at it, find moving pictures from end to end.
"""

import random
from collections.abc import Iterator

from PIL import Image

from sandbox.services.films.encode import encode, pad

SIZE = 1_000_000
"""Bytes."""
_BOX = 8
_SHAPE, _RATE, _FRAMES = (640, 360), 12, 60
_MOST_GRAIN = 16
"""So many coloured tiles a row: what makes the film as large as it should be."""


def render() -> bytes:
    """Return an MP4 of exactly `SIZE` bytes and five seconds; blocking, a second or two."""
    films = (encode(_frames(grain), _SHAPE, _RATE) for grain in range(_MOST_GRAIN, 1, -1))
    return pad(next(film for film in films if len(film) <= SIZE - _BOX), SIZE)


def _frames(grain: int) -> Iterator[Image.Image]:
    dice = random.Random(grain)  # noqa: S311
    for _ in range(_FRAMES):
        tiles = Image.frombytes("RGB", (grain, grain), dice.randbytes(grain * grain * 3))
        yield tiles.resize(_SHAPE, Image.Resampling.BILINEAR)
