"""Fates a person can type: a marker anywhere in the prompt, as in `a red kite [fail]`.

| Marker     | AI Video Maker                            | OpenAI-style service                    |
|------------|-------------------------------------------|-----------------------------------------|
| `[fast]`   | done at once                              | done at once                            |
| `[slow]`   | 10 s in the queue, then 50 s of work      | the same                                |
| `[queue]`  | 60 s in the queue: time to cancel         | the same                                |
| `[fail]`   | FAILED, credits refunded                  | failed, with code and message           |
| `[cancel]` | the service cancels it: CANCEL, refunded  | failed (it has no such state)           |
| `[reject]` | create: 422, content refused              | create: 400 moderation_blocked          |
| `[broke]`  | create: insufficient credits              | create: 429 insufficient_quota          |
| `[closed]` | create: 400 INVALID_MODEL                 | create: 404 model_not_found             |
| `[big]`    | a film of 12,000,000 bytes                | the same                                |
| `[gone]`   | the film's link answers 404               | `/content` answers 404                  |
| `[late]`   | output null for 2 looks after COMPLETED   | `/content` 404 twice after completed    |
| `[trap]`   | nothing                                   | pending, progress 50, `error` filled    |

Several may be combined; upper case is as good. Markers never appear in the film.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.services.actions import Reply
from sandbox.services.life import Phase
from sandbox.services.pace import Pace
from sandbox.services.scenario import Scenario

MARKERS: dict[str, dict[str, Any]] = {
    "fast": {"pace": Pace(timedelta(0), timedelta(0))},
    "slow": {"pace": Pace(timedelta(seconds=10), timedelta(seconds=50))},
    "queue": {"pace": Pace(timedelta(seconds=60), timedelta(seconds=2))},
    "fail": {"fails": "The model could not render this prompt"},
    "cancel": {"ends": Phase.CANCELLED},
    "reject": {"refuse": "content"},
    "broke": {"refuse": "credits"},
    "closed": {"refuse": "closed"},
    "big": {"film_bytes": 12_000_000},
    "gone": {"file": Reply(404, "<Error><Code>NoSuchKey</Code></Error>")},
    "late": {"output_late": 2, "content_late": 2},
    "trap": {"trap": True},
}
"""What each marker changes in a scenario."""

_MARKER = re.compile(r"\[([a-z]+)\]", re.IGNORECASE)


def marked(prompt: str) -> Scenario:
    """The fate a prompt asks for; the documented way where it holds no marker."""
    scenario = Scenario()
    for name in _MARKER.findall(prompt):
        scenario = replace(scenario, **MARKERS.get(name.lower(), {}))
    return scenario
