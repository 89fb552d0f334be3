"""Colours from words: the same prompt always looks the same, another one looks different.

Stands in for: a video model's imagination. It never draws; `scenes.py` does.
"""

import colorsys
import random
from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

_SPREAD = (0.0, 0.05, -0.06, 0.1, -0.14)


@dataclass(frozen=True)
class Palette:
    """A dark ground, a few glowing colours over it, and the dice for their paths."""

    ground: Colour
    glows: tuple[Colour, ...]
    dice: random.Random


def palette_for(words: str) -> Palette:
    """Choose neighbouring hues, as light has them, from the words alone."""
    dice = random.Random(words)
    hue = dice.uniform(0.52, 1.08)  # from cyan over violet to gold; greens look ill
    glows = tuple(_colour(hue + turn, dice.uniform(0.5, 0.78), 0.95) for turn in _SPREAD)
    return Palette(_colour(hue - 0.1, 0.75, 0.3), glows, dice)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
