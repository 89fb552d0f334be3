"""Writes ``docs/faults.md`` from the table: ``python -m tests.faults.table_page``."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.faults.table import ROWS
from tests.faults.table_row import Row

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
HEAD = """\
# Fault by fault

What can go wrong at each step, and what the member sees of it. {count} rows; each is a test that
plays it with the real bot against the sandbox's Discord and services and compares every column.
This page is written from those tests: `python -m tests.faults.table_page`.

- The suite plays the {suite} rows marked ●; `python -m pytest tests/faults -m long` the others.
- **Credits**: what the server's pool has lost in the end. 5 is the price of the film that is
  ordered, 40 that of `sora-2`.
- **Sent**: creates that the services received. **Made**: jobs that they made of them, which is
  what the operator pays for.
- In every row the film appears once or not at all, the ledger has one hold and one end for each
  task, and no task is left that nothing picks up. ⚑: the operator is told, too
  (`python -m bot check`, the log, `/metrics`).
"""
COLUMNS = "| | What goes wrong | What the member sees | Credits | Sent | Made |\n|-|-|-|-|-|-|\n"


def page() -> str:
    """Return the page as it has to be."""
    count, suite = len(ROWS), sum(row.suite for row in ROWS)
    return "\n".join([HEAD.format(count=count, suite=suite), *_chapters()])


def _chapters() -> Iterator[str]:
    for step, rows in groupby(ROWS, key=lambda row: row.step):
        yield f"## {step}\n\n{COLUMNS}" + "".join(map(_line, rows))


def _line(row: Row) -> str:
    marks = ("●" if row.suite else "") + ("⚑" if row.flagged else "")
    cells = (marks, row.fault, row.sees, str(row.spent), str(row.sent), str(row.made))
    return "| " + " | ".join(cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
