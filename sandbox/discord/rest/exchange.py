"""One request and its answer, as the log keeps them; and how JSON leaves the server.

It never keeps the Authorization header: a log is for reading.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.discord.problems import invalid
from sandbox.discord.world.posting import Draft

if TYPE_CHECKING:
    from sandbox.discord.world.world import World

WORLD: "web.AppKey[World]" = web.AppKey("world")
DRAFT = web.RequestKey("draft", Draft)


@dataclass
class Exchange:
    """One request and what was answered.

    Attributes:
        at: When it arrived, UTC.
        method: The HTTP method.
        path: The path below `/api/v10`, as sent.
        route: The same as a pattern, like `/channels/{channel}/messages`; empty: no such route.
        query: The query parameters.
        body: The JSON sent, also where it came as `payload_json`; None: none.
        files: The names of the files sent.
        status: The HTTP status answered; 0: not answered (yet).
        answer: The JSON answered; None: none.
        bot: Whether it came with the bot's token.
    """

    at: datetime
    method: str
    path: str
    route: str
    query: dict[str, str]
    body: Any = None
    files: list[str] = field(default_factory=list)
    status: int = 0
    answer: Any = None
    bot: bool = False


EXCHANGE = web.RequestKey("exchange", Exchange)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON answer with exactly the content type Discord sends."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def nothing() -> web.Response:
    """Return an answer without a body."""
    return web.Response(status=204)


def draft(request: web.Request) -> Draft:
    """Return what the request brought."""
    return request[DRAFT]


def asked(request: web.Request, name: str, usual: int) -> int:
    """Return a number from the query, or what is usual where it is left out.

    Raises:
        Refusal: 50035 if it is no number.
    """
    told = request.query.get(name, str(usual))
    if not told.isdigit():
        raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{told}" is not int.')
    return int(told)


def number(request: web.Request, name: str) -> int:
    """Return an id from the path."""
    return int(request.match_info[name])
