"""What a language must have, and how a sentence is chosen and filled.

Serves ``words``: each text is a tuple of templates, the most telling first; the first one whose
fields are all known is used, so a missing figure never leaves a hole. Never formats by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from string import Formatter

from bot.discord_ui.words.figures import Figure, Markup
from bot.domain.quota import LedgerKind, Period
from bot.domain.task import Task, TaskState
from bot.domain.turns import Place
from bot.errors import Failure, FieldValue, Refusal, Refused

Lines = tuple[str, ...]
"""Templates of one text, most telling first; the last stands in where none has all its fields."""


class Say(StrEnum):
    """Every other text, by what it is for; the fields each may use are in the English table."""

    # on a card
    CARD_FACTS = auto()
    CARD_SHAPE = auto()
    CARD_PAUSED = auto()
    CARD_SINCE = auto()
    CARD_CANCELLING = auto()
    CARD_TOO_LATE = auto()
    CARD_SLOW = auto()
    CARD_FILM = auto()
    CARD_CONTINUES = auto()
    CARD_DIRECT = auto()
    CARD_FITTED = auto()
    FROM_PICTURE = auto()
    FROM_AVATAR = auto()
    TAKEN_DOWN = auto()
    TAKEN_DOWN_BY_SOURCE = auto()
    TAKEN_DOWN_BY_REQUESTER = auto()
    TAKEN_DOWN_BY_MODERATOR = auto()
    STILL_UNDER_WAY = auto()
    STAYS_SPENT = auto()
    CARD_WORDS_BLOCKED = auto()
    CARD_CHARGED = auto()
    CARD_FREE = auto()
    CARD_DETAIL = auto()
    CARD_REFUNDED = auto()
    CARD_UNCHARGED = auto()
    # messages of their own
    FILM_CAPTION = auto()
    FILM_DIRECT = auto()
    NO_FILM_CAME = auto()
    # buttons and forms
    CANCEL = auto()
    FULL_QUALITY = auto()
    TAKE_DOWN = auto()
    REFUSE_OTHERS = auto()
    ALLOW_OTHERS = auto()
    GET_FILM = auto()
    AGAIN = auto()
    TRY_AGAIN = auto()
    CHANGE_WORDS = auto()
    ANOTHER_MODEL = auto()
    CONTINUE = auto()
    WHY = auto()
    UPLOAD = auto()
    UPLOAD_OFFERED = auto()
    WHY_NOT_YOURS = auto()
    TURNED_DOWN = auto()
    MENTION_HINT = auto()
    DEAD_BUTTON = auto()
    FORM_TITLE = auto()
    WORDS_TITLE = auto()
    FORM_CUT = auto()
    CONTINUE_TITLE = auto()
    CONTINUE_PROMPT = auto()
    CONTINUE_HINT = auto()
    FORM_PROMPT = auto()
    FORM_PROMPT_HINT = auto()
    FORM_MODEL = auto()
    FORM_MODEL_HINT = auto()
    FORM_PICTURE = auto()
    FORM_PICTURE_CHOICE = auto()
    FORM_SHOTS = auto()
    FORM_SHOTS_HINT = auto()
    FORM_UPLOAD_TITLE = auto()
    FORM_UPLOAD = auto()
    FORM_TYPED = auto()
    STORYBOARD_TITLE = auto()
    STORYBOARD_MODEL = auto()
    STORYBOARD_SHOT = auto()
    STORYBOARD_SHOTS = auto()
    STORYBOARD_OPTION = auto()
    ALREADY_ORDERED = auto()
    # choices while typing
    CHOICE_MODEL = auto()
    CHOICE_LENGTH = auto()
    CHOICE_CLEAR = auto()
    CHOICE_TASK = auto()
    # private answers
    LIST_EMPTY = auto()
    LIST_LINE = auto()
    FILM_NOT_ATTACHED = auto()
    FILM_FULL = auto()
    FILM_IN_PARTS = auto()
    FILM_ANEW = auto()
    FILM_SMALLER = auto()
    # consent, privately
    REMOVED = auto()
    STOPPED = auto()
    CANCEL_ASKED = auto()
    OTHERS_MAY = auto()
    OTHERS_MAY_NOT = auto()
    # credits and quotas
    CREDITS_TITLE = auto()
    CREDITS_MEMBER = auto()
    CREDITS_NO_LIMIT = auto()
    CREDITS_POOL = auto()
    CREDITS_RENEW = auto()
    QUOTA_TITLE = auto()
    QUOTA_RULE_SERVER = auto()
    QUOTA_RULE_DEFAULT = auto()
    QUOTA_RULE_MEMBER = auto()
    QUOTA_RULE_ROLE = auto()
    QUOTA_NO_RULES = auto()
    QUOTA_EVERYONE = auto()
    QUOTA_POOL = auto()
    QUOTA_SET = auto()
    QUOTA_BLOCKED = auto()
    QUOTA_CLEARED = auto()
    QUOTA_NO_LIMIT = auto()
    QUOTA_GRANTED = auto()
    QUOTA_GRANT_WAITS = auto()
    QUOTA_TAKEN_BACK = auto()
    HISTORY_EMPTY = auto()
    HISTORY_LINE = auto()
    HISTORY_GRANT = auto()
    HISTORY_TAKEN_BACK = auto()
    MORE_LINES = auto()
    # trouble
    BUG = auto()
    OUTDATED_COMMAND = auto()
    UNREADABLE_OPTION = auto()


@dataclass(frozen=True, slots=True)
class Words:
    """One language: a template for everything the bot can say."""

    refusals: Mapping[Refusal, Lines]
    failures: Mapping[Failure, Lines]
    states: Mapping[TaskState, str]
    short_states: Mapping[TaskState, str]
    """For a line of a list or a menu: at most 30 characters, no markdown."""
    periods: Mapping[Period, str]
    entries: Mapping[LedgerKind, str]
    sayings: Mapping[Say, Lines]
    place: Callable[[Place], str]
    """A sentence about a place in the line; each language counts and joins in its own way."""
    usual: Callable[[timedelta, timedelta], str]
    """How long such films usually take, from the shorter to the longer."""

    def say(self, what: Say, **fields: FieldValue) -> str:
        """Return one text with its fields filled in."""
        return _fill(self.sayings[what], fields)

    def plain(self, what: Say, **fields: FieldValue) -> str:
        """Return one text for a place that knows no markdown, such as a menu."""
        return self.say(what, **{name: _bare(value) for name, value in fields.items()})

    def short_state(self, task: Task) -> str:
        """Return where a task stands, for a line of a list or a menu."""
        return self.say(Say.TAKEN_DOWN) if task.withdrawn else self.short_states[task.shown_state]

    def refusal(self, refused: Refused) -> str:
        """Return why something was turned down and what to do; for the asker's eyes only."""
        return _fill(self.refusals[refused.code], refused.fields)

    def failure(self, task: Task) -> str:
        """Return why a task has no film, the service's own words, and where the credits are."""
        reason = _fill(self.failures[task.failure], {}) if task.failure else ""
        detail = self.say(Say.CARD_DETAIL, detail=task.detail) if task.detail else ""
        back = Say.CARD_REFUNDED if task.cost else Say.CARD_UNCHARGED
        return "\n".join(filter(None, (reason, detail, self.say(back, cost=task.cost))))


def _bare(value: FieldValue) -> FieldValue:
    return Markup(value) if isinstance(value, str) and value else value


def _fill(lines: Lines, fields: Mapping[str, FieldValue]) -> str:
    figures = {name: Figure(value) for name, value in fields.items()}
    known = {name for name, figure in figures.items() if figure.known}
    line = next((line for line in lines if _needs(line) <= known), lines[-1])
    return line.format_map(figures)


def _needs(line: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(line) if name}
