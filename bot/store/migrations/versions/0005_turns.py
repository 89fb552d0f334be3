"""Tasks: indexes that tell when a member, and a server, had their last turn at a service.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SENT = sa.text("sending_at IS NOT NULL")


def upgrade() -> None:
    """Add the indexes; no row changes."""
    _index("ix_tasks_member_turns", "guild_id", "member_id", "provider", "sending_at")
    _index("ix_tasks_turns", "guild_id", "provider", "sending_at")


def _index(name: str, *columns: str) -> None:
    op.create_index(name, "tasks", list(columns), sqlite_where=SENT, postgresql_where=SENT)
