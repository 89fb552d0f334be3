"""Questions asked often are answered from an index, however long the history has grown."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.errors import Failure
from bot.store import GuildStore, Store, WorkQueue
from tests.store.building import GUILD, MEMBER, NOW, S, make_rule, make_task, place

Q, G = WorkQueue, GuildStore
NEW = make_task(id="new")
LONG_AGO = NOW - timedelta(days=400)
QUESTIONS: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
    (Q.queued, ("apigo",), {"now": NOW, "limit": 5}),
    (Q.places, ("apigo",), {"now": NOW, "first": 1, "last": 5}),
    (Q.place, (NEW,), {"now": NOW}),
    (Q.waiting, ("apigo",), {}),
    (Q.in_flight, ("apigo",), {"also": ["0"]}),
    (Q.rendered, (), {"now": NOW, "limit": 5, "without": ["0"], "full": [GUILD + 1]}),
    (Q.under_way, (), {"after": NEW, "limit": 5}),
    (Q.kinds_at_work, (), {}),
    (Q.accepted_between, ("t2v", timedelta(seconds=5), LONG_AGO, NOW), {}),
    (Q.tasks, (["0", "1"],), {}),
    (Q.watched, ("apigo",), {}),
    (Q.in_state, (S.RENDERED,), {"now": NOW}),
    (Q.next_due, (S.QUEUED, "apigo"), {"now": NOW}),
    (Q.next_due, (S.RENDERED,), {"now": NOW}),
    (Q.cardless, (), {"before": NOW}),
    (Q.lost, ("apigo",), {"now": NOW, "since": NOW}),
    (Q.given_up, (NOW,), {}),
    (Q.sending_like, (NEW,), {}),
    (Q.claimed_upstream_ids, ("aivideomaker", NOW), {}),
    (Q.stuck, (NOW,), {}),
    (Q.orphaned, (("apigo",),), {}),
    (Q.ended_since, (NOW, 10), {}),
    (Q.taken_down, (), {"now": NOW, "limit": 10}),
    (Q.fates, (["0", "1"],), {}),
    (Q.flagged, (), {"limit": 10}),
    (Q.count_flagged, (), {}),
    (Q.erase_tokens, (), {"before": NOW}),
    (Q.durations, ("t2v", timedelta(seconds=5)), {"limit": 10}),
    (Q.lengths_beside, ("t2v", timedelta(seconds=8)), {}),
    (G.task, ("0",), {}),
    (G.task_by_order, ("message:1",), {}),
    (G.task_by_card, (1,), {}),
    (G.tasks_of, (MEMBER,), {"limit": 5}),
    (G.tasks_of, (None,), {"limit": 5}),
    (G.standing, (MEMBER, (1, 2)), {"now": NOW}),
    (G.granted, (MEMBER,), {}),
    (G.granted, (None,), {}),
    (G.history, (), {"limit": 5}),
    (G.ledger_of, ("new",), {}),
    (G.rules, (), {}),
    (G.move, ("new", S.SUBMITTED), {"now": NOW}),
    (G.note, ("new",), {"now": NOW, "charged": 7}),
    (G.cancel_cardless, ("0",), {"now": NOW, "failure": Failure.NO_CARD}),
]
TABLES = ("tasks", "ledger", "rules")
HISTORY = 2000
"""Delivered films, each with a hold and its settlement."""
FEW = 3000
"""Steps of SQLite's machine: less than two for each film of the history."""

every_question = pytest.mark.parametrize(
    ("question", "args", "options"),
    [*QUESTIONS, (Q.counts, (), {})],
    ids=lambda part: getattr(part, "__name__", ""),
)
every_question_but_counts = pytest.mark.parametrize(
    ("question", "args", "options"), QUESTIONS, ids=lambda part: getattr(part, "__name__", "")
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file that the store has open."""
    return tmp_path / "data" / "clapboard.db"


@every_question
async def test_no_question_reads_a_whole_table(
    store: Store, path: Path, question: Any, args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """SQLite's own plan for each statement searches an index, or reads nothing but an index."""
    statements = await _statements(store, question, args, options)
    with closing(sqlite3.connect(path)) as connection:
        plans = [
            row[3]
            for sql, values in statements
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    assert plans
    scans = [line for line in plans if line.startswith(tuple(f"SCAN {name}" for name in TABLES))]
    assert [line for line in scans if "INDEX" not in line] == []


@every_question_but_counts
async def test_no_question_walks_through_history(
    store: Store, path: Path, question: Any, args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """Thousands of films that were delivered long ago do not make an answer slower."""
    async with store.write(GUILD) as guild:
        await guild.set_rule(make_rule("default", 100))
        old = await place(guild, S.DELIVERED, now=LONG_AGO, film="a.mp4", hook_hash="h")
        await place(guild, S.SENDING, id=NEW.id)
    statements = await _statements(store, question, args, options)
    await store.close()
    _multiply(path, old.id)
    assert _steps(path, statements) < FEW


async def _statements(
    store: Store, question: Any, args: tuple[Any, ...], options: dict[str, Any]
) -> list[tuple[str, Any]]:
    """Ask, and return the statements that were run for it."""
    asked: list[tuple[str, Any]] = []
    database = store._database
    for engine in (database._readers, database._writer):
        event.listen(
            engine.sync_engine,
            "before_cursor_execute",
            lambda _c, _cursor, sql, values, *_: asked.append((sql, values)),
        )
    if hasattr(WorkQueue, question.__name__):
        await question(store.work, *args, **options)
    else:
        async with store.write(GUILD) as guild:
            await question(guild, *args, **options)
    return [(sql, values) for sql, values in asked if not sql.startswith("BEGIN")]


def _multiply(path: Path, task_id: str) -> None:
    """Repeat a task, with its rows in the ledger, a microsecond later each time."""
    new_id, order_key, seq = "'old-' || n", "'message:' || n", "seq + 10 * n"
    later = "replace(created_at, '.000000', printf('.%06d', n))"
    with closing(sqlite3.connect(path)) as connection, connection:
        changed = {"id": new_id, "order_key": order_key, "created_at": later}
        _repeat(connection, "tasks", "id", task_id, changed)
        _repeat(connection, "ledger", "task_id", task_id, {"task_id": new_id, "seq": seq})


def _repeat(
    connection: sqlite3.Connection, table: str, key: str, task_id: str, changed: dict[str, str]
) -> None:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, name) for name in names)
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ?)"
    rows = f"SELECT {values} FROM {table}, numbers WHERE {key} = ?"  # noqa: S608 - our own names
    connection.execute(f"{numbers} INSERT INTO {table} {rows}", (HISTORY, task_id))


def _steps(path: Path, statements: list[tuple[str, Any]]) -> int:
    """Run the statements again and count what SQLite's machine does."""
    steps: list[None] = []
    with closing(sqlite3.connect(path)) as connection:
        connection.set_progress_handler(lambda: steps.append(None), 1)
        for sql, values in statements:
            connection.execute(sql, values).fetchall()
    return len(steps)
