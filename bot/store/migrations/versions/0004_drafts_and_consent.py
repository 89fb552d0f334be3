"""Drafts of forms; whose picture a film was made from, what it continues, and who said no.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
WORD = sa.String(32)


def upgrade() -> None:
    """Add what consent needs to know; of earlier films it is not known."""
    op.add_column("tasks", sa.Column("source_member_id", sa.BigInteger))
    op.add_column("tasks", sa.Column("source_message_id", sa.BigInteger))
    op.add_column("tasks", sa.Column("continues", sa.Text))
    op.add_column("tasks", sa.Column("withdrawn_by", sa.BigInteger))
    op.add_column("tasks", sa.Column("withdrawn_at", INSTANT))
    _drafts()
    _opt_outs()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("door", WORD, nullable=False),
        sa.Column("pictures", sa.JSON, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("source_member_id", sa.BigInteger),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_created", "drafts", ["created_at"])


def _opt_outs() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("guild_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("member_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name="pk_opt_outs"),
    )
