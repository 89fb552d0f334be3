"""What cancelling a task means, by where it stands.

Part of step 2, inside the Desk's transaction: what was not sent is cancelled at once; of what was,
the wish is written down for the Poller to carry out. Never asks a service, and never decides whose
task it is.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.task import ENDED, Task, TaskState
from bot.errors import Failure, Refusal, Refused
from bot.providers.base import Provider
from bot.store import GuildStore


async def cancel(
    guild: GuildStore, providers: Mapping[str, Provider], task_id: str, *, by: int, now: datetime
) -> Task:
    """Cancel a task, or write down that ``by`` wants it; return the task as it is then.

    Raises:
        Refused: unknown, ended, too late, or its service has no cancel.
    """
    task = await guild.task(task_id)
    if task is not None and task.state is TaskState.QUEUED and not task.in_doubt:
        task = await guild.move(
            task_id,
            TaskState.CANCELLED,
            now=now,
            failure=Failure.BY_MEMBER,
            cancel_asked_by=by,
        )
    elif task is not None and task.state is TaskState.SUBMITTED:
        provider = providers.get(task.provider)
        if provider is None or not provider.can_cancel:
            raise Refused(Refusal.CANNOT_CANCEL, task_id=task_id)
        task = await guild.note(task_id, cancel_asked_by=by)
    elif task is not None:
        raise _no_longer_cancelled(task)
    if task is None:
        raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id)
    return task


def _no_longer_cancelled(task: Task) -> Refused:
    """Return why a task is past cancelling, or not yet there again."""
    if task.shown_state in ENDED:
        return Refused(Refusal.ALREADY_ENDED, task_id=task.id, state=task.shown_state.value)
    if task.state is TaskState.UNCONFIRMED or task.in_doubt:
        return Refused(Refusal.NOT_KNOWN_YET, task_id=task.id)
    return Refused(Refusal.TOO_LATE, task_id=task.id)
