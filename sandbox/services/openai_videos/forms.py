"""Reading a create's body: multipart, or JSON where the dialect takes it, into one shape.

Stands in for: "Body: multipart/form-data" of `apigo-openai-videos`. It checks kinds, not values.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.services.journal import Part, seen
from sandbox.services.openai_videos.dialects import Dialect
from sandbox.services.openai_videos.problems import ProblemError, invalid

FILE = "input_reference"
"""The one field that is a file."""

_KNOWN = {"model", "prompt", "size", "seconds", FILE}


@dataclass(frozen=True)
class Form:
    """A create's fields: texts by name, and the reference picture as a file or as a link."""

    texts: Mapping[str, str]
    file: Part | None = None
    link: str | None = None


def read_form(request: web.Request, dialect: Dialect) -> Form:
    """Read the body in whichever way it came.

    Raises:
        ProblemError: 415 for a body of another type, 400 for one that cannot be read.
    """
    asked = seen(request)
    if request.content_type == "multipart/form-data" and dialect.multipart:
        form = _multipart(asked.form, dialect)
    elif request.content_type == "application/json" and dialect.json:
        form = _json(asked.json)
    else:
        wanted = "multipart/form-data" + (" or application/json" if dialect.json else "")
        raise ProblemError(415, f"Unsupported content type; expected {wanted}")
    unknown = sorted(set(form.texts) - _KNOWN) if dialect.closed else []
    if unknown:
        raise ProblemError(400, f"Unknown parameter: '{unknown[0]}'", "unknown_parameter")
    return form


def _multipart(parts: tuple[Part, ...] | None, dialect: Dialect) -> Form:
    if parts is None:
        raise ProblemError(400, "The multipart body could not be read")
    names = [part.name for part in parts]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise invalid(twice[0], f"Duplicate parameter: '{twice[0]}'")
    file = next((part for part in parts if part.name == FILE), None)
    if dialect.needs_file and file is None:
        raise ProblemError(400, "input_reference file is required")
    return Form({part.name: _text(part) for part in parts if part.name != FILE}, file)


def _text(part: Part) -> str:
    if part.filename is not None:
        raise invalid(part.name, f"'{part.name}' must be text, not a file")
    try:
        return part.data.decode()
    except UnicodeDecodeError:
        raise invalid(part.name, f"'{part.name}' is not UTF-8") from None


def _json(document: object) -> Form:
    if not isinstance(document, dict):
        raise ProblemError(400, "The body is not a JSON object")
    texts = {name: value for name, value in document.items() if name != FILE and value is not None}
    for name, value in texts.items():
        if name in _KNOWN and not isinstance(value, str):
            raise ProblemError(400, f"'{name}' must be a string", "invalid_type", name)
    reference = document.get(FILE)
    link = reference.get("image_url") if isinstance(reference, dict) else None
    return Form({name: str(value) for name, value in texts.items()}, link=link)
