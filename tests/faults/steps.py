"""The named steps: every request that the bot makes, each at every moment that matters.

What a crash between any two lines of the story can leave behind is one of these, seen from outside.
"""

from collections.abc import Callable, Sequence
from itertools import starmap

from aiohttp import web

from tests.faults.snares import Moment, Origin, Step, anything

RECEIVED, MADE, HALF, ANSWERED = Moment
EFFECT = (RECEIVED, MADE, ANSWERED)
"""A request that changes something."""
LOOK = (RECEIVED, ANSWERED)
DOWNLOAD = (RECEIVED, HALF, ANSWERED)

DISCORD, AIVIDEOMAKER, FILMS, APIGO = Origin
SEND = "/channels/{channel}/messages"
CARD = "/channels/{channel}/messages/{message}"
BY_TOKEN = "/webhooks/{application}/{token}/messages/*"


def with_files(request: web.Request) -> bool:
    """Tell a film from a card."""
    return request.content_type == "multipart/form-data"


def without_files(request: web.Request) -> bool:
    """Tell a card from a film."""
    return not with_files(request)


def _steps(
    name: str,
    origin: Origin,
    request: str,
    moments: Sequence[Moment],
    order: str,
    concerns: Callable[[web.Request], bool] = anything,
) -> list[Step]:
    method, route = request.split(" ", 1)
    return [Step(name, origin, method, route, moment, order, concerns) for moment in moments]


_REQUESTS = (
    ("who am I", DISCORD, "GET /applications/@me", LOOK, "text"),
    ("commands told", DISCORD, "PUT /applications/{application}/commands", EFFECT, "text"),
    ("first answer", DISCORD, "POST /interactions/*", EFFECT, "text"),
    ("picture asked for", DISCORD, "GET /attachments/*", DOWNLOAD, "menu"),
    ("upload asked for", DISCORD, "GET /ephemeral-attachments/*", DOWNLOAD, "image"),
    ("card as a reply", DISCORD, f"POST {SEND}", EFFECT, "mention", without_files),
    ("card edited", DISCORD, f"PATCH {BY_TOKEN}", EFFECT, "text", without_files),
    ("card edited as the bot", DISCORD, f"PATCH {CARD}", EFFECT, "mention", without_files),
    ("create", AIVIDEOMAKER, "POST /api/v1/generate/t2v", EFFECT, "text"),
    ("create with a picture", AIVIDEOMAKER, "POST /api/v1/generate/i2v", EFFECT, "image"),
    ("create of a long film", AIVIDEOMAKER, "POST /api/v1/generate/lv", EFFECT, "long"),
    ("create", APIGO, "POST /v1/videos", EFFECT, "sora"),
    ("looked at the list", AIVIDEOMAKER, "GET /api/v1/tasks", LOOK, "twins"),
    ("looked at one", AIVIDEOMAKER, "GET /api/v1/tasks/*", LOOK, "text"),
    ("cancel", AIVIDEOMAKER, "PUT /api/v1/tasks/*", EFFECT, "cancelled"),
    ("looked at one", APIGO, "GET /v1/videos/*", LOOK, "sora"),
    ("searched for", APIGO, "GET /v1/videos", LOOK, "sora"),
    ("film asked for", FILMS, "GET *", DOWNLOAD, "text"),
    ("film asked for", APIGO, "GET /v1/videos/*/content", DOWNLOAD, "sora"),
    ("film posted", DISCORD, f"POST {SEND}", EFFECT, "text", with_files),
    ("film put into the card", DISCORD, "PATCH *", EFFECT, "closed", with_files),
    ("direct messages opened", DISCORD, "POST /users/@me/channels", EFFECT, "unreachable"),
    ("film looked for", DISCORD, f"GET {SEND}", LOOK, "text"),
    ("card looked at", DISCORD, f"GET {CARD}", LOOK, "text"),
)

STEPS: tuple[Step, ...] = tuple(step for steps in starmap(_steps, _REQUESTS) for step in steps)
"""All of them, in the order of the story."""

CREATES = tuple(step for step in STEPS if step.name.startswith("create"))
"""Those at which a crash may cost money."""


def step(name: str, moment: Moment, origin: Origin | None = None) -> Step:
    """Return the step of that name, where need be of that origin."""
    found = [
        each
        for each in STEPS
        if (each.name, each.moment) == (name, moment) and origin in (None, each.origin)
    ]
    (only,) = found
    return only
