"""Pictures that are none, are broken, or want to hurt.

Each ends in its exact sentence for the member, with nothing held and nothing sent to a service, or
in a film where a file is merely odd.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.media.darkroom import develop
from bot.media.images import PreparedPicture
from bot.pipeline import pictures
from sandbox.discord import Member, Upload
from sandbox.services import FOREVER, Films, Pace
from tests.media.hostile import LIGHT, Row
from tests.story.picture_orders import BOAT, TAKEN, ordered, sentence, told
from tests.story.world import FULL_POOL, World, open_world, picture

AT_ONCE = 4
"""Orders under way at a time."""


@pytest.fixture
async def world(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """Open a world whose services never finish: nothing but what they are sent counts here."""
    async with open_world(tmp_path, films=films, services=Pace(queued=FOREVER)) as opened:
        yield opened


async def _tried(world: World, row: Row, gate: asyncio.Semaphore) -> tuple[str, str]:
    async with gate:
        upload = Upload(row.name.replace("/", "_"), row.make(), "image/png")
        return row.name, await ordered(world, upload)


async def test_every_file(world: World) -> None:
    """Not one of seventy-odd files gets further than it should, and each is answered in words."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota grant", credits=FULL_POOL)
        ends = dict(await asyncio.gather(*(_tried(world, row, gate) for row in LIGHT)))
        assert ends == {row.name: sentence(row.refusal, **row.fields) for row in LIGHT}

        fine = sum(row.refusal is None for row in LIGHT)
        assert len(await world.tasks(app)) == world.creates == fine
        assert await world.left(app) == 2 * FULL_POOL - 5 * fine
        kept = (world.folder / "data" / "pictures").iterdir()
        assert sorted(path.suffix for path in kept) == [".jpg"] * fine
    sent = [create.picture for create in world.aivideomaker.creates]
    assert all(data is not None and data.startswith(b"\xff\xd8\xff") for data in sent)


@dataclass
class _Held:
    """A darkroom whose door is shut: pictures wait inside until it is opened."""

    door: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    inside: int = 0
    most: int = 0

    def develop(self, *places: Path, **wishes: Any) -> PreparedPicture:
        """Prepare a picture once the door is open."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.begun.set()
        try:
            self.door.wait()
            return develop(*places, **wishes)
        finally:
            self.inside -= 1


async def test_a_picture_that_takes_long_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one picture is decoded, and others wait for it, every other command is answered."""
    held = _Held()
    monkeypatch.setattr(pictures, "develop", held.develop)
    async with world.bot() as app:
        try:
            orders = [asyncio.create_task(_as(world, member)) for member in (world.ada, world.ben)]
            await asyncio.to_thread(held.begun.wait)
            for command in ("video credits", "video list"):
                call = await world.ben.slash(world.channel, command)
                assert not call.failed
                assert call.private
            assert held.inside == 1
            assert await world.untouched(app)
        finally:
            held.door.set()
        assert await asyncio.gather(*orders) == [TAKEN, TAKEN]
        assert held.most == 1


async def _as(world: World, member: Member) -> str:
    call = await member.slash(world.channel, "video image", image=BOAT, prompt="it sails")
    return await told(call)


async def test_names_are_only_names(world: World) -> None:
    """What a file calls itself opens no other file and reaches no other folder."""
    before = sorted(path.name for path in world.folder.iterdir())
    names = ["../../clapboard.db", "/etc/passwd", "a.png\n.exe", "C:\\con.png", "%2e%2e%2fx.png"]
    async with world.bot() as app:
        for name in names:
            assert await ordered(world, Upload(name, picture(), "image/png")) == TAKEN
        assert len(await world.tasks(app)) == len(names)
        kept = {path.name for path in (world.folder / "data" / "pictures").iterdir()}
        assert kept == {task.picture for task in await world.tasks(app)}
    after = {path.name.partition(".")[0] for path in world.folder.iterdir()}
    assert after <= {*before, "clapboard", "data"}
