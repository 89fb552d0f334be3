"""Tasks: an index of those that were taken down, so that what is left of them is found.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WITHDRAWN = sa.text("withdrawn_at IS NOT NULL")


def upgrade() -> None:
    """Add the index; no row changes."""
    op.create_index(
        "ix_tasks_withdrawn",
        "tasks",
        ["withdrawn_at"],
        sqlite_where=WITHDRAWN,
        postgresql_where=WITHDRAWN,
    )
