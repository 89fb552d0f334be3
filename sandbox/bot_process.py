"""The bot as a child process: started with settings of its own, listened to, stopped, killed.

The sandbox knows the bot as a command line and nothing else. It never hands its own environment
on: neither a `.env` nor a key of the person who tries it can leak into the play.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INHERITED = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
LOG_TAIL = 30
LONGEST_LINE = 1 << 20
PATIENCE = timedelta(seconds=15)


class BotProcess:
    """One `python -m bot` in a folder of its own.

    Args:
        folder: where it runs; its log is `bot.log` there.
        settings: its environment, beside what any program needs.
        arguments: what stands behind `python -m bot`.
        module: another bot than Clapboard, to be compared with it.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str], *arguments: str, module: str = "bot"
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._command = ("-m", module, *arguments)
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lines: list[str] = []
        self._silent = False
        self._news = asyncio.Condition()
        self.log = folder / "bot.log"

    async def start(self) -> None:
        """Start it; its output is appended to `log`."""
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._command,
            cwd=self._folder,
            env={**inherited, **self._settings, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LONGEST_LINE,
        )
        self._lines, self._silent = [], False
        self._listening = asyncio.create_task(self._listen(self._process), name="the bot's log")

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The number of its process.

        Raises:
            RuntimeError: it was never started.
        """
        if self._process is None:
            raise RuntimeError("it was never started")
        return self._process.pid

    async def said(self, text: str, timeout: timedelta = PATIENCE) -> str:  # noqa: ASYNC109 - as in sandbox.discord
        """Return the first line with `text` that it has logged since its start, or will.

        Raises:
            TimeoutError: it did not say so in time, or ended without.
        """

        def line() -> str | None:
            return next((line for line in self._lines if text in line), None)

        try:
            async with asyncio.timeout(timeout.total_seconds()), self._news:
                await self._news.wait_for(lambda: line() or self._silent)
        except TimeoutError:
            pass
        if (found := line()) is None:
            raise TimeoutError(f"the bot did not say {text!r}; its log ends with:\n{self.tail()}")
        return found

    async def ended(self) -> int:
        """Wait until it ends; return its exit code (a signal's number, negative)."""
        if self._process is None or self._listening is None:
            raise RuntimeError("it was never started")
        code = await self._process.wait()
        await asyncio.wait({self._listening})
        return code

    async def stop(self, patience: timedelta = PATIENCE) -> int:
        """Ask it to end (SIGTERM); kill it when it does not within `patience`."""
        try:
            if self._process is not None and self._process.returncode is None:
                self._process.send_signal(signal.SIGTERM)
                await asyncio.wait_for(self._process.wait(), patience.total_seconds())
        except TimeoutError:
            pass
        finally:  # also when whoever waits here is stopped: no child is left behind
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
        return await self.ended()

    async def kill(self) -> int:
        """End it as a power cut does (SIGKILL)."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        return await self.ended()

    def tail(self, lines: int = LOG_TAIL) -> str:
        """Return the last lines of its log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Write down what it says, line by line, and tell who waits for a line."""
        if process.stdout is not None:
            with self.log.open("ab", buffering=0) as log:
                while line := await process.stdout.readline():
                    log.write(line)
                    self._lines.append(line.decode(errors="replace").rstrip())
                    await self._tell()
        await process.wait()
        self._silent = True
        await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
