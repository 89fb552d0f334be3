"""What a video service was sent for a row, and what is wrong with it."""

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from sandbox.services import Seen
from tests.story.world import World
from tests.ways.formats import SECRET
from tests.ways.row import Row

DATA_URI = re.compile(r"data:([a-z/.+-]+);base64,(.+)", re.DOTALL)
FOR_ANY_READER = {"APP0"}
"""The segments of a JPEG that say nothing but that it is one."""


@dataclass(frozen=True)
class Sent:
    """A picture as it arrived, with the type and the size that were told of it."""

    data: bytes
    mime: str
    size: str = ""


def sent_for(world: World, row: Row) -> list[Sent]:
    """Return the pictures that were sent with the row's words to the row's model, in order."""
    if row.model.sizes:
        return [_of_form(seen) for seen in world.apigo.requests if _asks(seen, row)]
    path = f"/api/v1/generate/{row.model.name}"
    requests = (seen for seen in world.aivideomaker.requests if seen.path == path)
    return [_of_json(seen) for seen in requests if _asks(seen, row)]


def flaws(sent: Sent, row: Row) -> Iterator[str]:
    """Tell what is wrong with a picture; nothing, if all is well."""
    with Image.open(io.BytesIO(sent.data)) as image:
        image.load()
    if sent.mime != Image.MIME[image.format or ""] or sent.mime != "image/jpeg":
        yield f"it is {image.format} and called {sent.mime}"
    if image.size != row.size or (row.model.sizes and sent.size != "{}x{}".format(*row.size)):
        yield f"it has {image.size}, was asked for as {sent.size!r}, and should have {row.size}"
    if not row.format.marker.is_seen_in(image):
        yield "it is not the picture, or not upright"
    segments = {str(name) for name, _ in getattr(image, "applist", [])}
    if segments - FOR_ANY_READER or image.getexif() or SECRET.encode() in sent.data:
        yield f"it carries metadata: {sorted(segments)}"


def _asks(seen: Seen, row: Row) -> bool:
    """Tell whether a request is a create with the row's words, which no other row has."""
    if seen.method != "POST":
        return False
    if seen.form is not None:
        return any(part.name == "prompt" and _has(part.data.decode(), row) for part in seen.form)
    prompt = seen.json.get("prompt") if isinstance(seen.json, dict) else None
    return _has(prompt[0] if isinstance(prompt, list) else str(prompt), row)


def _has(prompt: str, row: Row) -> bool:
    """Tell whether it is the row's prompt; a link that was written with it may follow."""
    return prompt == row.name or prompt.startswith(f"{row.name} http")


def _of_json(seen: Seen) -> Sent:
    assert isinstance(seen.json, dict)
    match = DATA_URI.fullmatch(seen.json["image"])
    assert match is not None, seen.json["image"][:60]
    return Sent(base64.b64decode(match[2], validate=True), match[1])


def _of_form(seen: Seen) -> Sent:
    parts = {part.name: part for part in seen.form or ()}
    picture = parts["input_reference"]
    return Sent(picture.data, picture.content_type or "", parts["size"].data.decode())
