"""Errors that nobody waits for an answer to: listeners without an interaction."""

from unittest.mock import Mock

import discord
import pytest

from bot.discord_ui.boundary import explain
from bot.errors import Unreachable


async def test_a_passing_trouble_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Discord's trouble with a message is no bug of ours: no reference, no traceback."""
    await explain(None, Unreachable("503, code 0"))
    (record,) = caplog.records
    assert "a request of a member failed" in record.getMessage()
    assert record.exc_info is None


async def test_a_place_that_is_gone_is_no_bug(caplog: pytest.LogCaptureFixture) -> None:
    """The channel was deleted while somebody pressed: one line, no reference, no traceback."""
    response = Mock(status=404, reason="Not Found")
    gone = discord.NotFound(response, {"code": 10003, "message": "Unknown Channel"})
    await explain(None, gone)
    (record,) = caplog.records
    assert record.getMessage() == "there was nothing left to answer: 404, code 10003"
    assert record.exc_info is None
