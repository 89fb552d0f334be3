"""A bot that cannot run says in one sentence what to mend, and ends."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.bot_process import BotProcess
from sandbox.discord import Discord
from sandbox.stage import AIVIDEOMAKER_KEY, APIGO_KEY, DISCORD_TOKEN, Stage

LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\dT\S+Z [A-Z]+ ")
AT_ONCE = 3


@dataclass(frozen=True)
class Problem:
    """What is wrong, and what the bot must say about it: each text, in as few lines."""

    name: str
    says: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    lines: int = 1


def problems(folder: Path, taken_port: int) -> Iterator[Problem]:
    """Return the table; ``folder`` holds what it names."""
    (folder / "file").touch()
    (folder / "broken.toml").write_text("[models")
    (folder / "unknown.toml").write_text('[models.t2v]\ncolour = "red"\n')
    (folder / "type.toml").write_text("[models.t2v]\ntitle = 3\n")
    yield Problem(
        "no token",
        ("DISCORD_TOKEN is not set", "developers/applications", "python -m sandbox", "no settings"),
        without=("DISCORD_TOKEN",),
        lines=2,
    )
    yield Problem(
        "wrong token",
        ("DISCORD_TOKEN", "developer portal"),
        {"DISCORD_TOKEN": "canary-wrong-token"},
    )
    yield Problem(
        "several settings at once",
        ("AIVIDEOMAKER_API_KEY nor APIGO_API_KEY", "set HTTP_PORT", "LOG_LEVEL must be"),
        {"LOG_LEVEL": "canary-loud", "WEBHOOK_URL": "https://canary.example"},
        without=("AIVIDEOMAKER_API_KEY", "APIGO_API_KEY"),
        lines=3,
    )
    yield Problem(
        "database below a file",
        ("database", "DATABASE_URL"),
        {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/file/bot.db"},
    )
    yield Problem(
        "a folder in place of the database",
        ("database", "DATABASE_URL"),
        {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}"},
    )
    yield Problem(
        "a database of another kind, with a password",
        ("DATABASE_URL", "SQLite"),
        {"DATABASE_URL": "postgresql://clapboard:canary-password@db.example/clapboard"},
    )
    yield Problem(
        "a password in an address that is none",
        ("DATABASE_URL",),
        {"DATABASE_URL": "sqlite+aiosqlite://clapboard:canary-password@db.example:x/y"},
    )
    yield Problem(
        "a password in the address of no file",
        ("DATABASE_URL", "a file on disk"),
        {"DATABASE_URL": "sqlite+aiosqlite://clapboard:canary-password@db.example/y.db"},
    )
    yield Problem(
        "data folder below a file", ("DATA_DIR", "writable"), {"DATA_DIR": f"{folder}/file/data"}
    )
    yield Problem(
        "broken catalogue", ("broken.toml", "TOML"), {"CATALOG_FILE": f"{folder}/broken.toml"}
    )
    yield Problem(
        "unknown field in the catalogue",
        ("unknown.toml", "'t2v'", "'colour'"),
        {"CATALOG_FILE": f"{folder}/unknown.toml"},
    )
    yield Problem(
        "wrong type in the catalogue",
        ("type.toml", "'t2v'", "'title'"),
        {"CATALOG_FILE": f"{folder}/type.toml"},
    )
    yield Problem("port taken", ("HTTP_PORT", str(taken_port)), {"HTTP_PORT": str(taken_port)})


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
async def blind_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A world whose portal has the message content intent switched off."""
    discord = Discord(DISCORD_TOKEN, message_content=False)
    async with Stage(tmp_path, discord=discord) as opened:
        yield opened


async def complaint(
    folder: Path, settings: dict[str, str], problem: Problem, turns: asyncio.Semaphore
) -> list[str]:
    """Start a bot with this problem; return what it says that is no line of the log."""
    async with turns:
        folder.mkdir()
        own = {**settings, "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bot.db"}
        chosen = {**own, "DATA_DIR": str(folder / "data"), **problem.settings}
        for name in problem.without:
            del chosen[name]
        bot = BotProcess(folder, chosen)
        await bot.start()
        code = await bot.ended()
    said = bot.log.read_text()
    assert code == 2, f"{problem.name}: {code}\n{said}"
    for secret in (DISCORD_TOKEN, AIVIDEOMAKER_KEY, APIGO_KEY, "canary"):
        assert secret not in said, problem.name
    return [line for line in said.splitlines() if not LOG_LINE.match(line)]


async def test_each_problem_is_one_sentence_with_its_remedy(
    stage: Stage, tmp_path: Path, taken_port: int
) -> None:
    """Exit code 2; one line each, with what to mend; no traceback and no value."""
    table, turns = list(problems(tmp_path, taken_port)), asyncio.Semaphore(AT_ONCE)
    said = await asyncio.gather(
        *(
            complaint(tmp_path / str(number), stage.settings(), problem, turns)
            for number, problem in enumerate(table)
        )
    )
    for problem, lines in zip(table, said, strict=True):
        text = "\n".join(lines)
        missing = [words for words in problem.says if words not in text]
        assert not missing, f"{problem.name}: {text}"
        assert len(lines) == problem.lines, f"{problem.name}: {text}"


async def test_the_message_content_intent_is_off(blind_stage: Stage, tmp_path: Path) -> None:
    """MESSAGE_CONTENT=on ends with both remedies; auto gives one warning and runs."""
    intent = Problem("intent", (), {"MESSAGE_CONTENT": "on"})
    settings = blind_stage.settings()

    on, _ = await asyncio.gather(
        complaint(tmp_path / "on", settings, intent, asyncio.Semaphore()), blind_stage.start_bot()
    )

    assert len(on) == 1
    assert "Message Content Intent: switch it on" in on[0]
    assert "MESSAGE_CONTENT=auto" in on[0]
    warnings = [line for line in blind_stage.bot.tail().splitlines() if " WARNING " in line]
    assert len(warnings) == 1
    assert "the Message Content Intent is off" in warnings[0]
