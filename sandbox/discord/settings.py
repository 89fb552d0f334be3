"""How strict, how fast and how large this Discord is: what a test or a story may choose."""

from dataclasses import dataclass, field
from datetime import timedelta

MIB = 1024 * 1024
_UPLOADS_BY_TIER = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}


@dataclass(frozen=True)
class Limit:
    """A rate limit: at most `calls` within one window of time."""

    calls: int
    window: timedelta


def _seconds(calls: int, seconds: float) -> Limit:
    return Limit(calls, timedelta(seconds=seconds))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The rate limits of the REST routes.

    Attributes:
        send: New messages, per channel.
        edit: Edits of messages, per channel.
        webhook: Answers to an interaction, per interaction.
        other: Every other route, per route and channel or guild.
        everything: All routes of the bot together; answers to interactions do not count.
    """

    send: Limit = field(default_factory=lambda: _seconds(5, 5))
    edit: Limit = field(default_factory=lambda: _seconds(5, 5))
    webhook: Limit = field(default_factory=lambda: _seconds(5, 2))
    other: Limit = field(default_factory=lambda: _seconds(50, 1))
    everything: Limit = field(default_factory=lambda: _seconds(50, 1))

    @classmethod
    def generous(cls) -> "Limits":
        """Return limits no test runs into by accident."""
        wide = _seconds(10_000, 1)
        return cls(send=wide, edit=wide, webhook=wide, other=wide, everything=wide)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one stand-in Discord is like; `Discord` documents each of these."""

    token: str
    bot_name: str = "Clapboard"
    message_content: bool = True
    members_intent: bool = False
    ack_deadline: timedelta = timedelta(seconds=3)
    token_life: timedelta = timedelta(minutes=15)
    link_life: timedelta = timedelta(hours=24)
    heartbeat: timedelta = timedelta(seconds=41.25)
    upload_limit: int | None = None
    limits: Limits = field(default_factory=Limits)
    port: int = 0
    cdn_port: int = 0

    def upload_limit_of(self, boost_tier: int) -> int:
        """Return how many bytes one attachment may have on a server of this tier."""
        return self.upload_limit or _UPLOADS_BY_TIER[boost_tier]
