"""`python -m bench.profiler FILE`: the bot with a watch on it that writes down where its time goes.

Whenever it has used a little more of the processor, a signal looks where the main thread is; time
spent while that one waits is other threads' (the database, the disk, FFmpeg). At the end `FILE` has
how often each function was met, by itself and with what it called, and each library. It costs the
bot a few per cent, so nothing else is measured meanwhile. SQLAlchemy works in stacks of its own:
its time does not show in its callers'.
"""

import runpy
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

EVERY = 0.002
"""Seconds of processor time, as far as the system counts so finely."""
WAITING = "selectors.py"
LIBRARIES = "site-packages"
SHOWN = 70


class Watch:
    """Counts the functions that the main thread is in."""

    def __init__(self) -> None:
        self._counted: dict[str, Counter[str]] = {
            "by library": Counter(),
            "by itself": Counter(),
            "with what it calls": Counter(),
        }

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Take down one stack."""
        if frame is None:
            return
        names = list(_names(frame))
        library = _library(frame.f_code.co_filename)
        if WAITING in names[0]:
            names, library = ["other threads"], "other threads"
        libraries, alone, whole = self._counted.values()
        libraries[library] += 1
        alone[names[0]] += 1
        whole.update(set(names))

    def text(self) -> str:
        """Return the lists, in per cent of the processor time used."""
        looks = max(1, self._counted["by itself"].total())
        lists = []
        for title, counted in self._counted.items():
            most = counted.most_common(SHOWN)
            lines = [f"{100 * number / looks:6.1f} %  {name}" for name, number in most]
            lists.append("\n".join([title, *lines]))
        return "\n\n".join(lists) + "\n"


def _names(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        path = "/".join(Path(frame.f_code.co_filename).parts[-2:])
        yield f"{path}:{frame.f_code.co_qualname}"
        frame = frame.f_back


def _library(file: str) -> str:
    parts = Path(file).parts
    if LIBRARIES in parts:
        return parts[parts.index(LIBRARIES) + 1]
    ours = [part for part in parts if part in {"bot", "cogs"}]
    return "/".join(parts[parts.index(ours[0]) : -1]) if ours else "/".join(parts[-2:])


def main() -> None:
    """Run the bot; write the file when it ends."""
    file = Path(sys.argv.pop(1))
    watch = Watch()
    signal.signal(signal.SIGPROF, watch.look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        runpy.run_module("bot", run_name="__main__")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        file.write_text(watch.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
