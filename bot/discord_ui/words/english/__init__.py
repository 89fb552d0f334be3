"""English. Plain and kind: what happened, whose doing it was, what to do now.

Serves every text of the bot. Each template names its fields; ``figures.Figure`` gives the looks.
Never decides anything.
"""

from bot.discord_ui.words.english.places import place
from bot.discord_ui.words.english.refusals import REFUSALS
from bot.discord_ui.words.english.sayings import SAYINGS
from bot.discord_ui.words.english.tasks import FAILURES, SHORT_STATES, STATES
from bot.discord_ui.words.english.times import usual
from bot.discord_ui.words.language import Words
from bot.domain.quota import LedgerKind, Period

_PERIODS = {
    Period.DAY: "each day",
    Period.WEEK: "each week",
    Period.MONTH: "each month",
    Period.TOTAL: "in total",
}

_ENTRIES = {
    LedgerKind.HOLD: "held",
    LedgerKind.ADJUST: "adjusted to what the service charged",
    LedgerKind.SETTLE: "settled",
    LedgerKind.RELEASE: "given back",
    LedgerKind.GRANT: "granted",
}

WORDS = Words(REFUSALS, FAILURES, STATES, SHORT_STATES, _PERIODS, _ENTRIES, SAYINGS, place, usual)
