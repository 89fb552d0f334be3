"""Who speaks `/v1/videos` and how: the document's dialect, OpenAI's own, two self-hosted servers.

Stands in for: `apigo-openai-videos` ("strict"); OpenAI's last published description ("openai");
vLLM-Omni and early SGLang as providers.md B3 reports them ("vllm", "sglang", roughly).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandbox.services.life import Phase

_DOCUMENT_WORDS: Mapping[Phase, str] = {
    Phase.QUEUED: "pending",
    Phase.RUNNING: "in_progress",
    Phase.DONE: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "failed",
}
_OPENAI_WORDS = {**_DOCUMENT_WORDS, Phase.QUEUED: "queued"}
_DOCUMENT_SIZES = frozenset({"720x1280", "1280x720"})
_SECONDS = frozenset({"4", "8", "12"})


@dataclass(frozen=True)
class Dialect:
    """One way to speak the protocol; the defaults are the document's.

    Attributes:
        words: the status words; no dialect has one for "cancelled".
        sizes, seconds: what is allowed; None: any WxH, any positive number.
        closed: refuse fields that are not defined.
        model_required: whether `model` must be sent.
        multipart, json: which bodies are taken.
        needs_file: refuse a form without `input_reference` (early SGLang).
        prompt: whether a job repeats its prompt (the document's does not).
        full: write every field of the resource, null where there is nothing to say.
        lists: whether `GET /v1/videos` exists.
        deletes: whether DELETE exists, and whether it also aborts a running job.
        failed_status: the HTTP status of a GET of a failed job (vLLM: not 200).
        integer_code: whether `error.code` is a number.
        error_type: whether `error` has a `type`.
        envelope: how refusals are spelled: OpenAI's envelope, or FastAPI's `detail`.
    """

    words: Mapping[Phase, str] = field(default_factory=lambda: _DOCUMENT_WORDS)
    sizes: frozenset[str] | None = _DOCUMENT_SIZES
    seconds: frozenset[str] | None = _SECONDS
    closed: bool = True
    model_required: bool = True
    multipart: bool = True
    json: bool = False
    needs_file: bool = False
    prompt: bool = False
    full: bool = False
    lists: bool = False
    deletes: Literal["no", "finished", "any"] = "no"
    failed_status: int = 200
    integer_code: bool = False
    error_type: bool = True
    envelope: Literal["openai", "detail"] = "openai"


_SELF_HOSTED = Dialect(
    words=_OPENAI_WORDS,
    sizes=None,
    seconds=None,
    closed=False,
    model_required=False,
    prompt=True,
    lists=True,
    deletes="any",
    error_type=False,
    envelope="detail",
)

Mode = Literal["strict", "openai", "vllm", "sglang"]
"""The dialects by name."""

DIALECTS: Mapping[Mode, Dialect] = {
    "strict": Dialect(),
    "openai": Dialect(
        words=_OPENAI_WORDS,
        sizes=_DOCUMENT_SIZES | {"1024x1792", "1792x1024"},
        closed=False,
        model_required=False,
        json=True,
        prompt=True,
        full=True,
        lists=True,
        deletes="finished",
        error_type=False,
    ),
    "vllm": Dialect(**{**vars(_SELF_HOSTED), "failed_status": 500, "integer_code": True}),
    "sglang": Dialect(**{**vars(_SELF_HOSTED), "json": True, "needs_file": True}),
}
"""Each mode's dialect."""
