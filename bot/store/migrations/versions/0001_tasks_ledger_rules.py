"""Tasks, ledger and rules: the first schema.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
WORD = sa.String(32)


def upgrade() -> None:
    """Create the three tables."""
    _tasks()
    _ledger()
    _rules()


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("order_key", sa.Text, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("door", sa.Text, nullable=False),
        sa.Column("prompts", sa.JSON, nullable=False),
        sa.Column("aspect", sa.Text),
        sa.Column("duration", sa.Integer, nullable=False),
        sa.Column("cost", sa.Integer, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("picture", sa.Text),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("card_message_id", sa.BigInteger),
        sa.Column("card_shown", sa.Text),
        sa.Column("token", sa.Text),
        sa.Column("token_expires_at", INSTANT),
        sa.Column("upstream_id", sa.Text),
        sa.Column("key_fingerprint", sa.Text),
        sa.Column("hook_hash", sa.Text),
        sa.Column("charged", sa.Integer),
        sa.Column("progress", sa.Integer),
        sa.Column("result_url", sa.Text),
        sa.Column("failure", WORD),
        sa.Column("detail", sa.Text),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("cancel_asked_by", sa.BigInteger),
        sa.Column("sending_at", INSTANT),
        sa.Column("submitted_at", INSTANT),
        sa.Column("rendered_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("due_at", INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("delivering_since", INSTANT),
        sa.Column("film", sa.Text),
        sa.Column("film_channel_id", sa.BigInteger),
        sa.Column("film_message_id", sa.BigInteger),
        sa.Column("film_bytes", sa.Integer),
        sa.Column("film_fitted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "id", name="pk_tasks"),
    )
    op.create_index("uq_tasks_order", "tasks", ["guild_id", "order_key"], unique=True)
    _index("ix_tasks_card", "tasks", "guild_id", "card_message_id")
    _index("ix_tasks_newest", "tasks", "guild_id", "created_at")
    _index("ix_tasks_member_newest", "tasks", "guild_id", "member_id", "created_at")
    _index("ix_tasks_open", "tasks", "guild_id", "ended_at", "id", where="ended_at IS NULL")
    _index("ix_tasks_work", "tasks", "state", "provider", "due_at")
    _index("ix_tasks_ended", "tasks", "ended_at")
    _index("ix_tasks_usual", "tasks", "model", "duration", "rendered_at")
    _index("ix_tasks_hook", "tasks", "provider", "hook_hash", where="hook_hash IS NOT NULL")
    _index("ix_tasks_token", "tasks", "token_expires_at", where="token IS NOT NULL")
    _index("ix_tasks_id", "tasks", "id")
    op.create_index(
        "ix_tasks_flagged",
        "tasks",
        ["created_at"],
        sqlite_where=sa.text("flagged = 1"),
        postgresql_where=sa.text("flagged"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("credits", sa.Integer, nullable=False),
        sa.Column("pool_grants", sa.Integer, nullable=False),
        sa.Column("member_grants", sa.Integer, nullable=False),
        sa.Column("member_limit", sa.Integer),
        sa.Column("member_id", sa.BigInteger),
        sa.Column("task_id", sa.Text),
        sa.Column("actor_id", sa.BigInteger),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("counted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_ledger"),
        sa.ForeignKeyConstraint(
            ["guild_id", "task_id"], ["tasks.guild_id", "tasks.id"], name="fk_ledger_tasks"
        ),
    )
    _index("ix_ledger_task", "ledger", "guild_id", "task_id", "seq")
    pool, member = ("guild_id", "counted_at"), ("guild_id", "member_id", "counted_at")
    sums = ("kind", "pool_grants", "credits"), ("kind", "member_grants", "credits")
    _index("ix_ledger_pool", "ledger", *pool, *sums[0], where="credits <> 0")
    _index("ix_ledger_member", "ledger", *member, *sums[1], where="credits <> 0")
    granted = ("guild_id", "pool_grants"), ("guild_id", "member_id", "member_grants")
    _index("ix_ledger_pool_grants", "ledger", *granted[0], where="pool_grants <> 0")
    _index("ix_ledger_member_grants", "ledger", *granted[1], where="member_grants <> 0")
    once = sa.text("kind IN ('hold', 'settle', 'release')")
    op.create_index(
        "uq_ledger_once",
        "ledger",
        ["guild_id", "task_id", "kind"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )


def _rules() -> None:
    op.create_table(
        "rules",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("credits", sa.Integer),
        sa.Column("period", WORD),
        sa.Column("actor_id", sa.BigInteger, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_rules"),
    )
    _index("ix_rules_subject", "rules", "guild_id", "subject", "subject_id", "seq")


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
