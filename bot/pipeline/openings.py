"""The picture that a film begins with, wherever it comes from.

Part of step 2, before anything is held: an address that a member named, the picture of an earlier
task, or the last frame of an earlier film. Never decides whether the order is allowed.
"""

import logging
from datetime import timedelta
from pathlib import Path

from bot.domain.catalog import Model
from bot.domain.order import Order
from bot.domain.task import Task
from bot.errors import (
    AddressRefused,
    DownloadError,
    Gone,
    Refusal,
    Refused,
    TooLarge,
    WrongContent,
)
from bot.media.images import PreparedPicture
from bot.net.downloads import Downloads, looks_like_mp4
from bot.pipeline.films import Films
from bot.pipeline.pictures import Pictures
from bot.pipeline.ports import Mailbox
from bot.pipeline.shelf import Shelf
from bot.store import Store

log = logging.getLogger(__name__)

POSTED_LIMIT = 100 * 1024 * 1024
"""Bytes of a posted film; no server takes larger files."""
PATIENCE = timedelta(seconds=60)
"""How long a posted film may take to come back."""

Opening = tuple[str, PreparedPicture]
"""The prepared picture's file name, and what it is."""


class Openings:
    """Brings the pictures of orders."""

    def __init__(
        self,
        *,
        store: Store,
        pictures: Pictures,
        films: Films,
        shelf: Shelf,
        mailbox: Mailbox,
        downloads: Downloads,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._films = films
        self._shelf = shelf
        self._mailbox = mailbox
        self._downloads = downloads

    async def bring(self, order: Order, model: Model, task_id: str) -> Opening:
        """Prepare the order's picture for ``model``, for the new task of this id.

        Raises:
            Refused: there is none, it is gone, or it cannot be used.
            Unreachable: Discord is in trouble.
        """
        if order.picture_url is not None:
            return await self._pictures.bring(order.picture_url, model, task_id)
        if order.picture_of is not None:
            kept = self._shelf.kept_picture(await self._earlier(order, order.picture_of))
            if kept is not None:
                return await self._pictures.adopt(kept, model, task_id)
        if order.continues is not None:
            return await self._last_frame(order, order.continues, model, task_id)
        raise Refused(Refusal.NO_PICTURE if order.picture_of is None else Refusal.PICTURE_GONE)

    async def _last_frame(
        self, order: Order, earlier_id: str, model: Model, task_id: str
    ) -> Opening:
        earlier = await self._earlier(order, earlier_id)
        async with self._shelf.scratch(task_id) as folder:
            film = self._shelf.kept_film(earlier)
            if film is None:
                film = await self._posted(earlier, folder / "posted.mp4")
            frame = folder / "last.png"
            try:
                await self._films.last_frame(film, frame)
            except WrongContent as error:
                log.warning("no last frame: %s", error, extra={"task": earlier.id})
                raise Refused(Refusal.FILM_GONE, task_id=earlier.id) from error
            except (TimeoutError, OSError) as error:
                log.exception("no last frame", extra={"task": earlier.id})
                raise Refused(Refusal.BUSY) from error
            return await self._pictures.adopt(frame, model, task_id)

    async def _posted(self, earlier: Task, into: Path) -> Path:
        """Bring a film back from where it was posted, under an address that Discord signs now."""
        url = await self._mailbox.film_url(earlier)
        if url is None:
            raise Refused(Refusal.FILM_GONE, task_id=earlier.id)
        try:
            await self._downloads.to_file(
                url, into, max_bytes=POSTED_LIMIT, deadline=PATIENCE, accept=looks_like_mp4
            )
        except (Gone, TooLarge, WrongContent, AddressRefused) as error:
            raise Refused(Refusal.FILM_GONE, task_id=earlier.id) from error
        except DownloadError as error:
            raise Refused(Refusal.BUSY) from error
        return into

    async def _earlier(self, order: Order, task_id: str) -> Task:
        """Return an earlier task of the same server."""
        async with self._store.read(order.guild_id) as guild:
            task = await guild.task(task_id)
        if task is None:
            raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id)
        if task.withdrawn:
            raise Refused(Refusal.TAKEN_DOWN, task_id=task_id)
        return task
