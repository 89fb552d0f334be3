"""The bot as a process, while members hand it the worst pictures there are."""

import asyncio
import io
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from sandbox.discord import Channel, Discord, Limits, Member, Upload
from sandbox.services import FOREVER, Pace
from sandbox.stage import DISCORD_TOKEN, Stage
from tests.media.crafting import MEBIBYTE
from tests.media.hostile import ROWS

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
MOST_MEMORY = 150 * MEBIBYTE
"""Above what the idle bot has."""
AT_ONCE = 1.0
"""Seconds within which every other command is answered."""


def _large(kind: str, size: tuple[int, int], **options: object) -> Callable[[], bytes]:
    """Return the maker of a picture as large as is allowed."""

    def make() -> bytes:
        file = io.BytesIO()
        tile = Image.effect_noise((500, 500), 60).convert("RGB")
        image = Image.new("RGB", size)
        for left in range(0, size[0], 500):
            for top in range(0, size[1], 500):
                image.paste(tile, (left, top))
        image.save(file, kind, **options)
        return file.getvalue()

    return make


LARGEST: list[tuple[str, Callable[[], bytes]]] = [
    ("24 megapixels of WebP", _large("WEBP", (6000, 4000), method=0, quality=50)),
    ("24 megapixels of AVIF", _large("AVIF", (6000, 4000), speed=10, quality=40)),
    (
        "24 megapixels of HEIC",
        _large("HEIF", (5712, 4284), quality=50, enc_params={"preset": "ultrafast"}),
    ),
    ("24 megapixels of PNG", _large("PNG", (6000, 4000), compress_level=1)),
    ("49 megapixels in progression", _large("JPEG", (8200, 6000), progressive=True, subsampling=0)),
]
FILES = [
    *((row.name, row.make) for row in ROWS),
    *LARGEST,
    ("100 MB", lambda: bytes(100 * MEBIBYTE)),
]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Open the world and start the bot."""
    discord = Discord(DISCORD_TOKEN, limits=Limits.generous())
    async with Stage(tmp_path, discord=discord, pace=Pace(queued=FOREVER)) as opened:
        await opened.start_bot()
        yield opened


def _memory(stage: Stage, line: str) -> int:
    """Return a line of the kernel's account of the bot's memory, in bytes."""
    assert stage.bot._process is not None
    account = Path(f"/proc/{stage.bot._process.pid}/status").read_text(encoding="ascii")
    return int(account.split(f"{line}:")[1].split()[0]) * 1024


async def _order(member: Member, channel: Channel, upload: Upload) -> bool:
    """Order a film from a picture; return whether it was taken."""
    call = await member.slash(channel, "video image", image=upload, prompt="it sails")
    await call.until(lambda seen: any(not answer.loading for answer in seen.messages))
    assert not call.failed, upload.name
    return call.message is not None


@asynccontextmanager
async def _asking(member: Member, channel: Channel) -> AsyncIterator[list[float]]:
    """Let a member ask for their credits again and again; give the seconds each answer took."""
    waits: list[float] = []

    async def ask() -> None:
        while True:
            begun = time.perf_counter()
            call = await member.slash(channel, "video credits")
            waits.append(time.perf_counter() - begun)
            assert call.private
            await asyncio.sleep(0.05)

    asking = asyncio.create_task(ask())
    yield waits
    asking.cancel()
    await asyncio.wait({asking})
    assert asking.cancelled(), asking.exception()


async def test_memory_and_answers(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """No file takes more than 150 MB of the bot's memory, or keeps another command waiting."""
    uploads = [Upload(name, make(), "image/png") for name, make in FILES]
    guild = stage.discord.add_guild("Studio")
    channel, ada, ben = guild.add_channel("films"), guild.add_member("Ada"), guild.add_member("Ben")
    small = Upload("small.png", _large("PNG", (500, 500))())
    assert await _order(ada, channel, small)
    idle = _memory(stage, "VmRSS")

    taken = 0
    async with _asking(ben, channel) as waits:
        for upload in uploads:
            taken += await _order(ada, channel, upload)
    above = _memory(stage, "VmHWM") - idle
    with capsys.disabled():
        told = f"{len(FILES)} files: {above // MEBIBYTE} MB above idle"
        print(f"\n{told}, {len(waits)} answers, the slowest {max(waits):.2f} s")  # noqa: T201
    assert taken == sum(row.refusal is None for row in ROWS) + len(LARGEST)
    assert above < MOST_MEMORY
    assert max(waits) < AT_ONCE
    assert await _order(ada, channel, small)
