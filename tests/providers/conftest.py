"""Parts that the providers' tests share: a clock that is turned by hand, tiny servers, orders."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import stamina

from bot.domain.catalog import Catalog
from bot.providers.catalog import load
from tests.providers.world import FakeClock, World

DOCS = Path(__file__).parents[2] / "docs" / "models.md"


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands at noon until somebody sleeps."""
    return FakeClock()


@pytest.fixture
async def world(tmp_path: Path, clock: FakeClock) -> AsyncIterator[World]:
    """Return a world without scripted answers: everything is a 404."""
    async with World(clock, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def operators(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the catalogue with the models that docs/models.md shows how to add."""
    page = DOCS.read_text("utf-8")
    block = page.split("<!-- this block is loaded by a test -->")[1].split("```")[1]
    path = tmp_path_factory.mktemp("operator") / "models.toml"
    path.write_text(block.removeprefix("toml"), "utf-8")
    return load(path)
