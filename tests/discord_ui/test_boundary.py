"""Errors that nobody waits for an answer to: listeners without an interaction."""

import pytest

from bot.discord_ui.boundary import explain
from bot.errors import Unreachable


async def test_a_passing_trouble_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Discord's trouble with a message is no bug of ours: no reference, no traceback."""
    await explain(None, Unreachable("503, code 0"))
    (record,) = caplog.records
    assert "a request of a member failed" in record.getMessage()
    assert record.exc_info is None
