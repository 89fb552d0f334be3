"""Tasks: no index by a webhook's secret any more; the Poller knows its tasks by heart.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Drop the index; no row changes."""
    op.drop_index("ix_tasks_hook", "tasks")
