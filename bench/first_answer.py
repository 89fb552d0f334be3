"""`python -m bench.first_answer`: how long a member waits for the first answer to a command.

The bot is a child process, the sandbox its whole world; films are being made meanwhile. It prints
a table and judges nothing.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from sandbox.discord import Call, Limits, Upload
from sandbox.newcomer import Cast, open_server
from sandbox.services import Pace
from sandbox.stage import Stage

ONE_BY_ONE = 200
PICTURES = 40
BURSTS = (40, 100)
PHOTO = (4000, 3000)


async def main() -> None:
    """Measure in one run: sentences, photos, and many sentences at once."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"DEFAULT_SERVER_CREDITS": "1000000"}
        pace = Pace(queued=timedelta(seconds=5), running=timedelta(minutes=10))
        async with Stage(Path(folder), pace=pace, settings=settings) as stage:
            stage.discord.rate_limits.limits = Limits.generous()
            cast = open_server(stage)
            await stage.bot.start()
            await stage.discord.bot_ready()
            print(f"{'':34}{'n':>6}{'median':>10}{'p95':>10}{'worst':>10}")
            await _row("/video text, one after the other", ONE_BY_ONE, lambda n: _sentence(cast, n))
            photo = _photo()
            await _row("/video image, 12 MP JPEG", PICTURES, lambda _: _picture(cast, photo))
            for count in BURSTS:
                burst = await asyncio.gather(*(_sentence(cast, n) for n in range(count)))
                _print("/video text, all at once", burst)


async def _row(name: str, count: int, act: Callable[[int], Awaitable[Call]]) -> None:
    _print(name, [await act(number) for number in range(count)])


def _print(name: str, calls: list[Call]) -> None:
    took = sorted(call.took / timedelta(milliseconds=1) for call in calls)
    failed = sum(call.failed for call in calls)
    p95 = took[int(len(took) * 0.95)]
    figures = [statistics.median(took), p95, took[-1]]
    row = "".join(f"{figure:>7.0f} ms" for figure in figures)
    print(f"{name:34}{len(took):>6}{row}" + (f"   {failed} failed" if failed else ""))


async def _sentence(cast: Cast, number: int) -> Call:
    return await cast.ada.slash(cast.channel, "video text", prompt=f"paper boat number {number}")


async def _picture(cast: Cast, photo: bytes) -> Call:
    upload = Upload("photo.jpg", photo, "image/jpeg")
    return await cast.ada.slash(cast.channel, "video image", image=upload, prompt="it sails")


def _photo() -> bytes:
    noise = Image.effect_noise((PHOTO[0] // 4, PHOTO[1] // 4), 60).resize(PHOTO).convert("RGB")
    buffer = BytesIO()
    noise.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


if __name__ == "__main__":
    asyncio.run(main())
