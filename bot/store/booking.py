"""What becomes of a task, in the ledger's words.

Serves ``GuildStore``: each move of a task is booked in the transaction that makes it. Never moves a
task and never decides whether an order fits.
"""

from datetime import datetime

from bot.domain.quota import Draw, LedgerKind
from bot.domain.task import RELEASED, SETTLED, Task, TaskState
from bot.errors import BrokenInvariant
from bot.store.ledger import Account, Ledger
from bot.store.quotas import Quotas


class Booking:
    """One guild's bookings inside one transaction."""

    def __init__(self, ledger: Ledger, quotas: Quotas) -> None:
        self._ledger = ledger
        self._quotas = quotas

    async def hold(self, task: Task, draw: Draw, now: datetime) -> None:
        """Book a new task."""
        if task.cost != draw.cost:
            raise BrokenInvariant(f"task {task.id} costs {task.cost}, not {draw.cost}")
        await self._ledger.hold(task, draw, now)

    async def state(self, task: Task, now: datetime) -> None:
        """Book the state that a task has just reached; most mean nothing."""
        if task.state in SETTLED:
            await self._ledger.settle(await self._account(task), now)
        elif task.state in RELEASED:
            actor_id = task.cancel_asked_by if task.state is TaskState.CANCELLED else None
            await self.release(task, now, actor_id=actor_id)

    async def release(self, task: Task, now: datetime, *, actor_id: int | None = None) -> None:
        """Book that a task's credits go back, all that are still held."""
        await self._ledger.release(await self._account(task), now, actor_id=actor_id)

    async def charge(self, task: Task, charged: int, now: datetime | None) -> None:
        """Let what the service charged replace what was held, unless that was given back.

        Without ``now`` an adjustment is dated as the hold.
        """
        account = await self._account(task)
        if charged == account.taken.cost or LedgerKind.RELEASE in account.kinds:
            return
        draw = await self._quotas.split(account, charged)
        await self._ledger.adjust(account, draw - account.taken, now or account.counted_at)

    async def _account(self, task: Task) -> Account:
        account = await self._ledger.account(task.id)
        if account is None:
            raise BrokenInvariant(f"task {task.id} has no hold")
        return account
