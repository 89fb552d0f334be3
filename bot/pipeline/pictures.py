"""A member's picture: brought here, checked by decoding, made what the model takes.

Part of step 2, before anything is held. Never trusts a name or a declared type, and never decodes
more than one picture at a time.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.domain.catalog import Model
from bot.errors import AddressRefused, DownloadError, Gone, Refusal, Refused, TooLarge
from bot.media.darkroom import develop
from bot.media.images import PreparedPicture
from bot.net.downloads import Downloads
from bot.pipeline.shelf import Shelf

MAX_BYTES = 25 * 1024 * 1024
PATIENCE = timedelta(seconds=30)
SHORTEST = 300
"""Pixels of the longer side: services turn down what is smaller, and an emoji has 128."""


class Pictures:
    """Brings pictures in."""

    def __init__(self, downloads: Downloads, shelf: Shelf) -> None:
        self._downloads = downloads
        self._shelf = shelf
        self._one_at_a_time = asyncio.Lock()

    async def bring(self, url: str, model: Model, task_id: str) -> tuple[str, PreparedPicture]:
        """Fetch and prepare the picture for ``model``; return its file name and what it is.

        Raises:
            Refused: it is no picture, too large, gone or out of reach.
        """
        raw = self._shelf.raw_picture(task_id)
        name = f"{task_id}.jpg"
        try:
            await self._fetch(url, raw)
            return name, await self._prepare(raw, self._shelf.picture(name), model)
        finally:
            await self._shelf.discard([raw])

    async def adopt(self, source: Path, model: Model, task_id: str) -> tuple[str, PreparedPicture]:
        """Prepare a picture of our own, which stays as it is; return the same as ``bring``.

        Raises:
            Refused: it cannot be read.
        """
        name = f"{task_id}.jpg"
        return name, await self._prepare(source, self._shelf.picture(name), model)

    async def _fetch(self, url: str, into: Path) -> None:
        try:
            await self._downloads.to_file(url, into, max_bytes=MAX_BYTES, deadline=PATIENCE)
        except TooLarge as error:
            raise Refused(Refusal.PICTURE_TOO_LARGE, limit=error.limit) from error
        except Gone as error:
            raise Refused(Refusal.PICTURE_GONE) from error
        except AddressRefused as error:
            raise Refused(Refusal.PICTURE_ELSEWHERE) from error
        except DownloadError as error:
            raise Refused(Refusal.PICTURE_UNREACHABLE) from error

    async def _prepare(self, raw: Path, into: Path, model: Model) -> PreparedPicture:
        sizes = [model.size(aspect) for aspect in model.sizes] if model.exact_picture else []
        exact = [size for size in sizes if size is not None]
        async with self._one_at_a_time:
            return await asyncio.to_thread(develop, raw, into, exact=exact, shortest=SHORTEST)
