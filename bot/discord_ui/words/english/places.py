"""English: a place in the line, and why it is not nearer to the head.

Stands on public cards and speaks to the requester. Of other servers it tells no more than that
there are some: how much they order is nobody else's business.
"""

from bot.domain.turns import Place

_COUNTS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ORDINALS = (
    *("", "first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)


def place(where: Place) -> str:
    """Return e.g. ``3rd in line: two members are before you; your own second waits for …``."""
    if where.number == 1:
        return "Next in line: it is sent as soon as there is room."
    reasons = "; ".join(filter(None, (_members(where), _own(where), _elsewhere(where))))
    return f"{_nth(where.number)} in line: {reasons}."


def _members(where: Place) -> str:
    if where.members == 0:
        return ""
    if where.members == 1:
        return "one member is before you"
    return f"{_count(where.members)} members are before you"


def _own(where: Place) -> str:
    if where.own == 0:
        return ""
    if where.own == 1:
        return "your own second waits for your first"
    own = where.own + 1
    ordinal = _ORDINALS[own] if own < len(_ORDINALS) else _nth(own)
    return f"your own {ordinal} waits for the {_count(where.own)} before it"


def _elsewhere(where: Place) -> str:
    if where.elsewhere == 0:
        return ""
    if where.members == where.own == 0:
        return "others are being served first"
    return "others are served in turn"


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else f"{number:,}"


def _nth(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
