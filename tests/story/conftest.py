"""The world of the story, fresh for each test; the film studio is shared."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sandbox.services import Films
from tests.story.world import World, open_world


@pytest.fixture(scope="session")
def films() -> Iterator[Films]:
    """Render small films, each only once in the whole run."""
    studio = Films(longest_side=240, frame_rate=6, most_frames=60)
    yield studio
    studio.close()


@pytest.fixture
async def world(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """Open a world; the test starts the bot."""
    async with open_world(tmp_path, films=films) as opened:
        yield opened
