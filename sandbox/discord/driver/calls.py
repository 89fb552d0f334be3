"""What a member sees of one thing they did: how fast it was answered, and with what.

It never asks the bot again: it only watches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from typing_extensions import override

from sandbox.discord.driver.forms import Form
from sandbox.discord.world.bell import PATIENCE
from sandbox.discord.world.interactions import Interaction
from sandbox.discord.world.messages import Message


@dataclass(frozen=True)
class Choice:
    """One suggestion while typing an option."""

    name: str
    value: str | float


class Call:
    """A command, click or form of a member, and the bot's answers to it."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @override
    def __repr__(self) -> str:
        shown = [self.message] if self.message else self.private
        said = "; ".join(message.text for message in shown)
        return f"<Call failed={self.failed} modal={self.modal} said={said!r}>"

    @property
    def failed(self) -> bool:
        """Whether the client shows "The application did not respond"."""
        return self.interaction.failed

    @property
    def took(self) -> timedelta:
        """The time to the first answer; the deadline, if there was none."""
        answered = self.interaction.answered_at
        if answered is None:
            return self.interaction.world.settings.ack_deadline
        return answered - self.interaction.opened

    @property
    def messages(self) -> list[Message]:
        """All answers that have not been deleted, in order."""
        answers = [self.interaction.original, *self.interaction.followups]
        return [message for message in answers if message is not None and not message.deleted]

    @property
    def message(self) -> Message | None:
        """The first public answer; for a click that changed its message, that message."""
        public = (message for message in self.messages if message.only_for is None)
        return next(public, None)

    @property
    def private(self) -> list[Message]:
        """The answers only this member sees."""
        return [message for message in self.messages if message.only_for is not None]

    @property
    def text(self) -> str:
        """The text of all answers."""
        return "\n".join(message.text for message in self.messages)

    @property
    def modal(self) -> Form | None:
        """The form the bot opened."""
        sent = self.interaction.modal
        return None if sent is None else Form(self.interaction, sent)

    async def until(self, holds: "Callable[[Call], bool]", timeout: timedelta = PATIENCE) -> "Call":  # noqa: ASYNC109
        """Return this call as soon as `holds` is true of it.

        Raises:
            TimeoutError: It was not, in time; it tells what there is instead.
        """
        try:
            await self.interaction.world.bell.until(lambda: holds(self), timeout)
        except TimeoutError:
            raise TimeoutError(f"after {timeout} there is {self!r}") from None
        return self

    async def answered(self, timeout: timedelta = PATIENCE) -> "Call":  # noqa: ASYNC109
        """Return as soon as there is more to see than "thinking…": a message or a form.

        Raises:
            TimeoutError: There was not, in time.
        """
        return await self.until(_has_more_than_thinking, timeout)


def _has_more_than_thinking(call: Call) -> bool:
    seen = any(not message.loading for message in call.messages)
    return seen or call.modal is not None or bool(call.interaction.choices)
