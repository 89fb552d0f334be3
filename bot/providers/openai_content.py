"""The content of a finished job in the OpenAI-style dialect, in all the ways it is handed out.

Serves the fetch of ``openai_videos.py`` (step 5). Servers of this dialect answer with the film, a
redirect, JSON with an address, or an error text with an address. Never shows the key to another
origin.
"""

import re
from pathlib import Path

import httpx

from bot.errors import (
    AddressRefused,
    Gone,
    Interrupted,
    RateLimited,
    Unauthorised,
    WrongContent,
)
from bot.net.addresses import Origin
from bot.net.downloads import Downloads
from bot.providers.films import absolute, download_film
from bot.providers.reading.answers import Answer, read_answer
from bot.providers.reading.outputs import film_url, film_url_of_job
from bot.providers.service import Service

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_NO_FILM = (Gone, Interrupted, WrongContent)


class _ElsewhereError(Exception):
    """The answer is no film and says where the film lies."""

    def __init__(self, url: str) -> None:
        super().__init__("the film lies elsewhere")
        self.url = url


class Content:
    """Fetches films of one service."""

    def __init__(self, service: Service, downloads: Downloads) -> None:
        self._service = service
        self._downloads = downloads

    async def fetch(self, upstream_id: str, result_url: str | None, into: Path) -> int:
        """Ask for the content; where it gives no film, try the address the job itself named."""
        try:
            return await self._from_content(upstream_id, into)
        except _NO_FILM:
            if result_url is None:
                raise
            return await self._from_address(result_url, into)

    async def _from_content(self, upstream_id: str, into: Path) -> int:
        url = self._service.path("v1", "videos", upstream_id, "content")
        headers = dict(self._service.auth)
        try:
            return await download_film(
                self._downloads, url, into, headers=headers, inspect=self._inspect
            )
        except _ElsewhereError as elsewhere:
            return await self._from_address(elsewhere.url, into)

    async def _from_address(self, url: str, into: Path) -> int:
        url = absolute(self._service.path(""), url)
        headers = dict(self._service.auth) if self._is_ours(url) else None
        return await download_film(self._downloads, url, into, headers=headers)

    async def _inspect(self, response: httpx.Response) -> None:
        """Read an answer of the service itself that is not simply a film.

        What it does not raise for here, such as a 404, the download judges by its status.
        """
        if not self._is_ours(response.request.url):
            return
        json = "json" in response.headers.get("Content-Type", "").casefold()
        if response.status_code == httpx.codes.OK and not json:
            return
        answer = await read_answer(response)
        if url := _address_in(answer):
            raise _ElsewhereError(url)
        trouble = self._service.trouble_in(answer)
        of_the_film = answer.status == httpx.codes.FORBIDDEN  # not of our key
        if isinstance(trouble, RateLimited | Unauthorised) and not of_the_film:
            raise trouble
        if answer.good:
            raise WrongContent("the content is JSON without an address")

    def _is_ours(self, url: str | httpx.URL) -> bool:
        try:
            return Origin.of(url) == Origin.of(self._service.path(""))
        except AddressRefused:
            return False


def _address_in(answer: Answer) -> str | None:
    url = film_url(answer.body) or film_url_of_job(answer.document or {})
    if url is not None:
        return url
    found = None if answer.good else _ADDRESS.search(answer.text)
    return found.group().rstrip(".,;)]}") if found else None
