"""Everything the bot can say."""

from datetime import timedelta
from string import Formatter

import pytest

from bot.discord_ui.words import LANGUAGES, Say, Words, words_for
from bot.discord_ui.words.figures import quoted
from bot.domain.quota import LedgerKind, Period
from bot.domain.task import TaskState
from bot.domain.turns import Place
from bot.errors import Failure, FieldValue, Refusal, Refused
from tests.discord_ui.building import NOON, task

FIELDS: dict[Refusal, dict[str, FieldValue]] = {
    Refusal.PROMPT_TOO_LONG: {"length": 3400, "limit": 3000, "shot": 2},
    Refusal.UNKNOWN_MODEL: {"model": "sora", "choices": ("t2v", "sora-2")},
    Refusal.MODEL_OFF: {"model": "lv", "choices": ("t2v",)},
    Refusal.WRONG_DOOR: {"model": "i2v", "takes": ("image",), "choices": ("t2v",)},
    Refusal.WRONG_DURATION: {"model": "t2v", "choices": (5, 8)},
    Refusal.WRONG_ASPECT: {"model": "t2v", "choices": ("16:9", "1:1")},
    Refusal.TOO_MANY_SHOTS: {"model": "lv", "limit": 6, "count": 8},
    Refusal.NOT_A_PICTURE: {"kind": "HEIC"},
    Refusal.PICTURE_TOO_LARGE: {"limit": 26214400},
    Refusal.POOL_EMPTY: {"cost": 50, "left": -3, "renews_at": NOON},
    Refusal.LIMIT_REACHED: {"cost": 50, "left": 10, "renews_at": NOON},
    Refusal.NOT_PERMITTED: {"permission": "Manage Server"},
    Refusal.WRONG_CREDITS: {"limit": 1000000},
    Refusal.WRONG_GRANT: {"limit": 1000000, "left": 995},
}


@pytest.fixture(params=sorted(LANGUAGES))
def words(request: pytest.FixtureRequest) -> Words:
    """Return each language in turn."""
    return LANGUAGES[request.param]


@pytest.mark.parametrize("code", Refusal)
@pytest.mark.parametrize("known", [True, False], ids=["with its fields", "without any"])
def test_every_refusal_has_words_even_when_its_fields_are_missing(
    words: Words, code: Refusal, known: bool
) -> None:
    """Every code has kind words, and a missing figure never leaves a hole."""
    fields = FIELDS.get(code, {}) if known else {}
    text = words.refusal(Refused(code, **fields))
    assert text.endswith((".", "!"))
    assert len(text) > 20
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("code", FIELDS)
def test_a_refusal_tells_every_figure_it_was_given(words: Words, code: Refusal) -> None:
    """The fields that errors.py promises for a code are named by its fullest template."""
    named = {name for _, name, _, _ in Formatter().parse(words.refusals[code][0]) if name}
    unused = set(FIELDS[code]) - named
    assert unused <= {"model", "choices"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (Refusal.POOL_EMPTY, "does not have enough credits left"),
        (Refusal.POOL_EMPTY, "`/quota grant` (without `user`)"),
        (Refusal.LIMIT_REACHED, "You do not have enough credits left"),
        (Refusal.WRONG_ASPECT, "This model has one shape only; leave `aspect` empty."),
    ],
)
def test_a_refusal_without_figures_still_helps(code: Refusal, text: str) -> None:
    """Where a field is unknown, the rest is plain English and names what to do."""
    assert text in LANGUAGES["en"].refusal(Refused(code))


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_says_that_the_credits_are_back(words: Words, failure: Failure) -> None:
    """A film that will not come names the reason and the credits that went back."""
    text = words.failure(task(TaskState.FAILED, failure=failure, cost=1200))
    assert words.say(Say.CARD_REFUNDED, cost=1200) in text
    assert "1,200" in text
    assert len(text.splitlines()[0]) > 15


OWN_DOING = {Failure.BY_MEMBER, Failure.WITHDRAWN}
"""Ends that somebody in Discord asked for."""
OF_THE_ORDER = {Failure.CONTENT, Failure.PICTURE}
"""What the service objects to: the words or the picture."""


@pytest.mark.parametrize("failure", set(Failure) - OWN_DOING)
def test_every_failure_says_whose_doing_it_was_and_what_to_do(failure: Failure) -> None:
    """Plainly not the member's, or which part of the order; then a way on."""
    (text,) = LANGUAGES["en"].failures[failure]
    assert ("That is not your mistake" in text) == (failure not in OF_THE_ORDER)
    assert "try" in text or "may work" in text or "may pass" in text or "another model" in text


def test_every_state_period_entry_and_saying_has_words(words: Words) -> None:
    """A language is whole or it is not offered."""
    assert set(TaskState) == set(words.states)
    assert set(TaskState) == set(words.short_states)
    assert max(len(state) for state in words.short_states.values()) <= 30
    assert set(Period) == set(words.periods)
    assert set(LedgerKind) == set(words.entries)
    assert set(Say) == set(words.sayings)


