"""The film studio: renders orders in a thread of its own and remembers the last ones.

Stands in for: the services' render farms. It never blocks the event loop, and never renders the
same order twice while the film is still remembered.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from PIL import Image, ImageDraw

from sandbox.services.films.encode import encode, pad
from sandbox.services.films.order import FilmOrder, frame_size
from sandbox.services.films.scenes import scene_for
from sandbox.services.films.words import lettering

_REMEMBERED = 64
_BAR = (255, 255, 255)


class Films:
    """Renders and remembers films.

    Args:
        longest_side: films are shrunk to this many pixels; None keeps the requested size.
        frame_rate: frames a second for short films.
        most_frames: longer films get a lower rate, down to 2, to stay under this many frames.
    """

    def __init__(
        self, *, longest_side: int | None = 640, frame_rate: int = 12, most_frames: int = 120
    ) -> None:
        self._longest_side = longest_side
        self._frame_rate = frame_rate
        self._most_frames = most_frames
        self._thread: ThreadPoolExecutor | None = None
        self._done: OrderedDict[FilmOrder, Future[bytes]] = OrderedDict()
        self.rendered = 0
        """How many films were really rendered, not remembered."""

    async def film(self, order: FilmOrder, film_bytes: int | None = None) -> bytes:
        """Return the order's MP4, padded to exactly `film_bytes` where that is given.

        Raises:
            ValueError: the film is already longer than `film_bytes`.
        """
        rendering = asyncio.wrap_future(self._rendering(order))
        film = await asyncio.shield(rendering)  # one impatient caller must not spoil it for others
        return film if film_bytes is None else pad(film, film_bytes)

    def close(self) -> None:
        """Let go of the thread and of what is remembered; the next film starts afresh."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
        self._thread = None
        self._done.clear()

    def _rendering(self, order: FilmOrder) -> Future[bytes]:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="films")
        if order not in self._done:
            self._done[order] = self._thread.submit(self._render, order)
            while len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        self._done.move_to_end(order)
        return self._done[order]

    def _render(self, order: FilmOrder) -> bytes:
        size = frame_size(order.shape, self._longest_side)
        rate = max(2, min(self._frame_rate, self._most_frames // order.seconds))
        film = encode(_frames(order, size, order.seconds * rate), size, rate)
        self.rendered += 1
        return film


def _frames(order: FilmOrder, size: tuple[int, int], count: int) -> Iterator[Image.Image]:
    scene = scene_for(order, size)
    low = order.picture is not None
    shots = order.shots or ("",)
    titles = [_cropped(lettering(size, shot, order.caption, low=low)) for shot in shots]
    for number in range(count):
        progress = number / count
        frame = scene(progress)
        title, corner = titles[int(progress * len(titles))]
        frame.paste(title, corner, title)
        _bar(frame, (number + 1) / count)
        yield frame


def _cropped(title: Image.Image) -> tuple[Image.Image, tuple[int, int]]:
    """Keep only the part with letters on it: every frame pays for what is pasted."""
    box = title.getbbox() or (0, 0, 1, 1)
    return title.crop(box), (box[0], box[1])


def _bar(frame: Image.Image, progress: float) -> None:
    """A thin line along the bottom shows that time passes, even in a still-looking film."""
    thickness = max(2, frame.height // 120)
    right = round(frame.width * progress)
    ImageDraw.Draw(frame).rectangle((0, frame.height - thickness, right, frame.height), _BAR)
