"""The rig, fresh for each test."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.providers.catalog import load
from bot.store import Store
from tests.pipeline.rig import Rig


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Open a database on disk."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/clapboard.db", default_credits=500)
    yield opened
    await opened.close()


@pytest.fixture
def rigs(store: Store, tmp_path: Path) -> Callable[..., Rig]:
    """Build rigs with options, such as in_flight."""
    return lambda **options: Rig(store, load(None), tmp_path / "data", **options)


@pytest.fixture
def rig(rigs: Callable[..., Rig]) -> Rig:
    """Build a rig without limits."""
    return rigs()
