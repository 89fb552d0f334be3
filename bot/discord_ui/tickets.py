"""A refusal in at most a hundred characters, so that a button can carry it.

Serves *Why?*. The fields that do not fit are left out, longest first: the words do without them.
Never holds a balance: everybody who receives a message can read its custom ids.
"""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from bot.domain.quota import Standing
from bot.errors import FieldValue, Refusal, Refused

PRIVATE = frozenset({"left", "renews_at"})
"""What only the asker may know; looked up again when they press."""


def write(refused: Refused, *, room: int) -> str:
    """Return the code and as many fields as fit into ``room`` characters."""
    fields = {
        name: _pack(value)
        for name, value in refused.fields.items()
        if value is not None and name not in PRIVATE
    }
    while True:
        ticket = f"{refused.code.value}?{urlencode(fields, safe=',:.')}"
        if len(ticket) <= room or not fields:
            return ticket
        del fields[max(fields, key=lambda name: len(fields[name]))]


def read(ticket: str) -> Refused | None:
    """Return the refusal a ticket tells of; ``None``: this version does not know its code."""
    code, _, query = ticket.partition("?")
    if code not in set(Refusal):
        return None
    fields = {name: _unpack(text) for name, text in parse_qsl(query)}
    return Refused(Refusal(code), **fields)


def with_figures(refused: Refused, standing: Standing) -> Refused:
    """Return a refusal for lack of credits with what its asker has by now; any other as it is."""
    purses = {Refusal.POOL_EMPTY: standing.pool, Refusal.LIMIT_REACHED: standing.member}
    purse = purses.get(refused.code)
    if purse is None:
        return refused
    figures = {"left": purse.left, "renews_at": standing.renews_at}
    return Refused(refused.code, **{**refused.fields, **figures})


def _pack(value: FieldValue) -> str:
    match value:
        case int():
            return f"i{value}"
        case datetime():
            return f"t{value.timestamp():.0f}"
        case tuple():
            return "l" + ",".join(str(item) for item in value)
        case _:
            return f"s{value}"


def _unpack(text: str) -> FieldValue:
    kind, rest = text[:1], text[1:]
    if kind == "i":
        return int(rest)
    if kind == "t":
        return datetime.fromtimestamp(int(rest), UTC)
    if kind == "l":
        return tuple(rest.split(",")) if rest else ()
    return rest
