"""Tasks: how often one went back to the queue although its job may exist.

A step of the past: never edited once it was released, so it names plain column types and nothing of
today's code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; before, nothing was ever sent again."""
    repeats = sa.Column("repeats", sa.Integer, nullable=False, server_default=sa.text("0"))
    op.add_column("tasks", repeats)
