"""Opening: a file that can be used, or one sentence with the remedy."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.quota import Draw
from bot.errors import ConfigurationError, StoreUnavailable
from bot.store import Store
from tests.store.building import GUILD, NOW, make_task


async def refusal(url: str) -> str:
    """Return the sentence with which opening fails."""
    with pytest.raises(ConfigurationError) as caught:
        await Store.open(url, default_credits=500)
    return str(caught.value)


async def test_creates_the_folder_and_the_file(url: str, tmp_path: Path) -> None:
    """The operator need not make the data folder."""
    await (await Store.open(url, default_credits=500)).close()
    assert (tmp_path / "data" / "clapboard.db").is_file()


@pytest.mark.parametrize(
    "address",
    ["data/clapboard.db", "postgresql+asyncpg://me:canary@host/db", "sqlite+aiosqlite://"],
)
async def test_refuses_an_address_that_is_no_sqlite_file(address: str) -> None:
    """DATABASE_URL is explained by an example, and a password in it is not repeated."""
    text = await refusal(address)
    assert "DATABASE_URL" in text
    assert "sqlite+aiosqlite:///data/clapboard.db" in text
    assert "canary" not in text


async def test_takes_an_address_without_the_driver(tmp_path: Path) -> None:
    """``sqlite:///…`` means the same file."""
    await (await Store.open(f"sqlite:///{tmp_path}/a.db", default_credits=500)).close()
    assert (tmp_path / "a.db").is_file()


async def test_refuses_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that cannot be made is named."""
    (tmp_path / "data").write_text("a file")
    text = await refusal(f"sqlite+aiosqlite:///{tmp_path}/data/deep/clapboard.db")
    assert str(tmp_path / "data" / "deep") in text


async def test_refuses_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """A path that cannot be opened is named, with what to do."""
    text = await refusal(f"sqlite+aiosqlite:///{tmp_path}")
    assert str(tmp_path) in text
    assert "readable and writable" in text


async def test_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file of another kind is left as it is."""
    path = tmp_path / "holiday.db"
    path.write_bytes(b"not a database" * 100)
    assert "not a database" in await refusal(f"sqlite+aiosqlite:///{path}")
    assert path.read_bytes() == b"not a database" * 100


async def test_refuses_another_programs_database(tmp_path: Path) -> None:
    """Tables of another program are not mixed with ours."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE tasks (id)")
    assert "another program" in await refusal(f"sqlite+aiosqlite:///{path}")


async def test_refuses_a_newer_schema(url: str, tmp_path: Path) -> None:
    """A database of a newer Clapboard is not touched by an older one."""
    await (await Store.open(url, default_credits=500)).close()
    with closing(sqlite3.connect(tmp_path / "data" / "clapboard.db")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    assert "newer Clapboard" in await refusal(url)


async def test_keeps_what_was_written(url: str) -> None:
    """Tasks are there after closing and opening again."""
    task = make_task()
    store = await Store.open(url, default_credits=500)
    async with store.write(GUILD) as guild:
        draw = (await guild.standing(task.member_id, (), now=NOW)).draw(task.cost)
        await guild.add(task, draw, now=NOW)
    await store.close()
    store = await Store.open(url, default_credits=500)
    async with store.read(GUILD) as guild:
        found = await guild.task(task.id)
    await store.close()
    assert found == task


async def test_readers_cannot_write(store: Store) -> None:
    """A read transaction is one."""
    with pytest.raises(StoreUnavailable):
        async with store.read(GUILD) as guild:
            await guild.grant(credits=1, member_id=None, actor_id=1, now=NOW)


async def test_ping_tells_a_broken_database(url: str, tmp_path: Path) -> None:
    """``/healthz`` learns when the database no longer answers sensibly."""
    store = await Store.open(url, default_credits=500)
    try:
        await store.ping()
        with closing(sqlite3.connect(tmp_path / "data" / "clapboard.db")) as vandal:
            vandal.execute("DROP TABLE alembic_version")
        with pytest.raises(StoreUnavailable):
            await store.ping()
    finally:
        await store.close()


async def test_secrets_stay_out_of_logs_and_errors(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a log line at any level nor an error's text holds a token."""
    caplog.set_level(logging.DEBUG)
    task = make_task(token="canary-token", member_id=2**70)
    text = ""
    try:
        async with store.write(GUILD) as guild:
            await guild.add(make_task(token="canary-token"), _draw(), now=NOW)
            await guild.add(task, _draw(), now=NOW)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not tell
        text = repr(error)
    assert text
    assert "canary" not in text + caplog.text


def _draw() -> Draw:
    return Draw(5, 0, 0)


async def test_the_journal_is_switched_before_anybody_reads(tmp_path: Path) -> None:
    """First connections that all switch a new file's journal lock each other out; none has to."""
    path = tmp_path / "a.db"
    store = await Store.open(f"sqlite:///{path}", default_credits=500)
    try:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        await store.close()
