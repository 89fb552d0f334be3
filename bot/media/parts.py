"""A film in parts that each play by themselves, for who may not receive it as one file.

Serves ``/video show`` and the button *Full quality*. First choice: ``split`` copies the streams bit
by bit and cuts where a key frame begins. Short films often have a single key frame; ``split_anew``
cuts anywhere and encodes each part with more bits than the film itself had. Never changes the film.

Call both in a thread, one at a time.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from bot.errors import FilmTooLarge
from bot.media.encoding import Stretch
from bot.media.videos import encode_to_fit, open_film, probe

MOST_PARTS = 10
"""Discord takes so many files in one message."""
_HEAD = 4096
"""Bytes of a part beside its packets and its index."""
_ENTRY = 32
"""Bytes that each packet takes in the index, at most."""
_MORE = 1.25
"""How many more bits a film gets that is encoded anew: nobody should see that it was."""

Wanted = Callable[[], bool]


def split(source: Path, into: Path, *, max_bytes: int, wanted: Wanted = lambda: True) -> list[Path]:
    """Write the film to the folder ``into`` as parts of at most ``max_bytes`` each, in order.

    Pictures and sound are copied as they are. Each part begins with a key frame. It stops soon
    after ``wanted`` says no; what it has written by then is left there.

    Raises:
        InterruptedError: it is no longer wanted.
        FilmTooLarge: its key frames lie too far apart, or it would be more than ``MOST_PARTS``.
        WrongContent: it is no film, or it breaks off.
        OSError: the disk is full or cannot be written.
    """
    probe(source)
    with open_film(source) as film:
        begins = _begins(_packets(film, wanted), max_bytes)
    paths = _names(into, len(begins))
    with open_film(source) as film:
        _copy(film, paths, begins, wanted)
    if max(path.stat().st_size for path in paths) > max_bytes:
        raise FilmTooLarge(f"a part came out larger than {max_bytes} bytes")
    return paths


def split_anew(
    source: Path, into: Path, *, max_bytes: int, wanted: Wanted = lambda: True
) -> list[Path]:
    """Write the film to the folder ``into`` as parts of equal length, encoded anew.

    Together they have more bits than the film, so hardly anything of its quality is lost.

    Raises:
        as ``split``.
    """
    count = max(2, ceil(source.stat().st_size * _MORE / max_bytes)) if max_bytes > 0 else 0
    paths = _names(into, count)
    whole = Fraction(probe(source).duration.total_seconds())
    for number, path in enumerate(paths):
        stretch = Stretch(whole * number / count, whole * (number + 1) / count)
        encode_to_fit(source, path, max_bytes, wanted, stretch)
    return paths


def _names(into: Path, count: int) -> list[Path]:
    if not 0 < count <= MOST_PARTS:
        raise FilmTooLarge(f"it would take {count} parts")
    return [into / f"part-{number}.mp4" for number in range(1, count + 1)]


@dataclass(frozen=True, slots=True)
class _Bit:
    """A packet without its contents; ``time`` in seconds, ``size`` in bytes with its index."""

    time: Fraction
    size: int
    is_video: bool
    is_key: bool


def _packets(film: InputContainer, wanted: Wanted) -> list[_Bit]:
    """List the packets in the order of the file."""
    return [
        _Bit(_time(packet), packet.size + _ENTRY, packet.stream.type == "video", packet.is_keyframe)
        for packet in _read(film, wanted)
    ]


def _read(film: InputContainer, wanted: Wanted) -> "Iterator[Packet[Any]]":
    for packet in film.demux([film.streams.video[0], *film.streams.audio[:1]]):
        if not wanted():
            raise InterruptedError
        if packet.dts is not None:  # the last ones of each track are empty
            yield packet


def _time(packet: "Packet[Any]") -> Fraction:
    pts = packet.pts if packet.pts is not None else packet.dts
    return (pts or 0) * packet.time_base


def _begins(bits: list[_Bit], max_bytes: int) -> list[Fraction]:
    """Return where each part begins: as few parts as possible, filled one after the other."""
    cuts = _cuts([bit for bit in bits if bit.is_video])
    sizes = [0] * len(cuts)
    for bit in bits:
        sizes[_index(cuts, bit.time)] += bit.size
    room = max_bytes - _HEAD
    if max(sizes, default=0) > room:
        raise FilmTooLarge(f"its key frames lie too far apart for {max_bytes} bytes")
    begins, filled = [], room
    for cut, size in zip(cuts, sizes, strict=True):
        if filled + size > room:
            begins.append(cut)
            filled = 0
        filled += size
    return begins


def _cuts(pictures: list[_Bit]) -> list[Fraction]:
    """Return the times of the key frames that no later picture comes before."""
    from_here = list(accumulate((bit.time for bit in reversed(pictures)), min))[::-1]
    return [
        bit.time
        for bit, earliest in zip(pictures, from_here, strict=True)
        if bit.is_key and bit.time == earliest
    ]


def _index(begins: list[Fraction], time: Fraction) -> int:
    """Return to which part a time belongs; sound may begin a little before the pictures."""
    return max(0, bisect_right(begins, time) - 1)


def _copy(film: InputContainer, paths: list[Path], begins: list[Fraction], wanted: Wanted) -> None:
    """Hand every packet to the part to whose time it belongs."""
    with ExitStack() as stack:
        parts = []
        for path, begin in zip(paths, begins, strict=True):
            out = av.open(path, "w", format="mp4", options={"movflags": "+faststart"})
            parts.append(_Part(stack.enter_context(out), begin, film))
        for packet in _read(film, wanted):
            parts[_index(begins, _time(packet))].add(packet)


class _Part:
    """One part while it is written; its time begins at zero."""

    def __init__(self, out: OutputContainer, begin: Fraction, film: InputContainer) -> None:
        self._out = out
        self._begin = begin
        self._tracks: dict[int, Stream] = {}
        for source in (film.streams.video[0], *film.streams.audio[:1]):
            track = out.add_stream_from_template(source, opaque=True)
            track.codec_context.codec_tag = source.codec_context.codec_tag  # Apple minds hvc1
            self._tracks[source.index] = track

    def add(self, packet: "Packet[Any]") -> None:
        """Copy a packet of the film to the end of this part."""
        offset = round(self._begin / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts - offset
        packet.dts = None if packet.dts is None else packet.dts - offset
        packet.stream = self._tracks[packet.stream.index]
        self._out.mux(packet)
