"""Prints the conversation as it changes, with the time since the play began.

It shows what a person in the channel would see: who wrote what, what has changed on a card, which
files came. It never shows a request.
"""

import math
import re
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.discord import Change, Discord, Message

WIDTH = 96
MARGIN = " " * 8
VERBS = {"created": "", "edited": " · edited", "deleted": " · deleted"}


class Transcript:
    """Writes the conversation line by line.

    Args:
        discord: where it takes place.
        write: takes one line.
    """

    def __init__(self, discord: Discord, write: Callable[[str], None]) -> None:
        self._discord = discord
        self._write = write
        self._began = datetime.now(UTC)
        self._told = 0
        self._shown: dict[int, list[str]] = {}

    def scene(self, title: str) -> None:
        """Begin a new scene."""
        self.catch_up()
        self._write("")
        self._write(f"── {title} {'─' * (WIDTH - len(title) - 4)}")

    def act(self, actor: str, what: str) -> None:
        """Tell what a member does with their hands."""
        self.catch_up()
        self._write(f"{self._time(datetime.now(UTC))}  {actor} {what}")

    def note(self, text: str) -> None:
        """Tell the reader something that nobody in the channel says."""
        self.catch_up()
        self._write(f"{self._time(datetime.now(UTC))}  · {text}")

    async def follow(self) -> None:
        """Write every change as it comes, until cancelled."""
        async for _ in self._discord.changes():
            self.catch_up()

    def catch_up(self) -> None:
        """Write the changes that have not been written yet."""
        for change in self._discord.log[self._told :]:
            self._told += 1
            self._change(change)

    def _change(self, change: Change) -> None:
        message = change.message
        only = "" if change.only_for is None else f" (only {change.only_for.name} sees this)"
        who = f"{message.author.name}{_addressee(message)}{only}{VERBS[change.kind]}"
        self._write(f"{self._time(change.at)}  {who}")
        lines = self._lines(change)
        news = [line for line in lines if line not in self._shown.get(message.id, [])]
        self._shown[message.id] = lines
        for line in news:
            for part in textwrap.wrap(line, WIDTH - len(MARGIN) - 2):
                self._write(f"{MARGIN}│ {part}")

    def _lines(self, change: Change) -> list[str]:
        if change.kind == "deleted":
            return []
        lines = [self._plain(line, change.at) for line in change.text.splitlines()]
        lines += [f"📎 {name}" for name in change.files]
        labels = [f"[ {button.label} ]" for button in change.message.buttons]
        return [*lines, " ".join(labels)] if labels else lines

    def _plain(self, line: str, at: datetime) -> str:
        """Return a line of markdown as the client would draw it, as far as text can."""
        line = re.sub(r"^(?:#{1,3}|-#|>) ", "", line)
        line = re.sub(r"<@!?(\d+)>", lambda found: f"@{self._name(int(found[1]))}", line)
        line = re.sub(r"<t:(\d+):R>", lambda found: _ago(int(found[1]), at), line)
        line = re.sub(r"\[([^\]]+)\]\((\S+?)\)", r"\1 ↗", line)
        return re.sub(r"\\(.)", r"\1", line.replace("**", ""))

    def _name(self, user_id: int) -> str:
        people = [member for guild in self._discord.guilds for member in guild.members.values()]
        return next((one.name for one in people if one.id == user_id), str(user_id))

    def _time(self, at: datetime) -> str:
        return f"{max(0.0, (at - self._began).total_seconds()):5.1f}s"


def _addressee(message: Message) -> str:
    return "" if message.reply_to is None else f" ↩ {message.reply_to.author.name}"


def _ago(stamp: int, at: datetime) -> str:
    seconds = math.floor(at.timestamp()) - stamp  # as Discord counts
    if seconds == 0:
        return "just now"
    return f"{seconds} s ago" if seconds > 0 else f"in {-seconds} s"
