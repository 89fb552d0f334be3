"""The page for people, and the table itself."""

from collections import Counter

from tests.faults.table import ROWS
from tests.faults.table_page import PAGE, page


def test_the_page_is_the_table() -> None:
    """`docs/faults.md` says what the tests compare."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_row_has_a_name_of_its_own() -> None:
    """A step and a fault name one row."""
    assert [name for name, times in Counter(row.name for row in ROWS).items() if times > 1] == []
