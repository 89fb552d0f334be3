"""Moving backgrounds: drifting light for words, a slow zoom for a picture.

A scene is asked for one frame at a time by how far the film has come (0 to 1), so it holds no
state and any frame can be drawn alone. It never writes words or encodes.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps

from sandbox.services.films.order import FilmOrder
from sandbox.services.films.palette import Colour, palette_for

Scene = Callable[[float], Image.Image]
"""From how far the film has come, 0 to 1, to that frame's background in RGB."""

_SKETCH = 72
_ZOOM = 0.14
_MARGIN = 1.3


def scene_for(order: FilmOrder, size: tuple[int, int]) -> Scene:
    """Choose the background: the picture where there is one, otherwise light from the words."""
    if order.picture is None:
        return _light(" ".join(order.shots), size)
    return _picture(order.picture, size)


@dataclass(frozen=True)
class _Glow:
    """One soft light on a closed path: after the whole film it is back where it began."""

    colour: Colour
    mask: Image.Image
    centre: tuple[float, float]
    reach: tuple[float, float]
    phase: float

    def place(self, size: tuple[int, int], progress: float) -> tuple[int, int]:
        angle = self.phase + progress * math.tau
        across = self.centre[0] + self.reach[0] * math.cos(angle)
        down = self.centre[1] + self.reach[1] * math.sin(angle)
        half = self.mask.width / 2
        return round(across * size[0] - half), round(down * size[1] - half)


def _light(words: str, size: tuple[int, int]) -> Scene:
    """Paint on a tiny sketch and enlarge it: that is both fast and perfectly soft."""
    palette = palette_for(words)
    sketch = _sketch_size(size)
    glows = [_glow(colour, palette.dice.uniform, max(sketch)) for colour in palette.glows]

    def frame(progress: float) -> Image.Image:
        canvas = Image.new("RGB", sketch, palette.ground)
        for glow in glows:
            canvas.paste(glow.colour, glow.place(sketch, progress), glow.mask)
        return canvas.resize(size, Image.Resampling.BICUBIC)

    return frame


def _glow(colour: Colour, between: Callable[[float, float], float], longest: int) -> _Glow:
    side = round(longest * between(0.7, 1.15))
    soft = ImageOps.invert(Image.radial_gradient("L")).resize((side, side))
    return _Glow(
        colour,
        soft.point(lambda value: max(0, value - 74) * 255 // 200),
        (between(0.15, 0.85), between(0.15, 0.85)),
        (between(0.1, 0.3), between(0.1, 0.3)),
        between(0, math.tau),
    )


def _sketch_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = _SKETCH / max(size)
    return max(4, round(size[0] * scale)), max(4, round(size[1] * scale))


def _picture(data: bytes, size: tuple[int, int]) -> Scene:
    """Zoom in by a seventh while drifting to the right, as a camera on a rail would."""
    large = (round(size[0] * _MARGIN), round(size[1] * _MARGIN))
    still = ImageOps.fit(_opened(data, large), large, Image.Resampling.LANCZOS)

    def frame(progress: float) -> Image.Image:
        eased = (1 - math.cos(progress * math.pi)) / 2
        width, height = (side * (1 - _ZOOM * eased) for side in still.size)
        left = (still.width - width) * (0.35 + 0.3 * eased)
        top = (still.height - height) * 0.45
        box = (left, top, left + width, top + height)
        return still.resize(size, Image.Resampling.BILINEAR, box=box)

    return frame


def _opened(data: bytes, wanted: tuple[int, int]) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.draft("RGB", wanted)
    upright = ImageOps.exif_transpose(picture)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    white = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(white, upright.convert("RGBA")).convert("RGB")
