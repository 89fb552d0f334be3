"""What one look reads from AI Video Maker's list, and what it asks for by id: whichever costs less.

Serves the look (step 4) of ``aivideomaker_look.py``. Pure: no query, no memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from operator import attrgetter

from bot.providers.base import Job

STRAGGLER = timedelta(minutes=45)
"""From this age on a job is asked by id: the list need not be read that far back."""

TURN_IN_BYTES = 512 * 1024
"""What a query costs beside the bytes it brings. A turn comes every 1.1 s, and all other jobs wait
for it; in that time even a modest line of 4 Mbit/s brings so many bytes."""

BY_ID_A_LOOK = 3
"""Queries by id in one look at most, so that it ends within seconds: the next one may be more
urgent, and what was not asked is still due."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the due jobs are looked for."""

    listed: Sequence[Job] = ()
    """In the list, which is read back to the oldest of them."""
    by_id: Sequence[Job] = ()
    """By their ids. Jobs in neither are stragglers: by id too, where there is room."""


def choose(due: Sequence[Job], now: datetime, bytes_to: Callable[[datetime], int]) -> Choice:
    """Return the cheapest way to look for the jobs that are due.

    Args:
        due: the jobs, in any order.
        now: this instant.
        bytes_to: tells how many bytes of the list reach back to an instant.
    """
    recent = [job for job in due if now - job.submitted_at < STRAGGLER]
    oldest = nsmallest(BY_ID_A_LOOK + 1, recent, key=attrgetter("submitted_at"))

    def price(by_id: int) -> int:
        """Return what it costs to ask for so many of the oldest by id and to list the others."""
        price_of_ids = by_id * TURN_IN_BYTES
        if by_id == len(recent):
            return price_of_ids
        return price_of_ids + TURN_IN_BYTES + bytes_to(oldest[by_id].submitted_at)

    by_id = min(range(min(len(recent), BY_ID_A_LOOK) + 1), key=price)
    asked = {job.upstream_id for job in oldest[:by_id]}
    listed = [job for job in recent if job.upstream_id not in asked]
    if len(listed) == 1:
        listed = []
    chosen = [job for job in recent if job.upstream_id in asked or not listed]
    return Choice(listed, chosen)
