"""Jobs as JSON: the document's optional fields, or OpenAI's full nullable resource.

Stands in for: the response schema of `apigo-openai-videos` and `VideoResource`. Its own sample is
a trap (pending, progress 50, `error` filled) and can be had with `Scenario(trap=True)`.
"""

from datetime import datetime

from sandbox.services.jobs import Job
from sandbox.services.life import Phase
from sandbox.services.openai_videos.dialects import Dialect
from sandbox.services.scenario import ABSENT, COMPUTED

_SAMPLE_ERROR = {"code": "<string>", "message": "<string>", "type": "<string>"}


def video(job: Job, now: datetime, dialect: Dialect) -> dict[str, object]:
    """Spell one job."""
    phase = job.life.phase(now)
    document = {
        "id": job.id,
        "object": "video",
        "created_at": int(job.create.at.timestamp()),
        "completed_at": int(job.life.since(now).timestamp()) if phase is Phase.DONE else None,
        "expires_at": _expires(job) if phase is Phase.DONE else None,
        "model": job.create.model,
        "status": job.scenario.words.get(phase, dialect.words[phase]),
        "progress": round(job.life.progress(now) * 100),
        **_said(job, dialect),
        "remixed_from_video_id": None,
        "error": _error(job, dialect) if phase in {Phase.FAILED, Phase.CANCELLED} else None,
    }
    return _bent(document, job, phase, dialect)


def _bent(
    document: dict[str, object], job: Job, phase: Phase, dialect: Dialect
) -> dict[str, object]:
    """Apply what the scenario and the dialect change in an honest document."""
    scenario = job.scenario
    if scenario.progress is not COMPUTED:
        document["progress"] = scenario.progress
    if scenario.trap and not phase.final:
        waiting = dialect.words[Phase.QUEUED]
        document |= {"status": waiting, "progress": 50, "error": _SAMPLE_ERROR}
    document = {name: value for name, value in document.items() if value is not ABSENT}
    if scenario.minimal:
        return {name: document[name] for name in ("id", "object", "status") if name in document}
    return document if dialect.full else _without_nulls(document)


def _without_nulls(document: dict[str, object]) -> dict[str, object]:
    """Leave out what there is nothing to say about; a null status is a scripted one."""
    return {
        name: value for name, value in document.items() if value is not None or name == "status"
    }


def _error(job: Job, dialect: Dialect) -> object:
    if job.scenario.error is not COMPUTED:
        return job.scenario.error
    error: dict[str, object] = {
        "code": 500 if dialect.integer_code else "processing_error",
        "message": job.reason or "The job was cancelled",
    }
    return {**error, "type": "server_error"} if dialect.error_type else error


def _said(job: Job, dialect: Dialect) -> dict[str, object]:
    return {name: text for name, text in job.said.items() if dialect.prompt or name != "prompt"}


def _expires(job: Job) -> int | None:
    lives = job.scenario.expires
    return None if lives is None else int((job.create.at + lives).timestamp())
