"""The report: claims, chart and tables on one page, with the machine and the versions.

Never judges, and never holds a path or a name of the machine.
"""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from bench.cases import Case
from bench.figures import Outcome
from bench.programme import DELAYS
from bench.report.chart import chart
from bench.report.claims import claims
from bench.report.tables import TITLES, grid, table

PAGE, CHART = "report.md", "delays.svg"
LIBRARIES = ("discord.py", "httpx", "SQLAlchemy", "aiosqlite", "aiohttp", "av", "openai")
HOW = """\
Every contender is a child process that talks over loopback HTTP to the same stand-ins, on the same
machine, one case after the other. Films are one million bytes of H.264. A delay runs from when the
service's script says *done* to when Discord has received all of the film's message; a film that had
not come when the case ended counts as later than all others. Nothing is scaled: the limits of
Discord (50 requests a second; 5 messages in 5 s a channel) and of AI Video Maker (60 queries a
minute) are the real ones. What is short is the films' lives: with N in flight and a film every *g*
seconds one takes about N × *g*. Where few are in flight several bots play side by side, each in a
world of its own, so that the machine delivers about as many films a second in every case. The
figures are the machine's as much as the bot's."""


def page(shown: Sequence[tuple[Case, Outcome]], took: timedelta) -> str:
    """Return the report in Markdown; the chart lies beside it."""
    parts = ["# What the bench measured", _where(took), HOW]
    judged = claims(shown)
    if judged:
        rows = [[one.text, one.seen, "yes" if one.held else "**no**"] for one in judged]
        parts += ["## What it must show", grid(["claim", "seen", "held"], rows)]
    for part, title in TITLES.items():
        of_it = [one for one in shown if one[0].part == part]
        if of_it:
            parts.append(f"## {title}")
            if part == DELAYS:
                parts.append(f"![Delays by films in flight]({CHART})")
            parts.append(table(part, of_it))
    warnings = [_redrawn(*one) for one in shown if one[1].redrawn or one[1].repeated]
    return "\n\n".join([*parts, *warnings]) + "\n"


def write(folder: Path, shown: Sequence[tuple[Case, Outcome]], took: timedelta) -> Path:
    """Write the report and the chart into `folder`; return the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    flows = [one for one in shown if one[0].part == DELAYS]
    (folder / CHART).write_text(chart(flows), encoding="utf-8")
    (folder / PAGE).write_text(page(shown, took), encoding="utf-8")
    return folder / PAGE


def _where(took: timedelta) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, in {took.total_seconds() / 60:.0f} minutes. "
        f"{_processor()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; Clapboard {version('clapboard')}; {versions}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _redrawn(case: Case, outcome: Outcome) -> str:
    return (
        f"*{case}: {outcome.redrawn} cards were redrawn before the first film was done, and "
        f"{outcome.repeated} films came twice or not as they were: this case is not what it says.*"
    )
