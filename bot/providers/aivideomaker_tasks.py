"""AI Video Maker's task objects: read into sightings, and recognised when their id was lost.

Serves the look and the search of ``aivideomaker.py`` (steps 3 and 4). Only ``id`` is relied on;
every other field may be missing, null or of another shape.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeGuard

from bot.errors import Failure
from bot.providers.aivideomaker_repeats import idempotency_key
from bot.providers.base import Assignment, JobStatus, LostCreate, Sighting
from bot.providers.reading.complaints import failure_of, read_complaint
from bot.providers.reading.ids import read_id
from bot.providers.reading.outputs import film_url
from bot.providers.reading.statuses import read_status
from bot.providers.reading.verdicts import Verdicts
from bot.providers.send_window import made_when_sent
from bot.providers.spelling import signs_of

ServiceTask = Mapping[str, object]
"""A task as the service's JSON has it."""

MOST_CREDITS = 1_000_000_000

_WORDS = {"prompt", "shots"}
"""What an echo must tell to be recognised; the documents' own example leaves out a duration."""


def created_at(task: ServiceTask) -> datetime | None:
    """Return when the service made the task."""
    text = task.get("createdAt")
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def read_task(upstream_id: str, task: ServiceTask, verdicts: Verdicts) -> Sighting:
    """Return what a task object shows."""
    status = read_status(task.get("status"))
    failure, detail = _failure(status, task)
    return Sighting(
        upstream_id,
        status,
        word=verdicts.word(task.get("status")),
        result_url=film_url(task.get("output")) if status is JobStatus.DONE else None,
        charged=credits_charged(task),
        failure=failure,
        detail=verdicts.clean(detail) if detail else "",
    )


def credits_charged(task: ServiceTask) -> int | None:
    """Return what the service says it took and kept, in whole credits."""
    charged, refunded = task.get("creditsCharged"), task.get("creditsRefunded")
    if not _is_number(charged):
        return None
    return max(0, round(charged - (refunded if _is_number(refunded) else 0)))


def is_lost(task: ServiceTask, lost: LostCreate) -> bool:
    """Tell whether a listed task can be the one whose create was not answered.

    By its idempotency key where the service tells it; else by model, the text fields it echoes and
    the time. The picture is no sign: the service stores it and echoes another address.
    """
    if read_id(task.get("id")) in lost.claimed:
        return False
    key = task.get("idempotencyKey")
    if key is not None:
        return key == idempotency_key(lost.assignment)
    if not made_when_sent(created_at(task), lost.sent_at):
        return False
    return task.get("model") == lost.assignment.model.name and _same_input(task, lost.assignment)


def _same_input(task: ServiceTask, assignment: Assignment) -> bool:
    echo = task.get("input")
    if not isinstance(echo, Mapping):
        return False
    request = assignment.model.request
    words = [name for name, spelling in request.items() if spelling.source in _WORDS]
    signs = signs_of(assignment)
    if any((echo.get(name) or None) != signs.get(name) for name in words):
        return False
    told = {name: echo[name] for name in signs if echo.get(name) is not None}
    return all(str(value) == str(signs[name]) for name, value in told.items())


def _failure(status: JobStatus, task: ServiceTask) -> tuple[Failure | None, str]:
    if status is JobStatus.CANCELLED:
        return Failure.CANCELLED_UPSTREAM, ""
    if status is not JobStatus.FAILED:
        return None, ""
    complaint = read_complaint(task.get("output")) or read_complaint(task)
    return failure_of(complaint) or Failure.SERVICE_FAILED, complaint.words


def _is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value can be an amount of credits; NaN and fortunes are nonsense."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= MOST_CREDITS
