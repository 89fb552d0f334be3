"""The tables: tasks, ledger, rules, drafts, opt-outs.

Serves every file of the store. Every primary key starts with ``guild_id``. Ledger and rules are
only ever added to. What stands here is what ``migrations/versions`` build; a test compares them.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    literal_column,
    text,
)

from bot.domain.catalog import Door
from bot.domain.quota import LedgerKind, Period
from bot.domain.task import TaskState
from bot.errors import Failure
from bot.store.columns import Instant, Lines, Seconds, words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

tasks = Table(
    "tasks",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("order_key", Text, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("model", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("door", Text, nullable=False),
    Column("prompts", Lines, nullable=False),
    Column("aspect", Text),
    Column("duration", Seconds, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("state", words(TaskState), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("picture", Text),
    Column("locale", Text, nullable=False),
    Column("card_message_id", BigInteger),
    Column("card_shown", Text),
    Column("token", Text),
    Column("token_expires_at", Instant),
    Column("upstream_id", Text),
    Column("key_fingerprint", Text),
    Column("hook_hash", Text),
    Column("charged", Integer),
    Column("progress", Integer),
    Column("result_url", Text),
    Column("failure", words(Failure)),
    Column("detail", Text),
    Column("flagged", Boolean, nullable=False),
    Column("cancel_asked_by", BigInteger),
    Column("sending_at", Instant),
    Column("submitted_at", Instant),
    Column("rendered_at", Instant),
    Column("ended_at", Instant),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("delivering_since", Instant),
    Column("film", Text),
    Column("film_channel_id", BigInteger),
    Column("film_message_id", BigInteger),
    Column("film_bytes", Integer),
    Column("film_fitted", Boolean, nullable=False),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("repeats", Integer, nullable=False, server_default=text("0")),
    Column("source_member_id", BigInteger),
    Column("source_message_id", BigInteger),
    Column("continues", Text),
    Column("withdrawn_by", BigInteger),
    Column("withdrawn_at", Instant),
)
"""One row a task; its columns are the fields of ``domain.task.Task``, in their order.

``upstream_id`` is not unique: a service may answer a repeated request with the job it already made,
and one that was set up anew may count from one again.
"""

ledger = Table(
    "ledger",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", words(LedgerKind), nullable=False),
    Column("credits", Integer, nullable=False),
    Column("pool_grants", Integer, nullable=False),
    Column("member_grants", Integer, nullable=False),
    Column("member_limit", Integer),
    Column("member_id", BigInteger),
    Column("task_id", Text),
    Column("actor_id", BigInteger),
    Column("at", Instant, nullable=False),
    Column("counted_at", Instant, nullable=False),
    ForeignKeyConstraint(["guild_id", "task_id"], ["tasks.guild_id", "tasks.id"]),
)
"""The facts about credits, numbered from 1 in each guild; never changed, never removed.

``credits`` is signed as the balance sees it; ``pool_grants`` and ``member_grants`` are the parts of
it that grants bore (or received), with the same sign. ``counted_at`` is the instant of the hold:
everything about a task counts in the period of its hold. ``member_limit`` is what the member's
limit was then.
"""

rules = Table(
    "rules",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("credits", Integer),
    Column("period", words(Period)),
    Column("actor_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What admins have set; the latest row of a subject is its present rule."""

drafts = Table(
    "drafts",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("member_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("door", words(Door), nullable=False),
    Column("pictures", Lines, nullable=False),
    Column("names", Lines, nullable=False),
    Column("expires_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("message_id", BigInteger),
    Column("source_member_id", BigInteger),
    Column("prompt", Text, nullable=False),
)
"""One row a form that was opened; its columns are the fields of ``domain.draft.Draft``."""

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)
"""The members whose pictures nobody else may animate."""


def _index(name: str, *columns: Column[Any], where: ColumnElement[bool] | None = None) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


t, e = tasks.c, ledger.c

# A query is answered from an index that has a condition where it states the same one, with the same
# literal number: these are for both.
_zero = literal_column("0", Integer)
MOVED, OF_POOL_GRANTS, OF_MEMBER_GRANTS = (
    column != _zero for column in (e.credits, e.pool_grants, e.member_grants)
)

Index("uq_tasks_order", t.guild_id, t.order_key, unique=True)
_index("ix_tasks_card", t.guild_id, t.card_message_id)
_index("ix_tasks_newest", t.guild_id, t.created_at)
_index("ix_tasks_member_newest", t.guild_id, t.member_id, t.created_at)
_index("ix_tasks_open", t.guild_id, t.ended_at, t.id, where=t.ended_at.is_(None))
_index("ix_tasks_work", t.state, t.provider, t.due_at)
_index("ix_tasks_ended", t.ended_at)
_index("ix_tasks_usual", t.model, t.duration, t.rendered_at)
_index("ix_tasks_token", t.token_expires_at, where=t.token.is_not(None))
_index("ix_tasks_id", t.id)  # files bear the id alone
# When a member, and a server, had their last turn.
_sent = t.sending_at.is_not(None)
_index("ix_tasks_member_turns", t.guild_id, t.member_id, t.provider, t.sending_at, where=_sent)
_index("ix_tasks_turns", t.guild_id, t.provider, t.sending_at, where=_sent)
Index(
    "ix_tasks_flagged",
    t.created_at,
    sqlite_where=text("flagged = 1"),  # as SQLAlchemy asks; SQLite compares the words
    postgresql_where=text("flagged"),
)

_index("ix_tasks_withdrawn", t.withdrawn_at, where=t.withdrawn_at.is_not(None))
_index("ix_drafts_created", drafts.c.created_at)

_index("ix_ledger_task", e.guild_id, e.task_id, e.seq)
# What a balance sums, figures included: it need not look into the table, nor at rows of no credits.
_index("ix_ledger_pool", e.guild_id, e.counted_at, e.kind, e.pool_grants, e.credits, where=MOVED)
_index(
    "ix_ledger_member",
    *(e.guild_id, e.member_id, e.counted_at, e.kind, e.member_grants, e.credits),
    where=MOVED,
)
_index("ix_ledger_pool_grants", e.guild_id, e.pool_grants, where=OF_POOL_GRANTS)
_index("ix_ledger_member_grants", e.guild_id, e.member_id, e.member_grants, where=OF_MEMBER_GRANTS)
# Whatever goes wrong above: no task is held, settled or released twice.
_once = text("kind IN ('hold', 'settle', 'release')")
Index(
    "uq_ledger_once",
    e.guild_id,
    e.task_id,
    e.kind,
    unique=True,
    sqlite_where=_once,
    postgresql_where=_once,
)
_index("ix_rules_subject", rules.c.guild_id, rules.c.subject, rules.c.subject_id, rules.c.seq)
