"""Errors on their way to the log lose what nobody may read there."""

import traceback

import aiohttp
import pytest

from bot.discord_ui.troubles import fact, translated
from bot.errors import Unreachable

SECRET = "https://discord.com/api/v10/webhooks/1/canary-token"


def test_a_broken_connection_never_tells_its_address() -> None:
    """Aiohttp puts the address into its texts, and an interaction's address holds its token."""
    broken = aiohttp.ConnectionTimeoutError(f"Connection timeout to host {SECRET}")
    with pytest.raises(Unreachable) as caught, translated():
        raise broken
    assert "canary-token" not in "".join(traceback.format_exception(caught.value))
    assert fact(broken) == "ConnectionTimeoutError"
