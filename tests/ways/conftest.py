"""The studio whose films are as small as can be: there are many of them."""

from collections.abc import Iterator

import pytest

from sandbox.services import Films
from tests.ways.acts import FILMED


@pytest.fixture(scope="session")
def films() -> Iterator[Films]:
    """Render the smallest films."""
    studio = Films(longest_side=FILMED, frame_rate=4)
    yield studio
    studio.close()
