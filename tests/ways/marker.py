"""The picture of the table: a colour in each corner, so that one sees how it is turned."""

from dataclasses import dataclass

from PIL import Image

Size = tuple[int, int]
Colour = tuple[int, int, int]

RED: Colour = (200, 40, 40)
GREEN: Colour = (40, 160, 60)
BLUE: Colour = (40, 60, 200)
YELLOW: Colour = (220, 200, 50)
WHITE: Colour = (255, 255, 255)
NEAR = 60
"""How far a colour may be from what it was: formats and films round, each in its way."""


@dataclass(frozen=True)
class Marker:
    """A picture of four plain corners.

    Attributes:
        size: in pixels.
        colours: as one reads: the upper two, then the lower two.
    """

    size: Size
    colours: tuple[Colour, Colour, Colour, Colour] = (RED, GREEN, BLUE, YELLOW)

    def draw(self) -> Image.Image:
        """Return it in RGB, upright."""
        image = Image.new("RGB", self.size)
        across, down = self.size[0] // 2, self.size[1] // 2
        corners = [(0, 0), (across, 0), (0, down), (across, down)]
        for (left, top), colour in zip(corners, self.colours, strict=True):
            image.paste(colour, (left, top, left + across, top + down))
        return image

    def is_seen_in(self, image: Image.Image) -> bool:
        """Tell whether that is what an upright picture shows, scaled or cropped around its middle.

        One looks a little above the middle of each corner: films are lettered at the bottom.
        """
        places = [(x, y) for y in (0.2, 0.65) for x in (0.25, 0.75)]
        seen = [_colour(image, *place) for place in places]
        return all(_near(*pair) for pair in zip(seen, self.colours, strict=True))


def _colour(image: Image.Image, across: float, down: float) -> Colour:
    pixel = image.convert("RGB").getpixel((int(image.width * across), int(image.height * down)))
    assert isinstance(pixel, tuple)
    red, green, blue = (int(part) for part in pixel)
    return red, green, blue


def _near(seen: Colour, wanted: Colour) -> bool:
    return all(abs(one - other) <= NEAR for one, other in zip(seen, wanted, strict=True))
