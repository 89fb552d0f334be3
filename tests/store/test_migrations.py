"""Migrations: every database that was ever made becomes today's, with all its rows."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.domain.quota import LedgerKind, Period
from bot.domain.task import TaskState
from bot.errors import ConfigurationError
from bot.store import Store
from bot.store.migrate import MIGRATIONS, database_url, migrate
from bot.store.schema import metadata

ROWS = Path(__file__).with_name("rows")
"""For each revision, rows as a Clapboard of that time wrote them."""


def revisions() -> list[str]:
    """Return every revision there ever was."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file that ``url`` names."""
    return tmp_path / "data" / "clapboard.db"


def engine(path: Path) -> Engine:
    """Open the file with no pragmas of ours."""
    return create_engine(f"sqlite:///{path}")


def test_blank_database_gets_the_schema_of_the_code(url: str, path: Path) -> None:
    """The migrations build exactly what ``schema.py`` says: tables, columns, types, indexes."""
    migrate(database_url(url))
    opened = engine(path)
    with opened.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    opened.dispose()
    assert differences == []


def test_a_change_of_the_schema_is_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The operator reads once what became of the database, and nothing where nothing changed."""
    caplog.set_level("INFO", "bot")
    migrate(database_url(url))
    migrate(database_url(url))
    newest = revisions()[0]
    assert caplog.messages == [f"database brought to schema {newest}"]


@pytest.mark.parametrize("revision", revisions())
async def test_every_earlier_database_keeps_its_rows(url: str, path: Path, revision: str) -> None:
    """A database of any revision, with rows, opens as today's and has lost nothing."""
    await asyncio.to_thread(migrate, database_url(url), revision)
    with closing(sqlite3.connect(path)) as old:
        old.executescript((ROWS / f"{revision}.sql").read_text())
    store = await Store.open(url, default_credits=500)
    async with store.read(7) as guild:
        task = await guild.task("0123456789ab")
        rules = await guild.rules()
        history = await guild.history(limit=10)
        standing = await guild.standing(9, (), now=history[0].at)
    await store.close()
    assert task is not None
    assert (task.prompts, task.state) == (("a cat", "a dog"), TaskState.RUNNING)
    assert [entry.kind for entry in history] == [LedgerKind.GRANT, LedgerKind.HOLD]
    assert [rule.period for rule in rules] == [Period.WEEK]
    assert (standing.pool.allowance, standing.pool.held, standing.pool.granted) == (300, 150, 20)


def test_migrating_twice_changes_nothing(url: str, path: Path) -> None:
    """Every start migrates; one that is not needed leaves the file as it is."""
    migrate(database_url(url))
    before = path.read_bytes()
    migrate(database_url(url))
    assert path.read_bytes() == before


def test_a_failed_migration_leaves_nothing_behind(
    url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All steps are one transaction: the file is either today's or as it was."""

    def fail(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise sqlite3.OperationalError("database or disk is full")

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(ConfigurationError, match="disk is full"):
        migrate(database_url(url))
    with closing(sqlite3.connect(path)) as left:
        assert left.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_a_path_with_odd_characters_is_no_obstacle(tmp_path: Path) -> None:
    """A folder may be called what the operator likes."""
    migrate(database_url(f"sqlite+aiosqlite:///{tmp_path}/100% of mine/ä b.db"))
    assert (tmp_path / "100% of mine" / "ä b.db").is_file()


def test_the_schema_is_ready_for_postgresql() -> None:
    """Every table and index also has a PostgreSQL form, with real instants."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # not annotated there
    ddl = "".join(
        str(CreateTable(table).compile(dialect=dialect))
        + "".join(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
        for table in metadata.sorted_tables
    )
    assert "created_at TIMESTAMP WITH TIME ZONE NOT NULL" in ddl
    assert "WHERE kind IN ('hold', 'settle', 'release')" in ddl
