"""Lettering: a prompt's words over a film, wrapped, shadowed and drawn once per shot.

Uses the font Pillow carries, so a film is the same on every machine. Characters that font lacks
(Japanese, emoji) are left out; a line of empty boxes would look like a fault. It never moves.
"""

import re
import textwrap
from functools import cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_WHITE = (255, 255, 255)
_MARGIN = 0.09
_LONGEST = 160
_MARKER = re.compile(r"\[[a-z-]+\]\s*")


def lettering(size: tuple[int, int], words: str, caption: str, *, low: bool) -> Image.Image:
    """Draw the words (centred, or in the lower third when `low`) and the caption, on nothing."""
    text = Image.new("L", size)
    _title(ImageDraw.Draw(text), size, _drawable(_MARKER.sub("", words)), low=low)
    _caption(ImageDraw.Draw(text), size, caption)
    return _with_shadow(text, blur=max(2, size[1] // 90))


def _title(draw: ImageDraw.ImageDraw, size: tuple[int, int], words: str, *, low: bool) -> None:
    width, height = size
    short = textwrap.shorten(words, _LONGEST, placeholder=" …")
    room, largest = width * (1 - 2 * _MARGIN), min(size) * (0.06 if low else 0.13)
    font, lines = _fitted(short, room, largest, columns=36 if low else 14)
    place = (width / 2, height * (0.84 if low else 0.47))
    draw.multiline_text(place, lines, 255, font, "mm", align="center", spacing=min(size) * 0.03)


def _caption(draw: ImageDraw.ImageDraw, size: tuple[int, int], caption: str) -> None:
    width, height = size
    font = _font(max(10, round(min(size) * 0.038)))
    draw.text((width / 2, height * 0.935), caption, 190, font, "mm")


def _fitted(words: str, room: float, largest: float, columns: int) -> tuple[Font, str]:
    """Wrap to a pleasing block, then choose the size at which its longest line fits."""
    lines = textwrap.wrap(words, max(columns, round(len(words) ** 0.5 * 2.6))) or [""]
    widest = max(_font(100).getlength(line) for line in lines)
    size = min(largest, room * 100 / max(widest, 1))
    return _font(max(10, round(size))), "\n".join(lines)


def _with_shadow(text: Image.Image, blur: int) -> Image.Image:
    shadow = text.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: min(170, value * 2))
    letters = Image.new("RGBA", text.size, (8, 8, 20, 0))
    letters.putalpha(shadow)
    letters.paste((*_WHITE, 255), (0, 0), text)
    return letters


def _drawable(words: str) -> str:
    kept = "".join(letter for letter in words if letter.isspace() or _has(letter))
    return " ".join(kept.split())


@cache
def _has(letter: str) -> bool:
    """A font answers every missing character with the same picture."""
    return bytes(_font(24).getmask(letter)) != bytes(_font(24).getmask("\uffff"))


@cache
def _font(size: int) -> Font:
    return ImageFont.load_default(size)
