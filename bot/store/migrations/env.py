"""How Alembic runs the steps in ``versions/``: on the connection that ``bot.store.migrate`` opened.

A new step is a new file there, numbered on, whose ``down_revision`` is the step before; its tests
are in ``tests/store/test_migrations.py``. Never opens a connection and never commits: all steps
that are missing become one transaction of the caller.
"""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # true of SQLite once Python's sqlite3 leaves transactions to us
    render_as_batch=True,  # SQLite changes most columns by rebuilding the table
)
with context.begin_transaction():
    context.run_migrations()
