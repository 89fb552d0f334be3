"""Stands in for Discord accounts.

Two persons are equal where their ids are: an account and its membership of a server are one person.
"""

from typing import Protocol, runtime_checkable

from typing_extensions import override

from sandbox.discord.world.avatars import Avatar


@runtime_checkable
class Person(Protocol):
    """Someone with an account: a `User`, or a `Member` of a server."""

    @property
    def id(self) -> int:
        """The account's id."""

    @property
    def name(self) -> str:
        """The name others see."""


def same(one: Person, other: object) -> bool:
    """Return whether both are the same account."""
    return isinstance(other, Person) and one.id == other.id


class User:
    """An account.

    Attributes:
        bot: Whether it is the bot's.
        avatar: The picture it wears; None: Discord's default.
        dms_open: Whether it takes direct messages; set it to False to refuse them.
        locale: The language its client asks for.
        upload_limit: Bytes per file its own subscription allows; 0: what the server allows.
    """

    def __init__(self, user_id: int, name: str, *, bot: bool = False) -> None:
        self.id = user_id
        self.name = name
        self.bot = bot
        self.avatar: Avatar | None = None
        self.dms_open = True
        self.locale = "en-US"
        self.upload_limit = 0

    @override
    def __eq__(self, other: object) -> bool:
        return same(self, other)

    @override
    def __hash__(self) -> int:
        return hash(self.id)

    @override
    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def mention(self) -> str:
        """The text that mentions the account."""
        return f"<@{self.id}>"
