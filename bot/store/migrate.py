"""Bringing a database file to the present schema, before anything else touches it.

Serves ``Store.open``. Creates the file and its directory, applies what is missing in one
transaction (all or nothing), and takes no row away. Never goes back: an older Clapboard is given
the backup that was made before.
"""

import logging
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import ConfigurationError
from bot.store.engine import BUSY_SECONDS

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
"""Alembic's folder, packaged with the code; there is no alembic.ini."""


def database_url(text: str) -> URL:
    """Read ``DATABASE_URL``.

    Raises:
        ConfigurationError: it is no URL, or does not name an SQLite file.
    """
    example = "for example sqlite+aiosqlite:///data/clapboard.db"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"DATABASE_URL is not a URL; set it, {example}.") from None
    if url.get_backend_name() != "sqlite":
        raise ConfigurationError(f"DATABASE_URL must name an SQLite file, {example}.")
    if url.host or not url.database or url.database.startswith((":", "file:")):
        raise ConfigurationError(f"DATABASE_URL must name a file on disk, {example}.")
    return url.set(drivername="sqlite+aiosqlite")


def migrate(url: URL, revision: str = "head") -> None:
    """Create or upgrade the database at ``url``; blocks, so call it in a thread.

    Raises:
        ConfigurationError: the file cannot be used; one sentence with the remedy.
    """
    path = Path(url.database or "")
    _make_room(path)
    engine = create_engine(
        url.set(drivername="sqlite"), connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )
    # Foreign keys stay off here: a migration may rebuild a table that others point to.
    _begin_at_once(engine)
    try:
        with engine.begin() as connection:
            _upgrade(connection, path, revision)
        _use_wal(engine)
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise ConfigurationError(
            f"The database {path} cannot be used ({cause}); make it readable and writable, "
            "or set DATABASE_URL to another file."
        ) from error
    finally:
        engine.dispose()


def _begin_at_once(engine: Engine) -> None:
    """Let every transaction start by locking the file; Python's sqlite3 would not, and not yet."""

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # it leaves transactions to us

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _use_wal(engine: Engine) -> None:
    """Switch the file's journal while nobody else is there; the file remembers it.

    Of several first connections that switch it at the same time, SQLite lets all but one fail at
    once: "database is locked", whatever the busy timeout.
    """
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _make_room(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {path.parent} for the database cannot be made ({error.strerror}); "
            "make it, or set DATABASE_URL to another file."
        ) from error


def _upgrade(connection: Connection, path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    before = _heads(connection)
    _check(connection, ScriptDirectory.from_config(config), path)
    command.upgrade(config, revision)
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ConfigurationError(
            f"The database {path} has ledger rows without their task; restore a backup."
        )
    after = _heads(connection)
    if after != before:
        log.info("database brought to schema %s", ", ".join(after))


def _heads(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def _check(connection: Connection, script: ScriptDirectory, path: Path) -> None:
    present = set(_heads(connection))
    known = {step.revision for step in script.walk_revisions()}
    if not present <= known:
        raise ConfigurationError(
            f"The database {path} was written by a newer Clapboard; install that version or a "
            "later one, or set DATABASE_URL to another file."
        )
    if not present and inspect(connection).get_table_names():
        raise ConfigurationError(
            f"The database {path} belongs to another program; set DATABASE_URL to another file."
        )
