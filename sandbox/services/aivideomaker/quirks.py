"""What the document leaves open, as switches; each default is the likeliest reading.

Stands in for: the open questions of providers.md A4 and (d). Change a field at any time:
`service.quirks.too_late = 200`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass
class Quirks:
    """The service's undocumented manners.

    Attributes:
        insufficient: an empty balance, as 402 JSON, 402 plain text or the envelope at 200.
        too_late: cancelling a task that already runs: 409, 400, or 200 with the status unchanged.
        retry_after: how a 429 says when to come back: seconds, an HTTP date, or not at all.
        error_codes: whether envelopes carry `errorCode`; False is the bare documented shape.
        idempotency: whether `Idempotency-Key` is honoured; None: in mode "live" only.
        list_cap: the list shows only the newest so many tasks; None: all.
        list_noise: entries put in the middle of the list as they are (malformed ones).
        history: so many finished tasks are listed behind all others, made up as they are sent.
        links: the origin of the links in a create's answer; None: this service's own.
        retention: how long a film can be fetched after completion.
    """

    insufficient: Literal["json", "text", "envelope"] = "json"
    too_late: Literal[409, 400, 200] = 409
    retry_after: Literal["seconds", "date", "none"] = "seconds"
    error_codes: bool = True
    idempotency: bool | None = None
    list_cap: int | None = None
    list_noise: tuple[object, ...] = ()
    history: int = 0
    links: str | None = None
    retention: timedelta = timedelta(hours=24)
