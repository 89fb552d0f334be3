"""The CDN-like origin: another host than the API, where films and uploaded pictures lie.

Stands in for: the hosts behind `output.url` and behind a `/content` redirect. It asks for no key;
its own request log shows whether a client sent one anyway.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

Source = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Answers a request for one published file."""

_NO_SUCH_KEY = "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"


class FilesOrigin:
    """What is published, by name."""

    def __init__(self) -> None:
        self._published: dict[str, Source] = {}

    def publish(self, name: str, source: Source) -> str:
        """Make `source` answer for `name`; returns the path on this origin."""
        self._published[name] = source
        return f"/files/{name}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /files/{name}`."""
        source = self._published.get(request.match_info["name"])
        if source is None:
            return not_found()
        return await source(request)


def not_found() -> web.Response:
    """Say that there is no such file, as an object store does."""
    return web.Response(status=404, text=_NO_SUCH_KEY, content_type="application/xml")


def whole_or_part(request: web.Request, data: bytes, mime: str = "video/mp4") -> web.Response:
    """Serve bytes, or the range of them the client asked for (206, or 416 if there is none)."""
    headers = {"Accept-Ranges": "bytes"}
    if "Range" not in request.headers:
        return web.Response(body=data, content_type=mime, headers=headers)
    try:
        start, stop, _ = request.http_range.indices(len(data))
    except ValueError:
        return web.Response(status=416)
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], content_type=mime, headers=headers)
