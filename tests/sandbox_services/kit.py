"""What the tests here share: a clock with hands, a test picture, plain HTTP clients."""

import base64
import io
from datetime import UTC, datetime, timedelta

import httpx
from PIL import Image, ImageDraw

from sandbox.services import AiVideoMaker, OpenAiVideos, Pace

QUICK = Pace(queued=timedelta(0), running=timedelta(0))
"""Done as soon as asked."""


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant the hands show."""
        return self.now

    def move(self, **by: float) -> None:
        """Move forward, as in `move(seconds=1)`."""
        self.now += timedelta(**by)


def picture(size: tuple[int, int] = (320, 180), form: str = "PNG") -> bytes:
    """Draw two halves, red left and blue right."""
    image = Image.new("RGB", size, (200, 30, 30))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), (30, 30, 200))
    written = io.BytesIO()
    image.save(written, form)
    return written.getvalue()


def data_uri(data: bytes, mime: str = "image/png") -> str:
    """Spell bytes as a data URI."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def anybody() -> httpx.AsyncClient:
    """Open a client without a key."""
    return httpx.AsyncClient(trust_env=False)


def avm_client(service: AiVideoMaker, key: str = "sandbox-avm-key") -> httpx.AsyncClient:
    """Open a client with a `key` header."""
    base = f"{service.url}/api/v1"
    return httpx.AsyncClient(base_url=base, headers={"key": key}, trust_env=False)


def videos_client(service: OpenAiVideos, key: str = "sandbox-apigo-key") -> httpx.AsyncClient:
    """Open a client with a bearer token."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=f"{service.url}/v1", headers=headers, trust_env=False)
