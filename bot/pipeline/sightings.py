"""What a look showed of one task, and what follows from it: a move, a note, or nothing.

Serves step 4. Never asks a service, and never asks for a card edit unless something a person can
see has changed.
"""

from collections.abc import Callable
from typing import Unpack

from bot.clock import Clock
from bot.domain.task import TaskState
from bot.errors import Failure
from bot.pipeline.moves import Moves
from bot.providers.base import JobStatus, Sighting
from bot.store import Changes, Watched

UNDER_WAY = frozenset({JobStatus.WAITING, JobStatus.RUNNING, JobStatus.UNKNOWN})


def ends(sighting: Sighting) -> bool:
    """Tell whether the service has no more work to do."""
    return sighting.status not in UNDER_WAY


def is_news(row: Watched, sighting: Sighting) -> bool:
    """Tell whether a sighting shows anything that the row does not say."""
    if sighting.status not in UNDER_WAY:
        return True
    if sighting.charged is not None and sighting.charged != row.charged:
        return True
    if sighting.status is not JobStatus.RUNNING:
        return False
    begun = row.state is TaskState.SUBMITTED
    return begun or (sighting.progress is not None and sighting.progress != row.progress)


class Sightings:
    """Writes down what was seen, and wakes who goes on from there."""

    def __init__(
        self,
        moves: Moves,
        clock: Clock,
        *,
        wake_courier: Callable[[], None],
        wake_submitter: Callable[[], None],
    ) -> None:
        self._moves = moves
        self._clock = clock
        self._wake_courier = wake_courier
        self._wake_submitter = wake_submitter

    async def apply(self, row: Watched, sighting: Sighting) -> bool:
        """Do what follows; ``False``: the task was elsewhere, another worker was first.

        Raises:
            StoreUnavailable: nothing was written down; what was seen will be seen again.
        """
        changes: Changes = {}
        if sighting.charged is not None and sighting.charged != row.charged:
            changes["charged"] = sighting.charged
        match sighting.status:
            case JobStatus.DONE:
                return await self._rendered(row, sighting, changes)
            case JobStatus.FAILED:
                return await self._failed(row, sighting, changes)
            case JobStatus.CANCELLED:
                by_member = row.cancel_asked
                changes["failure"] = Failure.BY_MEMBER if by_member else Failure.CANCELLED_UPSTREAM
                return await self._ended(row, TaskState.CANCELLED, **changes)
            case JobStatus.EXPIRED:
                changes["failure"] = sighting.failure or Failure.RESULT_GONE
                return await self._ended(row, TaskState.EXPIRED, **changes)
            case JobStatus.RUNNING:
                return await self._running(row, sighting, changes)
            case JobStatus.WAITING | JobStatus.UNKNOWN:
                return await self._note(row, changes)

    async def _rendered(self, row: Watched, sighting: Sighting, changes: Changes) -> bool:
        changes["result_url"] = sighting.result_url
        changes["rendered_at"] = self._clock.now()
        moved = await self._ended(row, TaskState.RENDERED, **changes)
        self._wake_courier()
        return moved

    async def _failed(self, row: Watched, sighting: Sighting, changes: Changes) -> bool:
        failure = sighting.failure or Failure.SERVICE_FAILED
        changes["detail"] = sighting.detail or None
        changes["flagged"] = failure in (Failure.FORGOTTEN, Failure.NO_OUTPUT)
        changes["failure"] = failure
        return await self._ended(row, TaskState.FAILED, **changes)

    async def _ended(self, row: Watched, to: TaskState, **changes: Unpack[Changes]) -> bool:
        moved = await self._moves.move(row, to, **changes)
        if moved is not None:
            self._wake_submitter()  # a place upstream is free
        return moved is not None

    async def _running(self, row: Watched, sighting: Sighting, changes: Changes) -> bool:
        if sighting.progress is not None and sighting.progress != row.progress:
            changes["progress"] = sighting.progress
        if row.state is TaskState.SUBMITTED:
            return await self._moves.move(row, TaskState.RUNNING, **changes) is not None
        return await self._note(row, changes)

    async def _note(self, row: Watched, changes: Changes) -> bool:
        return not changes or await self._moves.note_and_show(row, **changes) is not None
