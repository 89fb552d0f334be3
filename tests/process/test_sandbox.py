"""`python -m sandbox`, as a newcomer starts it: films, reasons, and nothing left behind."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from bot.discord_ui.words import words_for
from bot.domain.task import TaskState
from sandbox.bot_process import ROOT
from sandbox.newcomer import ENDED_WITHOUT, SENTENCE
from tests.process.holding import PATIENCE

GARBAGE = {
    "DISCORD_TOKEN": "garbage",
    "DISCORD_API_URL": "http://127.0.0.1:9",
    "AIVIDEOMAKER_API_KEY": "garbage",
    "LOG_LEVEL": "garbage",
}


@dataclass(frozen=True)
class Play:
    """How a play ended."""

    code: int
    text: str
    films: list[Path]


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start a play in a folder with a `.env`, in a process group of its own."""
    folder.mkdir()
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in GARBAGE.items()))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=folder,
        env={**GARBAGE, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def play(folder: Path, *arguments: str) -> Play:
    """Play to the end, within the thirty seconds that a newcomer may wait."""
    process = await start(folder, *arguments)
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    films = sorted((folder / "films").glob("*.mp4"))
    return Play(process.returncode, output.decode(), films)


async def test_a_newcomer_sees_films_and_reasons(tmp_path: Path) -> None:
    """Two films by default; a prompt that fails shows why and the play goes on, with code 1."""
    whole, failing = await asyncio.gather(
        play(tmp_path / "whole"), play(tmp_path / "failing", "a red kite [fail]")
    )

    assert whole.code == 0, whole.text
    assert len(whole.films) == 2
    assert SENTENCE in whole.text
    for film in whole.films:
        assert str(film) in whole.text
        with av.open(film) as container:
            assert sum(1 for _ in container.decode(video=0)) > 10

    assert failing.code == 1, failing.text
    assert len(failing.films) == 1
    assert "/video text prompt:a red kite [fail]" in failing.text
    assert "The video service tried and failed" in failing.text
    assert "No film in this scene: the card says why" in failing.text
    assert "Traceback" not in whole.text + failing.text


async def break_off(folder: Path, *, everyone: bool) -> str:
    """Break a play off in its middle; check that it ended well, and return what it said."""
    process = await start(folder, "a slow kite [slow]")
    assert process.stdout is not None
    said = await asyncio.wait_for(process.stdout.readuntil(b"Ada types"), PATIENCE.total_seconds())
    if everyone:  # as a terminal does: the play and the bot
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    said += await asyncio.wait_for(process.stdout.read(), PATIENCE.total_seconds())
    assert await process.wait() == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return said.decode()


async def test_broken_off(tmp_path: Path) -> None:
    """Ctrl-C or SIGTERM in the middle: one sentence, and no process stays behind."""
    for said in await asyncio.gather(
        break_off(tmp_path / "Ctrl-C", everyone=True),
        break_off(tmp_path / "SIGTERM", everyone=False),
    ):
        assert said.rstrip().endswith("The play was broken off.")
        assert "Traceback" not in said


def test_the_newcomer_reads_the_cards() -> None:
    """The words by which the play sees that no film will come are those on the cards."""
    ends = {TaskState.REFUSED, TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED}
    assert {words_for("en-GB").states[state] for state in ends} == ENDED_WITHOUT
