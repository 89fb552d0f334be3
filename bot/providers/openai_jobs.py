"""The job objects of the OpenAI-style dialect: read into sightings, and recognised when lost.

Serves ``openai_videos.py`` (steps 3 to 5). Only ``status`` decides: the document's own sample is
``pending`` with a progress of 50 and a filled ``error``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.errors import Failure
from bot.providers.base import JobStatus, LostCreate, Sighting
from bot.providers.reading.answers import Answer
from bot.providers.reading.complaints import failure_of, read_complaint
from bot.providers.reading.ids import read_id
from bot.providers.reading.outputs import film_url_of_job
from bot.providers.reading.statuses import read_status
from bot.providers.reading.verdicts import Verdicts
from bot.providers.send_window import made_when_sent
from bot.providers.spelling import Field, signs_of

ServiceJob = Mapping[str, object]
"""A job as the service's JSON has it."""

_FAILURES = {
    JobStatus.CANCELLED: Failure.CANCELLED_UPSTREAM,
    JobStatus.EXPIRED: Failure.RESULT_GONE,
}


def is_job(answer: Answer) -> bool:
    """Tell whether an answer is a job, whatever its status code.

    vLLM-Omni answers the question for a failed job with an error code and the job as its body.
    """
    job = answer.document
    if job is None:
        return False
    named = job.get("id") is not None and read_status(job.get("status")) is not JobStatus.UNKNOWN
    return named or (answer.good and "status" in job)


def read_job(upstream_id: str, job: ServiceJob, verdicts: Verdicts) -> Sighting:
    """Return what a job object shows."""
    status = read_status(job.get("status"))
    failure, detail = _FAILURES.get(status), ""
    if status is JobStatus.FAILED:
        complaint = read_complaint({"error": job.get("error")})
        failure = failure_of(complaint) or Failure.SERVICE_FAILED
        detail = complaint.words or complaint.code
    return Sighting(
        upstream_id,
        status,
        word=verdicts.word(job.get("status")),
        progress=_progress(job.get("progress")) if status is JobStatus.RUNNING else None,
        result_url=film_url_of_job(job) if status is JobStatus.DONE else None,
        failure=failure,
        detail=verdicts.clean(detail) if detail else "",
    )


def is_lost(job: ServiceJob, lost: LostCreate) -> bool:
    """Tell whether a listed job can be the one whose create was not answered.

    The prompt must be told and be the same: a gateway may list the jobs of others.
    """
    if not made_when_sent(created_at(job), lost.sent_at):
        return False
    if read_id(job.get("id")) in lost.claimed:
        return False
    if job.get("model") != lost.assignment.model.name:
        return False
    sent = signs_of(lost.assignment)
    if not sent.get("prompt") or job.get("prompt") != sent["prompt"]:
        return False
    return all(_same(job.get(name), sent.get(name)) for name in ("size", "seconds"))


def created_at(job: ServiceJob) -> datetime | None:
    """Return when the service made the job."""
    stamp = job.get("created_at")
    if not isinstance(stamp, int | float) or isinstance(stamp, bool):
        return None
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _same(told: object, sent: Field | None) -> bool:
    return told is None or sent is None or str(told) == str(sent)


def _progress(value: object) -> int | None:
    text = str(value).strip().removesuffix("%")
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if 0 <= number <= 100 else None  # noqa: PLR2004 - per cent
