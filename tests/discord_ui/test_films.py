"""The film's name in Discord."""

import re

import pytest

from bot.discord_ui.films import film_name
from tests.discord_ui.building import task


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A fox in the snow!", "a-fox-in-the-snow-0123456789ab.mp4"),
        ("Füchse über Zäune", "fuchse-uber-zaune-0123456789ab.mp4"),
        ("狐", "clapboard-0123456789ab.mp4"),
        ("", "clapboard-0123456789ab.mp4"),
        ("../../etc/passwd", "etc-passwd-0123456789ab.mp4"),
        ("x" * 500, "x" * 40 + "-0123456789ab.mp4"),
    ],
)
def test_a_film_is_named_after_what_it_shows(prompt: str, expected: str) -> None:
    """Plain letters only, so that `attachment://` takes it; the id is always the ending."""
    name = film_name(task(prompts=(prompt,)))
    assert name == expected
    assert re.fullmatch(r"[a-z0-9.-]+", name)
