"""Private answers and suggestions: whole within one message, and safe from what members typed."""

from datetime import timedelta
from typing import Any

import pytest

from bot.discord_ui import choices
from bot.discord_ui.statements import MESSAGE_LIMIT, film_list, history, quota_statement
from bot.discord_ui.words import LANGUAGES
from bot.domain.quota import LedgerEntry, LedgerKind, Period, Purse, Rule, Standing
from tests.discord_ui.building import ADA, NOON, task

WORDS = LANGUAGES["en"]
GRACE = 31
STANDING = Standing(Period.WEEK, NOON, Purse(500, 0, 0, 0), None)


def _grants(count: int) -> list[LedgerEntry]:
    return [LedgerEntry(LedgerKind.GRANT, 5, ADA, None, GRACE, NOON) for _ in range(count)]


def _rules(count: int) -> list[Rule]:
    return [Rule("member", 10**18 + i, 100, None, GRACE, NOON) for i in range(count)]


def _told(text: str, entries: int) -> None:
    """Check that every entry is shown or counted."""
    assert len(text) <= MESSAGE_LIMIT
    *lines, last = text.splitlines()
    shown = [line for line in lines if "<@" in line or "`" in line]
    assert last == f"… and {entries - len(shown)} more"
    assert len(text) + len(shown[-1]) > MESSAGE_LIMIT - len("… and 100 more")


@pytest.mark.parametrize("count", [60, 99, 500])
def test_what_does_not_fit_is_counted(count: int) -> None:
    """One message holds 2,000 characters; the last line says how many lines it does not hold."""
    _told(history(_grants(count), WORDS), count)
    _told(quota_statement(STANDING, _rules(count), WORDS), count)
    _told(film_list([task()] * count, WORDS), count)


def test_what_fits_is_shown_whole() -> None:
    """Nothing is counted where nothing is missing."""
    text = quota_statement(STANDING, _rules(20), WORDS)
    assert text.count("100 credits") == 20
    assert "more" not in text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"credits": 70}, "**+70** granted to the server by <@31>"),
        ({"credits": 70, "member_id": ADA}, "**+70** granted to <@30> by <@31>"),
        ({"credits": -70}, "**-70** taken back from the server by <@31>"),
        ({"credits": -70, "member_id": ADA}, "**-70** taken back from <@30> by <@31>"),
    ],
)
def test_a_grant_names_who_gave_it(fields: dict[str, Any], line: str) -> None:
    """Several admins share a ledger: each grant has its author."""
    values = {"kind": LedgerKind.GRANT, "member_id": None, "task_id": None, "at": NOON, **fields}
    assert history([LedgerEntry(actor_id=GRACE, **values)], WORDS).endswith(f" · {line}")


def test_a_prompt_cannot_turn_the_rest_of_its_line_around() -> None:
    """Overrides of the writing direction are dropped from lists and from suggestions."""
    turning = task(prompts=("a \u202etoб\u2067 x",), duration=timedelta(seconds=5))
    (choice,) = choices.films([turning], "", WORDS)
    for text in (film_list([turning], WORDS), choice.name):
        assert "a toб x" in text
        assert not set(text) & {"\u202e", "\u2067"}
