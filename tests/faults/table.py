"""The fault table: every row, in the order of the story. ``docs/faults.md`` shows it to people."""

from tests.faults import (
    table_creates,
    table_downloads,
    table_edits,
    table_first_answers,
    table_gateway,
    table_looks,
    table_stores,
    table_takedowns,
    table_times,
    table_uploads,
)
from tests.faults.table_row import Row

ROWS: list[Row] = [
    *table_first_answers.ROWS,
    *table_creates.ROWS,
    *table_looks.ROWS,
    *table_downloads.ROWS,
    *table_uploads.ROWS,
    *table_edits.ROWS,
    *table_gateway.ROWS,
    *table_times.ROWS,
    *table_stores.ROWS,
    *table_takedowns.ROWS,
]
