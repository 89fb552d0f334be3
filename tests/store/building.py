"""Parts that the store's tests build their cases from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.quota import Draw, Rule
from bot.domain.task import Task, TaskState, new_task_id
from bot.store import GuildStore

S = TaskState
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""
GUILD = 10**18 + 1
MEMBER = 2 * 10**18
ADMIN = 3 * 10**18

PATHS: dict[TaskState, tuple[TaskState, ...]] = {
    S.QUEUED: (),
    S.SENDING: (S.SENDING,),
    S.SUBMITTED: (S.SENDING, S.SUBMITTED),
    S.RUNNING: (S.SENDING, S.SUBMITTED, S.RUNNING),
    S.RENDERED: (S.SENDING, S.SUBMITTED, S.RENDERED),
    S.DELIVERED: (S.SENDING, S.SUBMITTED, S.RENDERED, S.DELIVERED),
    S.KEPT: (S.SENDING, S.SUBMITTED, S.RENDERED, S.KEPT),
    S.REFUSED: (S.SENDING, S.REFUSED),
    S.FAILED: (S.SENDING, S.SUBMITTED, S.FAILED),
    S.CANCELLED: (S.CANCELLED,),
    S.EXPIRED: (S.SENDING, S.SUBMITTED, S.EXPIRED),
    S.UNCONFIRMED: (S.SENDING, S.UNCONFIRMED),
}
"""How a new task gets to each state."""


def make_task(**changes: Any) -> Task:
    """Return a new task of 5 credits with an id and an order of its own."""
    task_id = new_task_id()
    fields: dict[str, Any] = {
        "guild_id": GUILD,
        "id": task_id,
        "order_key": f"interaction:{task_id}",
        "channel_id": 4 * 10**18,
        "member_id": MEMBER,
        "model": "t2v",
        "provider": "aivideomaker",
        "door": "text",
        "prompts": ("a cat on a surfboard",),
        "aspect": "16:9",
        "duration": timedelta(seconds=5),
        "cost": 5,
        "state": S.QUEUED,
        "created_at": NOW,
    }
    return Task(**{**fields, **changes})


def make_rule(subject: str, credits: int | None, **changes: Any) -> Rule:
    """Return a rule that an admin has just set."""
    fields: dict[str, Any] = {"subject_id": 0, "period": None, "actor_id": ADMIN, "at": NOW}
    return Rule(subject=subject, credits=credits, **{**fields, **changes})


async def place(
    guild: GuildStore, state: TaskState = S.QUEUED, *, now: datetime = NOW, **changes: Any
) -> Task:
    """Record a task and lead it to ``state``."""
    task = make_task(guild_id=guild.guild_id, **{"created_at": now, **changes})
    await guild.add(task, Draw(task.cost, 0, 0), now=now)
    for step in PATHS[state]:
        moved = await guild.move(task.id, step, now=now)
        assert moved is not None
        task = moved
    return task
