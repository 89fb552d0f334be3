"""When Discord's signed links stop working."""

from datetime import UTC, datetime

import pytest

from bot.discord_ui.links import expiry, first_expiry, same_file

FILE = "https://cdn.discordapp.com/attachments/1/2/boat.png"
SIGNED = f"{FILE}?ex=6553f100&is=65529f80&hm=0123456789abcdef&"
LATER = f"{FILE}?ex=6553f200&is=65529f80&hm=fedcba9876543210&"


def test_a_signed_link_says_when_it_ends() -> None:
    """``ex`` counts seconds in hexadecimal."""
    assert expiry(SIGNED) == datetime.fromtimestamp(0x6553F100, UTC)


@pytest.mark.parametrize(
    "url",
    [
        FILE,
        f"{FILE}?ex=",
        f"{FILE}?ex=tomorrow",
        f"{FILE}?ex=ffffffffffffffffff",
        "https://images-ext-1.discordapp.net/external/abc/https/example.org/a.png",
        "",
    ],
)
def test_other_links_say_nothing(url: str) -> None:
    """An avatar or a preview has no such date, and a stranger's ``ex`` breaks nothing."""
    assert expiry(url) is None


def test_of_several_links_the_first_to_end_counts() -> None:
    """Those that never end do not."""
    assert first_expiry((LATER, FILE, SIGNED)) == expiry(SIGNED)
    assert first_expiry((FILE,)) is None
    assert first_expiry(()) is None


def test_a_fresh_signature_is_the_same_file() -> None:
    """Only where a link leads tells files apart."""
    assert same_file(SIGNED, LATER)
    assert not same_file(SIGNED, SIGNED.replace("/2/", "/3/"))
