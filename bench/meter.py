"""What a process uses: its share of a core and its resident memory, from Linux's `/proc`.

Never looks into the process, and costs it nothing.
"""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path

from bench.figures import Load

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024
_UTIME, _STIME = 11, 12
"""Places of the fields in `/proc/<pid>/stat`, counted behind the name."""


class Meter:
    """Measures one process between `begin` and `load`."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")
        self._began = (0.0, 0.0)

    def begin(self) -> None:
        """Measure from now on."""
        self._began = (time.monotonic(), self._worked())

    def load(self) -> Load:
        """Return what was used since `begin`."""
        since, worked = self._began
        share = (self._worked() - worked) / (time.monotonic() - since)
        return Load(share, self._memory("VmRSS"), self._memory("VmHWM"))

    def _worked(self) -> float:
        """Seconds of processor time so far, all threads together."""
        stat = (self._folder / "stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS

    def _memory(self, name: str) -> int:
        status = (self._folder / "status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * _KIB


class Lag:
    """How late this process's own event loop runs: whether the instrument itself is in the way."""

    def __init__(self, every: timedelta = timedelta(milliseconds=50)) -> None:
        self._every = every.total_seconds()
        self.seen: list[timedelta] = []

    async def watch(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._every
            await asyncio.sleep(self._every)
            self.seen.append(timedelta(seconds=loop.time() - due))
