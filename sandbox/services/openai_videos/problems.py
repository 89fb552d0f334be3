"""Refusals in OpenAI's envelope, or in FastAPI's.

Stands in for: the error answers, which `apigo-openai-videos` does not show; the envelope is the
one OpenAI published. It never repeats a key.
"""

from dataclasses import dataclass

from aiohttp import web

from sandbox.services.openai_videos.dialects import Dialect


@dataclass
class ProblemError(Exception):
    """A request the service turns down."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    kind: str = "invalid_request_error"


def answer(problem: ProblemError, dialect: Dialect) -> web.Response:
    """Spell a refusal in the dialect's envelope."""
    if dialect.envelope == "detail":
        return web.json_response({"detail": problem.message}, status=problem.status)
    error = {
        "message": problem.message,
        "type": problem.kind,
        "param": problem.param,
        "code": problem.code,
    }
    return web.json_response({"error": error}, status=problem.status)


def invalid(param: str, message: str) -> ProblemError:
    """Say what is wrong with one field."""
    return ProblemError(400, message, "invalid_value", param)


def no_such_video() -> ProblemError:
    """Say that there is no such job, or that it is another key's."""
    return ProblemError(404, "Video not found", "video_not_found", "video_id")


def no_such_model(name: str, status: int = 404) -> ProblemError:
    """Say that the model is unknown or closed."""
    return ProblemError(status, f"The model '{name}' does not exist", "model_not_found", "model")


def wrong_key() -> ProblemError:
    """Say 401, the same for a missing, malformed and wrong token."""
    return ProblemError(
        401, "Incorrect API key provided", "invalid_api_key", kind="authentication_error"
    )


def unsuitable() -> ProblemError:
    """Refuse a prompt for its content."""
    message = "Your request was blocked by our moderation system."
    return ProblemError(400, message, "moderation_blocked")


def no_quota() -> ProblemError:
    """Refuse for want of money: 429, but waiting does not help."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return ProblemError(429, message, "insufficient_quota", kind="insufficient_quota")
