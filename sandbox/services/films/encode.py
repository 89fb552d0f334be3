"""Frames to a real MP4: H.264, yuv420p, the index in front (faststart), no sound.

One encoder thread and bit-exact flags make the bytes depend on the frames alone. It never keeps
a file: the muxer needs one to move the index to the front, and it is gone when the call returns.
"""

import struct
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

_CODEC = {"preset": "ultrafast", "crf": "21", "threads": "1", "tune": "stillimage"}
_BOX_HEADER = 8


def encode(frames: Iterable[Image.Image], size: tuple[int, int], rate: int) -> bytes:
    """Encode RGB frames at `rate` frames a second; blocking, so call it in a thread."""
    with tempfile.TemporaryDirectory(prefix="film-") as folder:
        path = Path(folder) / "film.mp4"
        _write(path, frames, size, rate)
        return path.read_bytes()


def _write(path: Path, frames: Iterable[Image.Image], size: tuple[int, int], rate: int) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=rate, options=_CODEC)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, rate)
        for image in frames:
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def pad(film: bytes, wanted: int) -> bytes:
    """Make an MP4 exactly `wanted` bytes long with a trailing `free` box, which players skip.

    Raises:
        ValueError: the film alone, or with the smallest possible box, is already longer.
    """
    missing = wanted - len(film)
    if missing == 0:
        return film
    if missing < _BOX_HEADER:
        raise ValueError(f"a film of {len(film)} bytes cannot be padded to {wanted}")
    return film + struct.pack(">I4s", missing, b"free") + bytes(missing - _BOX_HEADER)
