"""A real SQLite file for every test, closed at its end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the address of a database that is not there yet."""
    return f"sqlite+aiosqlite:///{tmp_path}/data/clapboard.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """Open a blank store with 500 credits a month for every server."""
    opened = await Store.open(url, default_credits=500)
    yield opened
    await opened.close()
