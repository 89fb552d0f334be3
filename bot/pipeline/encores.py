"""What an encore begins with: an earlier task, if something may still be made from it.

Step 1 of the story for the buttons below films and failure cards: asked before a form opens, so
that nobody types in vain. Never decides for good: the Desk asks again when it takes the order.
"""

from bot.domain.encore import picture_owner
from bot.domain.order import Caller
from bot.domain.task import Task
from bot.errors import Refusal, Refused
from bot.store import Store


class Encores:
    """Looks up earlier tasks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def task(self, caller: Caller, task_id: str) -> Task:
        """Return the task that a member wants more of.

        Raises:
            Refused: unknown in this server, taken down, or made from a picture of somebody who does
                not want others to animate it.
        """
        async with self._store.read(caller.guild_id) as guild:
            task = await guild.task(task_id)
            if task is None:
                raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id)
            owner = picture_owner(task, caller.member_id)
            if owner is not None and await guild.opt_outs.holds(owner):
                raise Refused(Refusal.OPTED_OUT)
        if task.withdrawn:
            raise Refused(Refusal.TAKEN_DOWN, task_id=task.id)
        return task
