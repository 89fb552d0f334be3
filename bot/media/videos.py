"""Films as they come from a service: looked at, made to fit, and their last picture.

Serves step 5: the Courier asks what it has fetched and makes it fit the server's upload limit; and
step 2, where a film goes on from the last picture of another.
Recognises a film by decoding it, and only as MP4: left to guess, FFmpeg would take a text file for
a playlist and fetch what it names. Never changes the file it is given.

Call ``fit`` in a thread, one at a time: FFmpeg works outside Python's lock, so the event loop goes
on, and a separate process would save nothing but a crash of FFmpeg itself.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from errno import EACCES, EDQUOT, EIO, EMFILE, ENOENT, ENOSPC, EROFS
from math import inf
from pathlib import Path

import av
from av.container import InputContainer
from PIL import Image

from bot.errors import FilmTooLarge, WrongContent
from bot.media.encoding import Plan, Stretch, encode

_ATTEMPTS = 2
_SHARE = 0.96
"""Of the bytes allowed, what the tracks may use; the rest is for the index."""
_AGAIN = 0.93
"""How far below the limit the second attempt aims, since the first went over it."""
_TAIL = timedelta(seconds=1)
_MOST_PIXELS = 4096 * 4096
_MACHINE = frozenset({ENOENT, EACCES, EROFS, ENOSPC, EDQUOT, EIO, EMFILE})
"""What FFmpeg reports about this machine, not about the film; raised as the ``OSError`` it is."""


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """What a film is: its size in pixels, and the video track's codec as FFmpeg names it."""

    duration: timedelta
    width: int
    height: int
    codec: str
    has_audio: bool


def probe(path: Path) -> FilmInfo:
    """Look at a film and decode its first picture.

    Raises:
        WrongContent: it is no MP4, has no pictures or no length.
    """
    with open_film(path) as film:
        video = film.streams.video[0]
        if next(film.decode(video), None) is None:
            raise WrongContent("a film without a single picture")
        if not film.duration:
            raise WrongContent("a film without a length")
        return FilmInfo(
            duration=timedelta(microseconds=film.duration),
            width=video.codec_context.width,
            height=video.codec_context.height,
            codec=video.codec_context.name,
            has_audio=bool(film.streams.audio),
        )


def fit(
    source: Path, into: Path, *, max_bytes: int, wanted: Callable[[], bool] = lambda: True
) -> FilmInfo:
    """Write the film to ``into`` with at most ``max_bytes`` bytes, as H.264 and AAC.

    A film that fits already is copied as it is. The bit rate is computed from the length; where it
    is too low for the size of the picture, the picture is scaled down. ``into`` appears only when
    it is whole. It stops soon after ``wanted`` says no.

    Raises:
        InterruptedError: it is no longer wanted.
        FilmTooLarge: it cannot be made that small and still be looked at.
        WrongContent: it is no film, or it breaks off.
        OSError: the disk is full or cannot be written.
    """
    probe(source)
    part = into.with_name(f"{into.name}.part")
    try:
        if source.stat().st_size <= max_bytes:
            shutil.copyfile(source, part)
        else:
            encode_to_fit(source, part, max_bytes, wanted)
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return probe(into)


def encode_to_fit(
    source: Path,
    into: Path,
    max_bytes: int,
    wanted: Callable[[], bool],
    stretch: Stretch | None = None,
) -> None:
    """Encode a film, or a stretch of it, into at most ``max_bytes``; what fails is left there.

    Raises:
        InterruptedError: it is no longer wanted.
        FilmTooLarge: it cannot be made that small and still be looked at.
        WrongContent: it is no film, or it breaks off.
        OSError: the disk is full or cannot be written.
    """
    info, budget = probe(source), max_bytes * _SHARE
    duration = info.duration if stretch is None else stretch.duration
    for _ in range(_ATTEMPTS):
        plan = Plan.for_bytes(budget, duration, (info.width, info.height), info.has_audio)
        if plan is None:
            break
        with open_film(source) as film:
            encode(film, into, plan, wanted, stretch)
        size = into.stat().st_size
        if size <= max_bytes:
            return
        budget *= _AGAIN * max_bytes / size
    raise FilmTooLarge(f"{duration} of film do not fit into {max_bytes} bytes")


def last_frame(path: Path, into: Path, *, wanted: Callable[[], bool] = lambda: True) -> None:
    """Write the picture that the film ends with to ``into``, upright, as a PNG.

    It stops soon after ``wanted`` says no.

    Raises:
        InterruptedError: it is no longer wanted.
        WrongContent: it is no film, it breaks off, or its pictures are larger than any film's.
        OSError: the disk is full or cannot be written.
    """
    last = _last(path, wanted)
    if last is None:
        raise WrongContent("a film without a single picture")
    picture: Image.Image = last.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it out
    if last.rotation:
        picture = picture.rotate(last.rotation, expand=True)
    part = into.with_name(f"{into.name}.part")
    picture.save(part, "PNG", compress_level=1)
    part.replace(into)


def _last(path: Path, wanted: Callable[[], bool]) -> av.VideoFrame | None:
    """Return the picture shown last, decoding no more than from the last key frame before it."""
    last: av.VideoFrame | None = None
    with open_film(path) as film:
        video = film.streams.video[0]
        if video.codec_context.width * video.codec_context.height > _MOST_PIXELS:
            raise WrongContent("pictures larger than any film's")
        start = timedelta(microseconds=film.duration or 0) - _TAIL
        film.seek(max(0, start // timedelta(microseconds=1)))
        for frame in film.decode(video):
            if not wanted():
                raise InterruptedError
            if last is None or _shown_at(frame) >= _shown_at(last):
                last = frame
    return last


def _shown_at(frame: av.VideoFrame) -> float:
    """Return when a picture is shown, in seconds; one without a time comes after all others."""
    return inf if frame.time is None else frame.time


@contextmanager
def open_film(path: Path) -> Iterator[InputContainer]:
    """Open a local MP4; what FFmpeg cannot make sense of, also later, is ``WrongContent``."""
    try:
        with av.open(path, format="mp4", metadata_errors="replace") as film:
            if not film.streams.video:
                raise WrongContent("a film without pictures")
            yield film
    except av.FFmpegError as error:
        if error.errno in _MACHINE:
            raise
        raise WrongContent(f"not a film: {error.strerror}") from None
