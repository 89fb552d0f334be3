"""How values look inside a sentence: numbers, instants, lengths, lists, and other people's text.

Serves every text of the bot. Never lets a stranger's words ping, format or break a card.
"""

import re
from datetime import datetime, timedelta

from discord.utils import escape_markdown, format_dt
from typing_extensions import override

from bot.errors import FieldValue

MIB = 1024 * 1024
ZERO_WIDTH = "\u200b"
MOST_LISTED = 20
"""Of a list as much as still leaves room for its sentence in one message."""
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Unicode's Bidi_Control: they turn around what follows them, also words that are not theirs."""


class Markup(str):
    """Text of our own making, such as a mention: shown as it is."""

    __slots__ = ()


def one_line(text: str) -> str:
    """Return a stranger's text as one line that keeps to its own place in a sentence."""
    return " ".join(BIDI_CONTROLS.sub("", text).split())


def quoted(text: str, limit: int) -> str:
    """Return a stranger's text as one harmless line of at most ``limit`` of its characters.

    Mentions do not ping, markdown and timestamps are shown as typed, links are not live.
    """
    line = one_line(text)
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    line = escape_markdown(line, ignore_links=False).replace("<", "\\<")
    line = re.sub(r"^(\d+)\.", r"\1\\.", line)
    return line.replace("@", f"@{ZERO_WIDTH}").replace("://", f":{ZERO_WIDTH}//")


def relative(instant: datetime) -> str:
    """Return an instant the way Discord counts it down in each reader's own language."""
    return format_dt(instant, "R")


def length(duration: timedelta) -> str:
    """Return a duration as ``5 s``, ``2 min`` or ``3 h``."""
    total = round(duration.total_seconds())
    if total < 120:  # noqa: PLR2004 - two minutes: below, seconds read better
        return f"{total} s"
    if total < 2 * 3600:
        return f"{round(total / 60)} min"
    return f"{round(total / 3600)} h"


def size(count: int) -> str:
    """Return a number of bytes in MiB."""
    mib = count / MIB
    return f"{mib:.0f} MiB" if mib >= 1 else f"{mib:.1f} MiB"


class Figure:
    """One field of a sentence; the template's format spec chooses how it looks.

    ``{limit}`` 1,000 · ``{limit:bytes}`` 1 MiB · ``{choices:code}`` `a`, `b` · ``{takes:commands}``
    `/video image` · ``{choices:seconds}`` 5, 8 s · ``{renews_at}`` counted down by Discord.
    """

    def __init__(self, value: FieldValue) -> None:
        self._value = value

    @property
    def known(self) -> bool:
        """Tell whether there is anything to show."""
        return self._value not in (None, (), "")

    @override
    def __format__(self, spec: str) -> str:
        if spec == "bytes" and isinstance(self._value, int):
            return size(self._value)
        if spec == "signed" and isinstance(self._value, int):
            return f"{self._value:+,}"
        if spec == "seconds":
            return f"{self._listed('{}')} s"
        if spec == "commands":
            return self._listed("`/video {}`")
        if spec == "code":
            return self._listed("`{}`")
        return self._plain()

    def _listed(self, pattern: str) -> str:
        values = self._value if isinstance(self._value, tuple) else (self._value,)
        listed = [pattern.format(_tame(str(value))) for value in values[:MOST_LISTED]]
        return ", ".join(listed if len(values) <= MOST_LISTED else [*listed, "…"])

    def _plain(self) -> str:
        match self._value:
            case int():
                return f"{self._value:,}"
            case datetime():
                return relative(self._value)
            case timedelta():
                return length(self._value)
            case tuple():
                return self._listed("{}")
            case Markup():
                return self._value
            case _:
                return quoted(str(self._value), 300)


def _tame(text: str) -> str:
    """Make text safe between backticks, where nothing but a backtick has a meaning."""
    return one_line(text).replace("`", "'")[:100]


def mention(member_id: int) -> Markup:
    """Return a member's mention; it pings only where the message allows it."""
    return Markup(f"<@{member_id}>")


def jump(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the link to a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
