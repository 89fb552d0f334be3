"""Stands in for how Discord keeps components: numbered, and tied to the files they show.

It never checks them: that is `rules.components`.
"""

import re
import zlib
from typing import Any

from sandbox.discord.world.attachments import Attachment
from sandbox.discord.world.reading import walk

_SHOWN = {"description": None, "spoiler": False}
_MENU = {"min_values": 1, "max_values": 1}
_DEFAULTS: dict[int, dict[str, Any]] = {
    **dict.fromkeys((3, 5, 6, 7, 8), _MENU),
    11: _SHOWN,
    13: {"spoiler": False},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
}
"""What Discord fills in where a component of a type leaves it out."""

_NAMED = "attachment://"
_LINKED = re.compile(r"/attachments/\d+/(\d+)/")


def placed(components: list[dict[str, Any]], files: dict[int, Attachment]) -> list[dict[str, Any]]:
    """Return the components of a message as they are kept, each with an id."""
    kept = [_tied(component, files) for component in components]
    taken = {component["id"] for component in walk(kept) if component.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    for component in walk(kept):
        component["id"] = component.get("id") or next(free)
    return kept


def file_of(url: str, files: dict[int, Attachment]) -> Attachment | None:
    """Return the file a component's url means, by name or by link; None: some other address."""
    if url.startswith(_NAMED):
        name = url.removeprefix(_NAMED)
        return next((file for file in files.values() if file.name == name), None)
    linked = _LINKED.search(url)
    return files.get(int(linked[1])) if linked else None


def _tied(value: Any, files: dict[int, Attachment]) -> Any:
    if isinstance(value, list):
        return [_tied(item, files) for item in value]
    if not isinstance(value, dict):
        return value
    tied = {
        key: _media(item, files) if key in {"media", "file"} else _tied(item, files)
        for key, item in value.items()
    }
    return {**_defaults(value), **tied}


def _defaults(component: dict[str, Any]) -> dict[str, Any]:
    """Return what is filled in; an item of a gallery has no type, but media."""
    item = "media" in component and "type" not in component
    return _SHOWN if item else _DEFAULTS.get(component.get("type", 0), {})


def _media(media: dict[str, Any], files: dict[int, Attachment]) -> dict[str, Any]:
    file = file_of(media.get("url", ""), files)
    if file is not None:
        return {"id": str(file.id), "attachment_id": str(file.id)}
    url = media.get("url", "")
    return {"id": str(zlib.crc32(url.encode())), "url": url}
