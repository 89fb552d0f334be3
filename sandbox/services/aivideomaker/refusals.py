"""The error envelope: `{"status": "FAILED", "message": …}`, as the document has it.

Stands in for: "Error response" of the document. The document names no HTTP codes; those, and the
additional `errorCode`, follow providers.md A4 (`Quirks.error_codes` turns the latter off).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.services.aivideomaker.quirks import Quirks

_CODES = {405: "METHOD_NOT_ALLOWED", 413: "PAYLOAD_TOO_LARGE"}


@dataclass
class RefusedError(Exception):
    """A request the service turns down; becomes an error envelope."""

    status: int
    code: str | None
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def envelope(refused: RefusedError, quirks: Quirks) -> web.Response:
    """Spell a refusal as the service does, with or without its `errorCode`."""
    document = {"status": "FAILED", "message": refused.message}
    broke = refused.code == "INSUFFICIENT_CREDITS"
    if broke and quirks.insufficient == "text":
        return web.Response(status=refused.status, text=refused.message)
    if broke and quirks.insufficient == "envelope":
        return web.json_response(document)
    if quirks.error_codes and refused.code is not None:
        document["errorCode"] = refused.code
    return web.json_response(document, status=refused.status, headers=refused.headers)


def from_router(error: web.HTTPException) -> RefusedError:
    """Turn what the router says (404, 405, 413) into a refusal."""
    allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    reason = error.reason or "Error"
    return RefusedError(error.status, _CODES.get(error.status), reason, allow)


def invalid_payload(*hints: str) -> RefusedError:
    """Say what is wrong with a body, field by field."""
    return RefusedError(400, "INVALID_PAYLOAD", "Invalid payload: " + "; ".join(hints))


def invalid_model(name: str) -> RefusedError:
    """Say that there is no such model."""
    return RefusedError(400, "INVALID_MODEL", f"Unsupported model: {name}")


def no_such_task() -> RefusedError:
    """Say that there is no such task, or that it is another key's."""
    return RefusedError(404, "TASK_NOT_FOUND", "Task not found")


def insufficient_credits() -> RefusedError:
    """Say that the balance does not cover the task; `Quirks.insufficient` chooses the spelling."""
    return RefusedError(402, "INSUFFICIENT_CREDITS", "Insufficient credits")


def unsuitable() -> RefusedError:
    """Refuse a prompt or picture for its content; the service gives this no code."""
    return RefusedError(422, None, "The content was rejected by the safety check")
