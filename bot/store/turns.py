"""The line in front of a provider: who is next, worked out from the rows in one statement.

Serves the Submitter (step 3) and the places on the cards; the rule is told in ``domain/turns.py``.
Nothing is remembered between two questions, so nothing can drift, and a restart changes nobody's
place. Never moves a task.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from bot.domain.task import UPSTREAM, Task, TaskState
from bot.domain.turns import HEAD_START, TURN_COUNTS, Place
from bot.store.columns import Earlier, Instant
from bot.store.questions import UNENDED, Questions, t
from bot.store.schema import tasks
from bot.store.task_rows import task_from

_PLACE = ("number", "members", "own", "elsewhere")


@dataclass(frozen=True, slots=True)
class InLine:
    """A waiting task and its place."""

    task: Task
    place: Place


class Turns(Questions):
    """Asks for the order in which tasks are sent."""

    async def queued(self, provider: str, *, now: datetime, limit: int) -> list[Task]:
        """Return the tasks that may be sent now, card stored and due, in the order of the line."""
        return await self._read(_queued(), {**_values(provider, now), "limit": limit})

    async def places(self, provider: str, *, now: datetime, first: int, last: int) -> list[InLine]:
        """Return who stands at the places ``first`` to ``last``, both included, next one first."""
        return await self._standing(
            _places(), {**_values(provider, now), "first": first, "last": last}
        )

    async def place(self, task: Task, *, now: datetime) -> Place | None:
        """Return a task's place; ``None``: it does not wait any more."""
        found = await self._standing(_place(), {**_values(task.provider, now), "id": task.id})
        return found[0].place if found else None

    async def waiting(self, provider: str) -> int:
        """Count all tasks that wait for ``provider``."""
        query = select(func.count()).where(t.state == TaskState.QUEUED, t.provider == provider)
        async with self._database.reading() as transaction:
            count: int = (await transaction.execute(query)).scalar_one()
        return count

    async def _standing(self, query: Select[Any], values: dict[str, object]) -> list[InLine]:
        async with self._database.reading() as transaction:
            rows = await transaction.execute(query, values)
            split = len(tasks.columns)
            return [InLine(task_from(row[:split]), Place(*row[split:])) for row in rows]


# The statements are long and asked often: each is put together once, its values left open.

PROVIDER, NOW = bindparam("provider", type_=Text), bindparam("now", type_=Instant())
COUNTED_FROM = bindparam("counted_from", type_=Instant())


def _values(provider: str, now: datetime) -> dict[str, object]:
    return {"provider": provider, "now": now, "counted_from": now - TURN_COUNTS}


@cache
def _queued() -> Select[Any]:
    is_due = or_(t.due_at.is_(None), t.due_at <= NOW)
    line = _line(t.card_message_id.is_not(None), is_due)
    return _tasks_in(line).order_by(line.c.number).limit(bindparam("limit", type_=Integer))


@cache
def _places() -> Select[Any]:
    line = _line()
    first, last = (bindparam(name, type_=Integer) for name in ("first", "last"))
    return _with_places(line).where(line.c.number.between(first, last)).order_by(line.c.number)


@cache
def _place() -> Select[Any]:
    line = _line()
    return _with_places(line).where(line.c.id == bindparam("id", type_=Text))


def _with_places(line: Subquery) -> Select[Any]:
    return _tasks_in(line).add_columns(*(line.c[name] for name in _PLACE))


def _tasks_in(line: Subquery) -> Select[Any]:
    same = and_(t.guild_id == line.c.guild_id, t.id == line.c.id)
    return select(tasks).join_from(line, tasks, same)


def _line(*where: ColumnElement[bool]) -> Subquery:
    """Return the line of those waiting tasks: guild, id, and the columns of ``_PLACE``.

    There is no join in it: what holds for a whole member or server is looked up at the first of
    their tasks and spread over the others. SQLite would compare each task with each member.
    """
    own = _own_lines(*where)
    members = _with_turns(own, "guild_id", "member_id")
    servers = _with_turns(_server_lines(members), "guild_id")
    c = servers.c
    order = (c.turns + c.older, c.older, c.since, c.guild_id)
    number = func.row_number().over(order_by=order)
    elsewhere = number - 1 - c.older
    return select(
        *(c.guild_id, c.id, c.members, c.own),
        *(number.label("number"), elsewhere.label("elsewhere")),
    ).subquery("line")


def _own_lines(*where: ColumnElement[bool]) -> Subquery:
    """Return the waiting tasks, each with how many of its member's own come before it."""
    before = func.row_number().over(
        partition_by=(t.guild_id, t.member_id), order_by=(t.created_at, t.id)
    )
    came = t.created_at.label("came")
    return (
        select(t.guild_id, t.member_id, t.id, came, (before - 1).label("older"))
        .where(t.state == TaskState.QUEUED, t.provider == PROVIDER, *where)
        .subquery("own")
    )


def _server_lines(members: Subquery) -> Subquery:
    """Return them, each with what comes before it in its own server's line."""
    c = members.c
    own = c.turns + c.older
    order = (own, c.older, c.since, c.member_id)
    line: dict[str, Any] = {"partition_by": c.guild_id, "order_by": order}
    # Others are counted once, at the first of their tasks; the member themselves is not another.
    begun = func.sum(case((c.older == 0, 1), else_=0)).over(**line)
    came = func.min(c.came).over(partition_by=c.guild_id)
    return select(
        *(c.guild_id, c.id, came.label("came"), own.label("own"), (begun - 1).label("members")),
        (func.row_number().over(**line) - 1).label("older"),
    ).subquery("server_lines")


def _with_turns(lines: Subquery, *whose: str) -> Subquery:
    """Return the tasks with ``turns`` and ``since`` of whose they are.

    ``lines`` has with each task its index, ``older``, and with the first one since when its owners
    stand there, ``came``.
    """
    theirs = [t.provider == PROVIDER, *(t[name] == lines.c[name] for name in whose)]
    taken = select(func.count()).where(
        *theirs, t.sending_at > COUNTED_FROM, t.state.in_(UPSTREAM), UNENDED
    )
    served = select(func.max(t.sending_at)).where(*theirs, t.sending_at.is_not(None))
    looked_up = select(
        lines,
        _at_first(lines, taken.scalar_subquery().correlate(lines)).label("taken"),
        _at_first(lines, served.scalar_subquery().correlate(lines)).label("served"),
        _at_first(lines, Earlier(lines.c.came, HEAD_START)).label("counted_from"),
    ).subquery()
    c = looked_up.c
    since = case((c.served > c.counted_from, c.served), else_=c.counted_from)
    whole: dict[str, Any] = {"partition_by": [c[name] for name in whose]}
    return select(
        looked_up,
        func.max(c.taken).over(**whole).label("turns"),
        func.max(since).over(**whole).label("since"),
    ).subquery()


def _at_first(lines: Subquery, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return ``value`` at the first task of a line only; it is not worked out for the others."""
    return case((lines.c.older == 0, value))
