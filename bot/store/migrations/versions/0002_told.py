"""Tasks: whether the member was told of a failure by a message of its own.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; what ended before is old news."""
    told = sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("tasks", told)
    op.execute("UPDATE tasks SET told = true WHERE ended_at IS NOT NULL")
