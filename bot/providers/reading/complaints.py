"""What a service says is wrong, whatever envelope it uses.

Serves the verdicts on refused creates and failed jobs (steps 3 and 4). It reads the documents'
``{status, message}``, OpenAI's ``{error: {code, message, type, param}}``, FastAPI's ``{detail}``,
``{code, message}``, plain strings and plain text; every part is optional.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import Failure
from bot.providers.reading.answers import Answer


@dataclass(frozen=True, slots=True)
class Complaint:
    """A code for machines and words for people, either may be empty. Not yet cleaned."""

    code: str = ""
    words: str = ""
    param: str = ""
    """The request's field the service names."""
    validation: bool = False
    """It is a list of fields that did not validate."""

    def __bool__(self) -> bool:
        return bool(self.code or self.words)


def complaint_in(answer: Answer) -> Complaint:
    """Return what an answer complains about; a page of HTML says nothing about a request."""
    if answer.body is not None:
        return read_complaint(answer.body)
    text = answer.text.strip()
    return Complaint() if text.startswith("<") else Complaint(words=text)


def read_complaint(body: object) -> Complaint:
    """Return what a decoded body, a job's ``error`` or an ``output`` complains about."""
    if isinstance(body, str):
        return Complaint(words=body)
    if not isinstance(body, Mapping):
        return Complaint()
    inner = body.get("error")
    if isinstance(inner, Mapping):
        return read_complaint(inner)
    detail = body.get("detail")
    if isinstance(detail, list):
        return Complaint(words=_validation(detail), validation=True)
    return Complaint(
        code=_first(body, "errorCode", "code", "type"),
        words=_first(body, "message", "error", "detail", "msg"),
        param=_first(body, "param"),
    )


def _first(body: Mapping[str, object], *names: str) -> str:
    for name in names:
        value = body.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _validation(detail: list[object]) -> str:
    entries = [entry for entry in detail[:5] if isinstance(entry, Mapping)]
    return "; ".join(f"{_place(entry)}: {_first(entry, 'msg')}" for entry in entries)


def _place(entry: Mapping[str, object]) -> str:
    places = entry.get("loc")
    return ".".join(str(place) for place in places) if isinstance(places, list) else "?"


_MODEL_CODES = frozenset(
    {
        "invalid_model",
        "model_not_found",
        "model_not_supported",
        "model_not_available",
        "model_deprecated",
        "model_closed",
        "unsupported_model",
        "deploymentnotfound",
    }
)
_MODEL = re.compile(
    r"(?i)unsupported model|(?:unknown|invalid|no such) model"
    r"|(?:model|deployment)\b.{0,80}?(?:not found|not exist|unknown|no longer|retired|deprecated"
    r"|unsupported|not supported\b(?! with)|not available|closed|shut down|decommissioned)"
    r"|no available (?:channel|provider).{0,40}model"
)
_FOR_NOW = re.compile(r"(?i)temporar|currently|overload|try again|busy|rate limit")
_CREDITS = re.compile(
    r"(?i)insufficient.{0,20}(?:credit|balance|quota|funds)|not enough (?:credit|balance)"
    r"|exceeded your current quota|budget_exceeded|billing"
)
_CONTENT = re.compile(
    r"(?i)moderat|content.?(?:policy|filter|violation|reject)|safety|sensitive|nsfw|prohibited"
    r"|violat|inappropriate|content_rejected|copyright|real (?:person|people)"
)
_PICTURE = re.compile(
    r"(?i)\bimages?\b|picture|input_reference|inpaint|first.?frame|\bimageUrl\b|photo"
)


def failure_of(complaint: Complaint) -> Failure | None:
    """Tell what kind of failure the code and the words speak of; ``None``: they do not say."""
    if _speaks_of_model(complaint):
        return Failure.MODEL_CLOSED
    text = f"{complaint.code} {complaint.param} {complaint.words}"
    if _CREDITS.search(text):
        return Failure.SERVICE_CREDITS
    if _CONTENT.search(text):
        return Failure.CONTENT
    if _PICTURE.search(text):
        return Failure.PICTURE
    return None


def _speaks_of_model(complaint: Complaint) -> bool:
    if complaint.code.casefold() in _MODEL_CODES:
        return True
    named = complaint.param.casefold() in {"", "model"}
    spoken = _MODEL.search(complaint.words) is not None
    return named and spoken and _FOR_NOW.search(complaint.words) is None
