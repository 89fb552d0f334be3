"""Custom ids carry everything over a restart."""

from dataclasses import replace

import pytest

from bot.discord_ui import tickets
from bot.discord_ui.buttons import (
    AgainButton,
    CancelButton,
    ContinueButton,
    FullQualityButton,
    TaskButton,
    WhyButton,
    WordsButton,
    is_button,
    why,
)
from bot.discord_ui.words import Say, words_for
from bot.domain.quota import Period, Purse, Standing
from bot.errors import Refusal, Refused
from tests.discord_ui.building import NOON
from tests.discord_ui.test_words import FIELDS

SNOWFLAKE = 2**63
PURSE = Purse(allowance=10, spent=3, held=0, granted=0)
STANDING = Standing(Period.MONTH, NOON, PURSE, PURSE)
WORDS = words_for("en-US")


@pytest.mark.parametrize("code", Refusal)
def test_a_refusal_survives_in_a_custom_id(code: Refusal) -> None:
    """The code always comes back, with its fields where they fit into 100 characters."""
    refused = Refused(code, **FIELDS.get(code, {}))
    button = WhyButton.of(SNOWFLAKE, refused, "en-US")
    assert len(button.custom_id) <= 100
    assert is_button(button.custom_id)
    again = tickets.read(button.ticket)
    assert again is not None
    assert code == again.code
    assert WORDS.refusal(again) == WORDS.refusal(Refused(code, **again.fields))


@pytest.mark.parametrize("code", [Refusal.POOL_EMPTY, Refusal.LIMIT_REACHED])
def test_no_balance_stands_in_a_public_button(code: Refusal) -> None:
    """Whoever receives a message reads its custom ids: cost only; the press adds the rest."""
    refused = Refused(code, cost=1500, left=-20, renews_at=NOON)
    button = WhyButton.of(SNOWFLAKE, refused, "en-US")
    again = tickets.read(button.ticket)
    assert again is not None
    assert again.fields == {"cost": 1500}
    assert why(button, SNOWFLAKE, STANDING, "en-US") == WORDS.refusal(
        Refused(code, cost=1500, left=7, renews_at=NOON)
    )


def test_a_limit_that_was_lifted_leaves_no_hole() -> None:
    """Nobody is told a figure of a limit that they no longer have."""
    button = WhyButton.of(7, Refused(Refusal.LIMIT_REACHED, cost=5, left=0), "en-US")
    text = why(button, 7, replace(STANDING, member=None), "en-US")
    assert text == WORDS.refusal(Refused(Refusal.LIMIT_REACHED))


def test_fields_that_do_not_fit_are_left_out_longest_first() -> None:
    """A list of fifty models is left out; the sentence does without it."""
    refused = Refused(
        Refusal.UNKNOWN_MODEL, model="x", choices=tuple("model" * 2 for _ in "a" * 50)
    )
    again = tickets.read(WhyButton.of(1, refused, "en-US").ticket)
    assert again is not None
    assert again.fields == {"model": "x"}


def test_only_the_asker_learns_why() -> None:
    """Somebody else is told that it is not theirs to know."""
    button = WhyButton.of(7, Refused(Refusal.NO_PICTURE), "en-US")
    assert why(button, 7, STANDING, "en-US") == WORDS.refusal(Refused(Refusal.NO_PICTURE))
    assert why(button, 8, STANDING, "en-US") == WORDS.say(Say.WHY_NOT_YOURS)


def test_a_code_of_another_version_is_no_error() -> None:
    """A button of a version that knew more refusals gets kind words."""
    button = WhyButton(7, "gone_code?a=i1", "Why?")
    assert why(button, 7, STANDING, "en-US") == WORDS.say(Say.DEAD_BUTTON)


def test_cancel_carries_its_task() -> None:
    """The id of the cancel button matches its own template and no foreign one."""
    button = CancelButton(SNOWFLAKE, "0123456789ab", "en-US")
    assert button.custom_id == f"clap:cancel:{SNOWFLAKE}:0123456789ab"
    assert is_button(button.custom_id)
    assert not is_button("clap:cancel:nonsense")


@pytest.mark.parametrize("button", [AgainButton, WordsButton, ContinueButton])
def test_the_next_film_carries_its_server_and_task(button: type[TaskButton]) -> None:
    """After a restart nothing else is left of the film that they stand below."""
    made = button(SNOWFLAKE, "0123456789ab", "en-US")
    assert made.custom_id == f"clap:{button.verb}:{SNOWFLAKE}:0123456789ab"
    assert is_button(made.custom_id)


def test_full_quality_carries_its_server_and_task() -> None:
    """In direct messages nothing else tells which server's film it is."""
    button = FullQualityButton(SNOWFLAKE, "0123456789ab", "en-US")
    assert button.custom_id == f"clap:full:{SNOWFLAKE}:0123456789ab"
    assert is_button(button.custom_id)
