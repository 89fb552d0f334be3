"""A film, or a stretch of one, encoded anew at a computed bit rate: H.264 and AAC in MP4.

Serves step 5 through ``videos.fit``, and ``parts``. Never decides whether a film should be smaller.
"""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

_AUDIO_RATES = (128_000, 96_000, 64_000, 48_000, 32_000)
_AUDIO_SHARE = 0.15
_SAMPLE_RATE = 48_000
_BITS_PER_PIXEL = 1.0
"""Bits a second for each pixel below which H.264 turns to mush; then fewer pixels look better."""
_SMALLEST_SIDE = 144
_PRESET = "fast"
_USUAL_FRAME_RATE = 24
_INTERLEAVED = 2
"""Seconds by which the tracks may be apart within the file."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to encode a film: the size of the picture in pixels and both rates in bits a second."""

    width: int
    height: int
    video_rate: int
    audio_rate: int
    """0: there is no sound."""

    @classmethod
    def for_bytes(
        cls, size: float, duration: timedelta, picture: tuple[int, int], has_audio: bool
    ) -> Self | None:
        """Plan for a file of ``size`` bytes; ``None`` where it would be too small to look at."""
        rate = size * 8 / duration.total_seconds()
        audio_rate = _audio_rate(rate) if has_audio else 0
        video_rate = rate - audio_rate
        pixels = picture[0] * picture[1]
        factor = math.sqrt(max(0.0, min(1.0, video_rate / (pixels * _BITS_PER_PIXEL))))
        if factor < 1 and min(picture) * factor < _SMALLEST_SIDE:
            return None
        width, height = _even(picture[0] * factor), _even(picture[1] * factor)
        return cls(width, height, int(video_rate), audio_rate)


def _audio_rate(rate: float) -> int:
    fitting = (each for each in _AUDIO_RATES if each <= rate * _AUDIO_SHARE)
    return next(fitting, _AUDIO_RATES[-1])


def _even(side: float) -> int:
    """Round down to the even number that 4:2:0 colour needs."""
    return max(2, int(side) // 2 * 2)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a film, from ``begin`` until just before ``end``; both in seconds."""

    begin: Fraction
    end: Fraction

    @property
    def duration(self) -> timedelta:
        """How long it plays."""
        return timedelta(seconds=float(self.end - self.begin))

    def moved(self, frame: VideoFrame | AudioFrame) -> bool:
        """Tell whether a frame lies inside; if so, make its time count from the beginning."""
        if frame.pts is None or frame.time_base is None:
            return False
        if not self.begin <= frame.pts * frame.time_base < self.end:
            return False
        frame.pts -= round(self.begin / frame.time_base)
        return True

    def is_over(self, packet: "Packet[Any]") -> bool:
        """Tell whether nothing of it comes after ``packet`` in the file."""
        if packet.dts is None:
            return False
        return packet.dts * packet.time_base > self.end + _INTERLEAVED


def encode(
    film: InputContainer,
    into: Path,
    plan: Plan,
    wanted: Callable[[], bool],
    stretch: Stretch | None = None,
) -> None:
    """Encode the first video and audio track of ``film``; the index goes to the front.

    ``wanted`` is asked at every picture: a thread cannot be stopped from outside. Without a
    ``stretch`` it is the whole film.

    Raises:
        av.FFmpegError: the film breaks off, or the disk is full.
        InterruptedError: it is no longer wanted.
    """
    with av.open(into, "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video = _video_track(out, film.streams.video[0], plan)
        audio = _audio_track(out, plan) if plan.audio_rate else None
        for frame in _frames(film, wanted, stretch):
            if isinstance(frame, VideoFrame):
                out.mux(video.encode(_scaled(frame, plan)))
            elif audio is not None:
                out.mux(audio.encode(frame))
        out.mux(video.encode(None))
        if audio is not None:
            out.mux(audio.encode(None))


def _frames(
    film: InputContainer, wanted: Callable[[], bool], stretch: Stretch | None
) -> Iterator[VideoFrame | AudioFrame]:
    """Decode the first tracks, from the key frame before the ``stretch`` until after its end."""
    if stretch is not None:
        film.seek(int(stretch.begin * av.time_base))
    for packet in film.demux([film.streams.video[0], *film.streams.audio[:1]]):
        if not wanted():
            raise InterruptedError
        if stretch is not None and stretch.is_over(packet):
            return
        for frame in packet.decode():
            if isinstance(frame, VideoFrame | AudioFrame) and (
                stretch is None or stretch.moved(frame)
            ):
                yield frame


def _video_track(out: OutputContainer, source: VideoStream, plan: Plan) -> VideoStream:
    rate = source.guessed_rate or _USUAL_FRAME_RATE
    # maxrate and half a second of buffer keep even a short film near its budget.
    cap = {"maxrate": str(plan.video_rate), "bufsize": str(plan.video_rate // 2)}
    track = out.add_stream("libx264", rate=rate, options={"preset": _PRESET, **cap})
    track.width, track.height, track.pix_fmt = plan.width, plan.height, "yuv420p"
    track.bit_rate = plan.video_rate
    track.thread_count = max(1, (os.cpu_count() or 2) - 1)  # one core stays for the event loop
    context = track.codec_context
    context.time_base = source.time_base or context.time_base
    context.color_primaries = source.color_primaries
    context.color_trc = source.color_trc
    context.colorspace = source.colorspace
    context.color_range = source.color_range
    return track


def _audio_track(out: OutputContainer, plan: Plan) -> AudioStream:
    track = out.add_stream("aac", rate=_SAMPLE_RATE, layout="stereo")
    track.bit_rate = plan.audio_rate
    return track


def _scaled(frame: VideoFrame, plan: Plan) -> VideoFrame:
    scaled = frame.reformat(plan.width, plan.height, "yuv420p")
    scaled.pict_type = PictureType.NONE  # the source's key frames need not be ours
    return scaled
