"""Rows into tasks and tasks into rows: the one place that knows both.

Serves ``guild_store.py`` and ``work_queue.py``. Never runs a statement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypedDict

from bot.domain.task import Task
from bot.errors import Failure


class Changes(TypedDict, total=False):
    """The columns that may change while a task goes its way; the state is not among them."""

    picture: str | None
    channel_id: int
    card_message_id: int | None
    card_shown: str | None
    token: str | None
    token_expires_at: datetime | None
    upstream_id: str | None
    key_fingerprint: str | None
    hook_hash: str | None
    charged: int | None
    progress: int | None
    result_url: str | None
    failure: Failure | None
    detail: str | None
    flagged: bool
    cancel_asked_by: int | None
    sending_at: datetime | None
    submitted_at: datetime | None
    rendered_at: datetime | None
    due_at: datetime | None
    attempts: int
    delivering_since: datetime | None
    film: str | None
    film_channel_id: int | None
    film_message_id: int | None
    film_bytes: int | None
    film_fitted: bool
    told: bool
    repeats: int
    withdrawn_by: int | None
    withdrawn_at: datetime | None


def task_from(row: Sequence[Any]) -> Task:
    """Read a row of the whole table: its columns are the fields of ``Task``, in their order."""
    return Task(*row)


def tasks_from(rows: Iterable[Sequence[Any]]) -> list[Task]:
    """Read many rows of the whole table."""
    return [Task(*row) for row in rows]


def row_of(task: Task) -> dict[str, object]:
    """Return a task's columns and their values."""
    return {field.name: getattr(task, field.name) for field in fields(task)}
