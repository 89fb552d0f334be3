"""Stands in for interactions: one act of a member, and what the bot answered to it.

It never waits for the bot longer than the deadline: then it has failed, and stays failed.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member
    from sandbox.discord.world.channels import Channel
    from sandbox.discord.world.messages import Message
    from sandbox.discord.world.people import User
    from sandbox.discord.world.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5


@dataclass(eq=False)
class Interaction:
    """One act of a member: a command, a click, a keystroke in an option, a submitted form.

    Attributes:
        kind: Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal.
        data: What Discord tells the bot of it.
        message: The message a component or form hangs on.
        target: The message a context menu was opened on.
        trigger: For a submitted form, the interaction that opened it.
        answer: Discord's callback type of the first answer; None: not answered yet.
        failed: Whether the deadline passed without an answer.
        original: What `@original` means: the first answer's message.
        followups: Further messages, in order.
        modal: The form the bot opened, as sent.
        choices: The suggestions the bot gave, as sent.
    """

    world: "World" = field(repr=False)
    id: int
    kind: int
    user: "User"
    member: "Member | None"
    channel: "Channel"
    data: dict[str, Any]
    message: "Message | None" = None
    target: "Message | None" = None
    trigger: "Interaction | None" = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    opened: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered_at: datetime | None = None
    answer: int | None = None
    failed: bool = False
    expired: bool = False
    original: "Message | None" = None
    followups: "list[Message]" = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether it was answered, or the time for that is over."""
        return self.answer is not None or self.failed

    @property
    def token_dead(self) -> bool:
        """Whether its token opens nothing any more."""
        return self.expired or datetime.now(UTC) >= self.opened + self.world.settings.token_life

    @property
    def upload_limit(self) -> int:
        """How many bytes a file may have that is sent by its token."""
        guild = self.channel.guild
        usual = guild.upload_limit if guild else self.world.settings.upload_limit_of(0)
        return max(usual, self.user.upload_limit)

    def start_deadline(self) -> None:
        """Let it fail by itself, unless the bot answers in time."""
        seconds = self.world.settings.ack_deadline.total_seconds()
        asyncio.get_running_loop().call_later(seconds, self._lapse)

    def acknowledge(self, answer: int) -> None:
        """Write down the first answer."""
        self.answer = answer
        self.answered_at = datetime.now(UTC)
        self.world.bell.ring()

    def _lapse(self) -> None:
        if self.answer is None:
            self.failed = True
            self.world.bell.ring()
