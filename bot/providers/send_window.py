"""When a job must have been made to be the one whose create was not answered.

Serves Recovery's search (step 3). Never decides alone: the job's words must match as well.
"""

from datetime import datetime, timedelta

EARLIER = timedelta(minutes=2)
"""How much earlier than sent a job may seem to be made: clocks differ."""
LATER = timedelta(minutes=5)
"""How much later it may be made: a create may take its time."""


def made_when_sent(made: datetime | None, sent_at: datetime) -> bool:
    """Tell whether a job made at ``made`` can come from a create sent at ``sent_at``."""
    return made is not None and sent_at - EARLIER <= made <= sent_at + LATER
