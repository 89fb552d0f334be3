"""Films to try: made frame by frame, with or without sound, easy or hard to compress."""

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

RATE = 12
SOUND = 44_100


def film(
    path: Path,
    *,
    size: tuple[int, int] = (320, 180),
    seconds: float = 2,
    sound: bool = False,
    noise: bool = False,
    faststart: bool = True,
    key_every: int = 250,
    preset: str = "ultrafast",
    open_gop: bool = False,
) -> Path:
    """Write a film whose pictures go from black to white; ``noise`` makes its file large."""
    flags = {"movflags": "+faststart"} if faststart else {}
    cuts = f"open-gop={int(open_gop)}:scenecut=0"
    options = {"preset": preset, "crf": "5", "g": str(key_every), "x264-params": cuts}
    with av.open(path, "w", format="mp4", options=flags) as out:
        video = out.add_stream("libx264", rate=RATE, options=options)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = out.add_stream("aac", rate=SOUND, layout="mono") if sound else None
        for picture in _pictures(size, round(seconds * RATE), noise):
            out.mux(video.encode(picture))
        out.mux(video.encode())
        if audio is not None:
            for samples in _hum(seconds):
                out.mux(audio.encode(samples))
            out.mux(audio.encode())
    return path


def _pictures(size: tuple[int, int], count: int, noise: bool) -> Iterator[av.VideoFrame]:
    for number in range(count):
        level = round(255 * number / max(1, count - 1))
        image = Image.new("L", size, level)
        if noise:
            image = Image.blend(image, Image.effect_noise(size, 120), 0.5)
        yield av.VideoFrame.from_image(image.convert("RGB"))  # type: ignore[no-untyped-call]  # stub


def _hum(seconds: float) -> Iterator[av.AudioFrame]:
    tenth = SOUND // 10
    for start in range(0, round(seconds * SOUND), tenth):
        wave = (int(9000 * math.sin((start + n) / 15)) for n in range(tenth))
        frame = av.AudioFrame(format="s16", layout="mono", samples=tenth)
        frame.planes[0].update(b"".join(v.to_bytes(2, "little", signed=True) for v in wave))
        frame.sample_rate, frame.pts, frame.time_base = SOUND, start, Fraction(1, SOUND)
        yield frame
