"""What shall happen to one job, said in advance; every field's default is the documented way.

Stands in for: luck. The numbers behind the fields are the behaviours of providers.md (d): "A" for
AI Video Maker, "B" for the OpenAI-style service; a field marked with one is ignored by the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from sandbox.services.actions import Action, Reply
from sandbox.services.life import Phase, Walk
from sandbox.services.pace import Pace

Refusal = Literal["content", "credits", "closed"]
"""Why a create is turned down: unsuitable prompt, empty balance, model no longer offered."""

WebhookStyle = Literal["on time", "twice", "early", "forged", "wrong id", "huge", "never"]
"""How the service calls back; "early" is before the create is answered."""

ContentStyle = Literal["bytes", "redirect", "json", "url in error"]
"""What `/content` answers: the film, a 302 to a signed link elsewhere, or a link in a document."""

OutputShape = Literal[
    "url", "videoUrl", "video_url", "video", "string", "array", "null", "relative", "metadata",
    "file", "foreign"
]  # fmt: skip
"""How a finished task's `output` is spelled (A18)."""


class _Absent:
    """Leaves a key out of a document."""


ABSENT = _Absent()
"""In `words` and `progress`: the key is missing altogether."""

COMPUTED = _Absent()
"""In `progress` and `error`: the honest value."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One job's fate.

    Attributes:
        task_id: the id it gets, for ids with a colon, a slash, 300 characters … (B20).
        pace: its own pace, instead of the service's.
        walk: its phases in full, for jumps and steps back (A14); wins over `pace`.
        fails: fails at the end, for this reason (A9, A16, B15).
        ends: the last phase, for a job that the service itself cancels.
        words: the status words written for some phases: synonyms, None, `ABSENT` (A15, B13).
        refuse: turn the create down; a `Reply` is sent as it is (A7, A9, B10).
        charge: (A) credits really charged, instead of the list price.
        film: the very bytes delivered, instead of a rendered film.
        film_bytes: pad the rendered film to exactly this many bytes.
        file: how the download misbehaves, for example `Reply(410)` or `Cut()` (A19, A20, B17).
        output: (A) how `output` spells the link; a function gets the link, returns the output.
        output_late: (A) `output` stays null for so many looks after COMPLETED (A17).
        details_late: (A) details still say PROGRESS for so many looks after that (A17).
        webhook: (A) when and how often the webhook is called (A25).
        trap: (B) queued with progress 50 and a filled `error`, as the document's sample (B9).
        minimal: (B) only `id`, `object` and `status` (B8).
        progress: (B) a fixed or absent progress (B14).
        error: (B) what stands in `error` once failed: a string, None, other keys (B15).
        content: (B) what `/content` answers (B16).
        content_late: (B) `/content` says 404 so many times after completed (B16).
        expires: (B) how long the film lives after creation; None: no `expires_at` (B19).
    """

    task_id: str | None = None
    pace: Pace | None = None
    walk: Walk | None = None
    fails: str | None = None
    ends: Phase = Phase.DONE
    words: Mapping[Phase, object] = field(default_factory=dict)
    refuse: Refusal | Reply | None = None
    charge: int | None = None
    film: bytes | None = None
    film_bytes: int | None = None
    file: Action | None = None
    output: OutputShape | Callable[[str], object] = "url"
    output_late: int = 0
    details_late: int = 0
    webhook: WebhookStyle = "on time"
    trap: bool = False
    minimal: bool = False
    progress: object = COMPUTED
    error: object = COMPUTED
    content: ContentStyle = "bytes"
    content_late: int = 0
    expires: timedelta | None = timedelta(hours=24)

    def steps(self, pace: Pace) -> Walk:
        """The walk to go, at `pace` unless the scenario says otherwise."""
        if self.walk is not None:
            return self.walk
        return (self.pace or pace).walk(Phase.FAILED if self.fails is not None else self.ends)
