"""The two ends of every test of media: where the file comes from and where it goes."""

from pathlib import Path

import pytest


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Where a test puts the member's picture; its name says nothing."""
    return tmp_path / "picture"


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where the prepared picture goes."""
    return tmp_path / "prepared.jpg"
