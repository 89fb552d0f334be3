"""Consent: whose picture it is may have the film taken down, and say no to the next one.

Beside the story, at any step of it. Writes the wish into the row at once; who has the task in hand
heeds it: the Poller asks the service to cancel, the Courier does not post, the Eraser removes what
is there already. Never talks to Discord or to a service.
"""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock
from bot.domain.order import Caller
from bot.domain.task import SETTLED, Task, TaskState
from bot.errors import Failure, Refusal, Refused
from bot.pipeline.cards import Cards
from bot.pipeline.desk import Desk
from bot.store import Changes, GuildStore, Store

STILL_COMING = timedelta(seconds=5)
"""So long after an upload broke off Discord may still make a message of it."""


class Consent:
    """Where a film is taken down, and where members say whether others may animate them."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        cards: Cards,
        clock: Clock,
        wake: Callable[[Task], None],
    ) -> None:
        """Take the parts; ``wake`` is called with a task that somebody should look after now."""
        self._store = store
        self._desk = desk
        self._cards = cards
        self._clock = clock
        self._wake = wake

    async def take_down(self, caller: Caller, task_id: str) -> Task:
        """Have a film taken down, in whatever state its task is; return the task as it is now.

        Whose picture it was and who manages messages may do so at any time. Its requester may once
        it is there; until then their way is to cancel it, with what that means for the credits.

        Raises:
            Refused: unknown, none of theirs, or (for the requester) too late to cancel.
        """
        async with self._store.write(caller.guild_id) as guild:
            task = await guild.task(task_id)
            if task is None:
                raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id)
            _expect_concerned(caller, task)
            if task.withdrawn:
                return task
            their_cancel = not _may_always(caller, task) and task.state not in SETTLED
            changed = task if their_cancel else await self._withdraw(guild, caller, task)
        if their_cancel:
            return (await self._desk.cancel(caller, task_id)).task
        await self._cards.refresh(changed)
        self._wake(changed)  # those behind it move up
        return changed

    async def _withdraw(self, guild: GuildStore, caller: Caller, task: Task) -> Task:
        now = self._clock.now()
        changes: Changes = {"withdrawn_by": caller.member_id, "withdrawn_at": now}
        if not task.ended:
            changes["cancel_asked_by"] = caller.member_id  # a service that can cancel is asked to
        if task.state is not TaskState.UNCONFIRMED:  # that one is searched for in its own time
            begun = task.state is TaskState.RENDERED and task.delivering_since is not None
            changes |= {"due_at": now + STILL_COMING if begun else None, "attempts": 0}
        changed = await guild.note(task.id, **changes)
        if task.state is TaskState.QUEUED:
            changed = await guild.move(
                task.id,
                TaskState.CANCELLED,
                now=now,
                failure=Failure.WITHDRAWN,
                flagged=task.in_doubt,  # a job that nobody waits for may have been paid for
            )
        return changed or task

    async def refuses(self, guild_id: int, member_id: int) -> bool:
        """Tell whether a member does not want others to animate their pictures in this server."""
        async with self._store.read(guild_id) as guild:
            return await guild.opt_outs.holds(member_id)

    async def choose(self, caller: Caller, *, refuse: bool) -> None:
        """Write down whether others may animate the caller's pictures in this server."""
        async with self._store.write(caller.guild_id) as guild:
            if refuse:
                await guild.opt_outs.add(caller.member_id, now=self._clock.now())
            else:
                await guild.opt_outs.remove(caller.member_id)


def _may_always(caller: Caller, task: Task) -> bool:
    return caller.manages_messages or caller.member_id == task.source_member_id


def _expect_concerned(caller: Caller, task: Task) -> None:
    if not _may_always(caller, task) and caller.member_id != task.member_id:
        raise Refused(Refusal.NOT_YOUR_PICTURE, task_id=task.id)
