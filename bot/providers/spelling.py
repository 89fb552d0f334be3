"""From an assignment to the fields of its request, as the model's catalogue entry spells them.

Serves the create (step 3). Types are strict, since the services' are: a duration that should be
"5" and comes as 5 is refused. Never coerces one model's request into another's.
"""

import base64
import io
from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from bot.domain.catalog import Model, Spelling, seconds
from bot.errors import BrokenInvariant
from bot.providers.base import Assignment, Picture

Field = str | int | float | bool | list[str] | Picture
Part = str | tuple[str, ...] | Picture | int | None

FormField = tuple[str, tuple[str | None, bytes] | tuple[str, bytes, str]]
"""As httpx takes it: name, then file name, content and perhaps MIME type."""

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def spell(assignment: Assignment) -> dict[str, Field]:
    """Return the request's fields in the order of the catalogue entry.

    Raises:
        BrokenInvariant: the order lacks a part that the request must have.
    """
    fields = _fields(assignment)
    for name, spelling in assignment.model.request.items():
        if name not in fields and not spelling.optional:
            model = assignment.model.name
            raise BrokenInvariant(f"{model}: the order has no {spelling.source} for {name!r}")
    return fields


def signs_of(assignment: Assignment) -> dict[str, Field]:
    """Return the fields by which the assignment's job can be recognised in a list.

    The picture is none: the service stores it and echoes another address, and who searches does not
    have its bytes. A shape that only the picture tells is left out too.
    """
    return _fields(replace(assignment, picture=None))


def as_json(fields: Mapping[str, Field]) -> dict[str, object]:
    """Return the fields as a JSON object; the picture becomes a data URI with its exact MIME."""
    return {
        name: data_uri(value) if isinstance(value, Picture) else value
        for name, value in fields.items()
    }


def as_form(model: Model, fields: Mapping[str, Field]) -> list[FormField]:
    """Return the fields as parts of a multipart form, the model's name first.

    Each is a part of its own also where there is no file: the dialect takes no other encoding.
    """
    form: list[FormField] = [("model", (None, model.name.encode()))]
    for name, value in fields.items():
        if isinstance(value, Picture):
            file_name = f"picture.{_EXTENSIONS.get(value.mime, 'bin')}"
            form.append((name, (file_name, value.data, value.mime)))
        else:
            form.append((name, (None, str(value).encode())))
    return form


def data_uri(picture: Picture) -> str:
    """Return ``data:image/…;base64,…``."""
    return f"data:{picture.mime};base64,{base64.b64encode(picture.data).decode('ascii')}"


def shape_of(assignment: Assignment) -> str | None:
    """Return the order's aspect, else the model's aspect that is nearest to the picture's."""
    if assignment.aspect is not None or assignment.picture is None:
        return assignment.aspect
    model = assignment.model
    choices = [name for name in model.aspects or tuple(model.sizes) if name != "auto"]
    if not choices:
        return None
    with Image.open(io.BytesIO(assignment.picture.data)) as picture:  # reads the header only
        proportion = picture.width / picture.height
    return min(choices, key=lambda name: _distance(name, proportion))


def _fields(assignment: Assignment) -> dict[str, Field]:
    parts = _parts(assignment)
    fields: dict[str, Field] = {}
    for name, spelling in assignment.model.request.items():
        if spelling.constant is not None:
            fields[name] = spelling.constant
            continue
        part = parts[spelling.source or ""]
        if part is not None and part not in {"", ()}:
            fields[name] = _typed(part, spelling)
    return fields


def _parts(assignment: Assignment) -> dict[str, Part]:
    needed = {spelling.source for spelling in assignment.model.request.values()}
    must = {s.source for s in assignment.model.request.values() if not s.optional}
    aspect = assignment.aspect
    if must & {"aspect", "size"}:  # optional ones are left to the service
        aspect = shape_of(assignment)
    size = assignment.model.size(aspect) if "size" in needed else None
    return {
        "prompt": "\n".join(assignment.prompts),
        "shots": assignment.prompts,
        "picture": assignment.picture,
        "aspect": aspect,
        "size": f"{size[0]}x{size[1]}" if size else None,
        "duration": seconds(assignment.duration),
    }


def _typed(part: Part, spelling: Spelling) -> Field:
    if isinstance(part, Picture):
        return part
    if isinstance(part, tuple):
        return list(part)
    if spelling.kind == "integer":
        return int(part or 0)
    if spelling.kind == "number":
        return float(part or 0)
    return str(part)


def _distance(aspect: str, proportion: float) -> float:
    width, height = aspect.split(":")
    ratio = int(width) / int(height) / proportion
    return max(ratio, 1 / ratio)
