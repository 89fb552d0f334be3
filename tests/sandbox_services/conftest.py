"""Fixtures: both stand-ins on a clock with hands, and one film studio for all tests."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from sandbox.services import AiVideoMaker, Films, OpenAiVideos
from tests.sandbox_services.kit import Hands, avm_client, videos_client


@pytest.fixture
def clock() -> Hands:
    """Noon, until the test moves on."""
    return Hands()


@pytest.fixture(scope="session")
def films() -> Iterator[Films]:
    """A studio for small, fast films."""
    studio = Films(longest_side=160, frame_rate=4)
    yield studio
    studio.close()


@pytest.fixture
async def avm(films, clock) -> AsyncIterator[AiVideoMaker]:
    """AI Video Maker as documented."""
    async with AiVideoMaker(films=films, clock=clock) as service:
        yield service


@pytest.fixture
async def live(films, clock) -> AsyncIterator[AiVideoMaker]:
    """AI Video Maker with the live service's extras."""
    async with AiVideoMaker(films=films, clock=clock, mode="live", balance=1000) as service:
        yield service


@pytest.fixture
async def strict(films, clock) -> AsyncIterator[OpenAiVideos]:
    """`/v1/videos` as documented."""
    async with OpenAiVideos(films=films, clock=clock) as service:
        yield service


@pytest.fixture
async def http(avm) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `avm`."""
    async with avm_client(avm) as client:
        yield client


@pytest.fixture
async def live_http(live) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `live`."""
    async with avm_client(live) as client:
        yield client


@pytest.fixture
async def videos(strict) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `strict`."""
    async with videos_client(strict) as client:
        yield client
