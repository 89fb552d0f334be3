"""Tasks as JSON: the documented seven fields, and in mode "live" the four the service adds.

Stands in for: the response examples of "List tasks" and "Get task details". It never invents a
progress; the service has none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sandbox.services.aivideomaker.accounts import charged, refunded
from sandbox.services.clock import iso
from sandbox.services.jobs import Job
from sandbox.services.life import Phase
from sandbox.services.scenario import ABSENT, OutputShape

WORDS: Mapping[Phase, str] = {
    Phase.QUEUED: "SUBMITTED",
    Phase.RUNNING: "PROGRESS",
    Phase.DONE: "COMPLETED",
    Phase.FAILED: "FAILED",
    Phase.CANCELLED: "CANCEL",
}
"""The document's task status values."""

OUTPUTS: Mapping[OutputShape, Callable[[str], object]] = {
    "url": lambda link: {"url": link},
    "videoUrl": lambda link: {"videoUrl": link},
    "video_url": lambda link: {"video_url": link},
    "video": lambda link: {"video": link},
    "string": lambda link: link,
    "array": lambda link: [link],
    "null": lambda _: {"url": None},
    "relative": lambda link: {"url": "/" + link.split("/", 3)[3]},
    "metadata": lambda _: {"url": "http://169.254.169.254/latest/meta-data/"},
    "file": lambda _: {"url": "file:///etc/passwd"},
    "foreign": lambda _: {"url": "https://cdn.example.invalid/film.mp4"},
}
"""How `output` can spell a link."""


def task(job: Job, now: datetime, link: str, *, live: bool) -> dict[str, object]:
    """Spell one task; this is a look, and late details come closer with each."""
    phase = _shown(job, now)
    ended = iso(job.life.since(now)) if phase.final else None
    document = {
        "id": job.id,
        "createdAt": iso(job.create.at),
        "model": job.create.model,
        "input": job.said,
        "output": _output(job, phase, link),
        **status(job, phase),
        "completedAt": ended,
    }
    return {**document, **_extras(job, now)} if live else document


def status(job: Job, phase: Phase) -> dict[str, object]:
    """Spell a phase, in the words the scenario wants; {} where the word is to be absent."""
    word = job.scenario.words.get(phase, WORDS[phase])
    return {} if word is ABSENT else {"status": word}


def _shown(job: Job, now: datetime) -> Phase:
    phase = job.life.phase(now)
    if phase is Phase.DONE and job.still_late("details", job.scenario.details_late):
        return Phase.RUNNING
    return phase


def _output(job: Job, phase: Phase, link: str) -> object:
    if phase is Phase.FAILED:
        return {"error": job.reason}
    if phase is not Phase.DONE or job.still_late("output", job.scenario.output_late):
        return None
    shape = job.scenario.output
    return OUTPUTS[shape](link) if isinstance(shape, str) else shape(link)


def _extras(job: Job, now: datetime) -> dict[str, object]:
    taken, back = charged(job), refunded(job, now)
    return {
        "creditsCharged": taken,
        "creditsRefunded": back,
        "listValueCents": taken - back,
        "idempotencyKey": job.create.headers.get("Idempotency-Key"),
    }
