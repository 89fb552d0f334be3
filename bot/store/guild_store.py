"""One guild's tasks and credits, inside one transaction.

Serves every step of the story: the only way to add a task or to move it, and what a move means in
the ledger is written in the same transaction. Never reaches another guild's rows: every statement
is bound to ``guild_id``.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Unpack

from sqlalchemy import Executable

from bot.domain.quota import Draw, LedgerEntry, LedgerKind, Rule, Standing
from bot.domain.task import ENDED, Task, TaskState, may_move
from bot.errors import BrokenInvariant, Failure
from bot.store.booking import Booking
from bot.store.drafts import Drafts
from bot.store.engine import Transaction
from bot.store.ledger import Ledger
from bot.store.opt_outs import OptOuts
from bot.store.quotas import Quotas
from bot.store.task_rows import Changes
from bot.store.task_table import CARDLESS, LOST, TaskTable, standing_in

STAMPS = {
    TaskState.SENDING: "sending_at",
    TaskState.SUBMITTED: "submitted_at",
    TaskState.RENDERED: "rendered_at",
}
"""The column that remembers when a state was reached, unless the caller knows better."""


class GuildStore:
    """Bound to one guild and one transaction; ends with it."""

    def __init__(self, transaction: Transaction, guild_id: int, default_credits: int) -> None:
        self.guild_id = guild_id
        self.drafts = Drafts(transaction, guild_id)
        self.opt_outs = OptOuts(transaction, guild_id)
        self._tasks = TaskTable(transaction, guild_id)
        self._ledger = Ledger(transaction, guild_id)
        self._quotas = Quotas(transaction, guild_id, default_credits)
        self._booking = Booking(self._ledger, self._quotas)

    # Tasks

    @property
    def written(self) -> list[Task]:
        """Every task row that this transaction wrote, as it then was, in their order."""
        return self._tasks.written

    async def add(self, task: Task, draw: Draw, *, now: datetime) -> None:
        """Record a new ``QUEUED`` task together with its hold.

        Raises:
            BrokenInvariant: another guild's task, a state other than ``QUEUED``, a draw of another
                cost, or an order that is already recorded.
        """
        if (task.guild_id, task.state) != (self.guild_id, TaskState.QUEUED):
            raise BrokenInvariant(f"task {task.id} is no new task of guild {self.guild_id}")
        await self._tasks.add(task)
        await self._booking.hold(task, draw, now)

    async def task(self, task_id: str) -> Task | None:
        """Return a task by its id."""
        return await self._tasks.by_id(task_id)

    async def task_by_order(self, order_key: str) -> Task | None:
        """Return the task that an order has already become."""
        return await self._tasks.by_order(order_key)

    async def task_by_card(self, message_id: int) -> Task | None:
        """Return the task whose card is this message."""
        return await self._tasks.by_card(message_id)

    async def tasks_of(self, member_id: int | None, *, limit: int) -> list[Task]:
        """Return a member's tasks, or (``None``) everybody's, newest first."""
        return await self._tasks.newest(member_id, limit)

    async def move(
        self,
        task_id: str,
        to: TaskState,
        *,
        now: datetime,
        start: TaskState | None = None,
        **changes: Unpack[Changes],
    ) -> Task | None:
        """Move a task to ``to`` if it stands where that is legal, with its meaning in the ledger.

        With ``start`` it must stand exactly there: a move meant for a waiting task does not hit one
        that is already running.

        ``changes`` are written with it. By itself a move only sets ``sending_at``, ``submitted_at``
        or ``rendered_at`` where ``changes`` does not, sets ``ended_at`` (or clears it, when a task
        that was written off goes on), clears ``failure``, and flags what has ``EXPIRED``;
        ``due_at`` and ``attempts`` stay as they are.

        Returns:
            The task as it is now; ``None`` where it was elsewhere: another worker was first.
        """
        starts = {state for state in TaskState if may_move(state, to) and start in (None, state)}
        return await self._move(task_id, to, now, changes, standing_in(frozenset(starts)))

    async def cancel_cardless(
        self, task_id: str, *, now: datetime, failure: Failure
    ) -> Task | None:
        """Cancel a task that waits and has no card, in one step: a card may appear meanwhile.

        Returns:
            The task as it is now; ``None`` where it has a card or waits no more.
        """
        return await self._move(task_id, TaskState.CANCELLED, now, {"failure": failure}, CARDLESS)

    async def note(
        self, task_id: str, *, now: datetime | None = None, **changes: Unpack[Changes]
    ) -> Task | None:
        """Write columns that are no state; ``charged`` also adjusts the ledger, at ``now``.

        Returns:
            The task as it is now; ``None`` where there is no such task.
        """
        if not changes:
            return await self.task(task_id)
        task = await self._tasks.change(task_id, changes)
        if task is not None:
            await self._charge(task, changes, now)
        return task

    async def write_off(self, task_id: str, *, now: datetime, failure: Failure) -> Task | None:
        """Give up on an ``UNCONFIRMED`` task: its credits go back, the operator is told.

        It stays ``UNCONFIRMED``: should its job turn up after all, it goes on and settles at 0.

        Returns:
            The task as it is now; ``None`` where it was elsewhere or already written off.
        """
        values = {"flagged": True, "failure": failure, "ended_at": now}
        task = await self._tasks.change(task_id, values, LOST)
        if task is not None:
            await self._booking.release(task, now)
        return task

    # Credits

    async def standing(
        self, member_id: int, role_ids: Collection[int], *, now: datetime
    ) -> Standing:
        """Return where a member with these roles stands at ``now``."""
        return await self._quotas.standing(member_id, role_ids, now=now)

    async def rules(self) -> list[Rule]:
        """Return the present rule of each subject; a cleared one is none.

        The server's rule stays while either its credits or its period is set.
        """
        return await self._quotas.rules()

    async def set_rule(self, rule: Rule) -> None:
        """Set, replace or (credits ``None``) clear the rule of a subject."""
        await self._quotas.set_rule(rule)

    async def grant(
        self,
        *,
        credits: int,
        member_id: int | None,
        actor_id: int,
        now: datetime,
    ) -> None:
        """Give credits that outlive periods to a member's limit, or (``None``) to the pool.

        Negative ``credits`` take back.
        """
        await self._ledger.grant(credits, member_id, actor_id, now)

    async def granted(self, member_id: int | None) -> int:
        """Return what is left of all grants to a member, or (``None``) to the pool."""
        return await self._quotas.granted(member_id)

    async def history(
        self, *, limit: int, without: Collection[LedgerKind] = ()
    ) -> list[LedgerEntry]:
        """Return the guild's ledger rows, newest first, but none of the kinds ``without``."""
        return await self._ledger.entries(limit=limit, without=without)

    async def ledger_of(self, task_id: str, *, limit: int = 100) -> list[LedgerEntry]:
        """Return a task's ledger rows, oldest first."""
        return (await self._ledger.entries(task_id=task_id, limit=limit))[::-1]

    # Within

    async def _move(
        self,
        task_id: str,
        to: TaskState,
        now: datetime,
        changes: Changes,
        where: Executable,
    ) -> Task | None:
        values: dict[str, object] = {"failure": None, **changes, "state": to}
        values["ended_at"] = now if to in ENDED else None
        if to in STAMPS:
            values.setdefault(STAMPS[to], now)
        if to is TaskState.EXPIRED:
            values.setdefault("flagged", True)
        task = await self._tasks.change(task_id, values, where)
        if task is not None:
            await self._charge(task, changes, now)
            await self._booking.state(task, now)
        return task

    async def _charge(self, task: Task, changes: Changes, now: datetime | None) -> None:
        charged = changes.get("charged")
        if charged is not None:
            await self._booking.charge(task, charged, now)