def test_an_unknown_locale_is_answered_in_english() -> None:
    """Where nobody has translated, English is spoken; regions share their language."""
    assert words_for("xx-YY") is LANGUAGES["en"]
    assert words_for("en-GB") is LANGUAGES["en"]


def test_figures_are_easy_to_read() -> None:
    """Thousands are grouped, instants count down by themselves, lists are lists."""
    words = LANGUAGES["en"]
    empty = Refused(Refusal.POOL_EMPTY, cost=1500, left=1000, renews_at=NOON)
    assert "1,500 credits" in words.refusal(empty)
    assert f"<t:{int(NOON.timestamp())}:R>" in words.refusal(empty)
    wrong = Refused(Refusal.WRONG_DURATION, model="t2v", choices=(5, 8))
    assert "`t2v` makes films of 5, 8 s" in words.refusal(wrong)
    large = Refused(Refusal.PICTURE_TOO_LARGE, limit=25 * 1024 * 1024)
    assert "25 MiB" in words.refusal(large)


@pytest.mark.parametrize(
    ("shortest", "longest", "text"),
    [
        (0.4, 1.2, "up to 5 seconds"),
        (38, 71, "40 to 70 seconds"),
        (50, 200, "1 to 3 minutes"),
        (20, 200, "up to 3 minutes"),
        (301, 475, "5 to 8 minutes"),
        (290, 310, "about 5 minutes"),
        (3600, 3 * 3600, "1 to 3 hours"),
    ],
)
def test_how_long_it_usually_takes_reads_naturally(
    shortest: float, longest: float, text: str
) -> None:
    """One unit for both, in full, and no more exact than anybody needs."""
    told = LANGUAGES["en"].usual(timedelta(seconds=shortest), timedelta(seconds=longest))
    assert told == f"Usually takes {text}"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(1), "Next in line: it is sent as soon as there is room."),
        (Place(1, own=2), "Next in line: it is sent as soon as there is room."),
        (Place(2, members=1), "2nd in line: one member is before you."),
        (
            Place(3, members=2, own=1),
            "3rd in line: two members are before you; your own second waits for your first.",
        ),
        (Place(4, own=3), "4th in line: your own fourth waits for the three before it."),
        (Place(5, elsewhere=4), "5th in line: others are being served first."),
        (
            Place(23, members=13, elsewhere=9),
            "23rd in line: 13 members are before you; others are served in turn.",
        ),
        (
            Place(111, own=12, elsewhere=1),
            (
                "111th in line: your own 13th waits for the twelve before it;"
                " others are served in turn."
            ),
        ),
        (Place(1221, elsewhere=7), "1,221st in line: others are being served first."),
    ],
)
def test_a_place_tells_why(place: Place, text: str) -> None:
    """Who is before it in plain English; of other servers no more than that there are some."""
    assert LANGUAGES["en"].place(place) == text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("@everyone", "@\u200beveryone"),
        ("@here", "@\u200bhere"),
        ("<@30>", "\\<@\u200b30>"),
        ("<@&30>", "\\<@\u200b&30>"),
        ("<t:1:R>", "\\<t:1:R>"),
        ("# huge", "\\# huge"),
        ("> quote", "\\> quote"),
        ("one\n> two\n# three", "one > two # three"),
        ("- item", "\\- item"),
        ("-# small", "\\-# small"),
        ("1. item", "1\\. item"),
        ("**b** __u__ `c`", "\\*\\*b\\*\\* \\_\\_u\\_\\_ \\`c\\`"),
        ("a\u202eb\u2066c\u2069\u202c \u200f\u061cd", "abc d"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        ("||s||", "\\|\\|s\\|\\|"),
        ("[click](https://example.com)", "\\[click](https:\u200b//example.com)"),
    ],
)
def test_a_strangers_text_cannot_ping_or_format(typed: str, shown: str) -> None:
    """Mentions, markdown and links are shown as typed; what turns text around is left out."""
    assert quoted(typed, 200) == shown


def test_a_long_text_is_cut_by_its_own_characters() -> None:
    """The cut is made before escaping, so it never halves an escape."""
    shown = quoted("*" * 500, 10)
    assert shown == "\\*" * 9 + "…"


def test_a_long_list_leaves_room_for_its_sentence(words: Words) -> None:
    """A hundred models with the longest names: the answer still fits into one message."""
    choices = tuple(f"m{number}-".ljust(64, "x") for number in range(100))
    for code in (Refusal.UNKNOWN_MODEL, Refusal.MODEL_OFF, Refusal.WRONG_DOOR):
        text = words.refusal(Refused(code, model="m" * 60, takes=("image",), choices=choices))
        assert choices[0] in text
        assert len(text) <= 2000
