"""Looking behind the counter: what the Desk wrote down for a member."""

from bot.domain.order import Caller
from bot.domain.task import Task
from sandbox.discord import Member
from tests.discord_ui.house import House


def caller(member: Member) -> Caller:
    """Return a member as the Desk knows them."""
    return Caller(member.guild.id, member.id)


async def tasks_of(house: House, member: Member) -> list[Task]:
    """Return a member's tasks, newest first."""
    await house.settled()
    return await house.desk.recent(caller(member))


async def only_task(house: House, member: Member) -> Task:
    """Return a member's only task."""
    (task,) = await tasks_of(house, member)
    return task
