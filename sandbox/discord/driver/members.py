"""Stands in for a member of a server: what they are, and what they can do with their hands.

It never does what a client would not let a person do; that raises `Unplayable`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sandbox.discord.driver import acts
from sandbox.discord.driver.calls import Call, Choice
from sandbox.discord.driver.forms import Form
from sandbox.discord.permissions import Permissions, allowed
from sandbox.discord.uploads import Upload
from sandbox.discord.world import payloads
from sandbox.discord.world.avatars import Avatar
from sandbox.discord.world.channels import Channel
from sandbox.discord.world.events import Event, Intents
from sandbox.discord.world.messages import Message
from sandbox.discord.world.ornaments import Preview, Sticker
from sandbox.discord.world.people import User, same

if TYPE_CHECKING:
    from sandbox.discord.world.guilds import Guild, Role


class Member:
    """Someone in a server.

    Attributes:
        user: Their account, the same in every server.
        roles: Their roles, without everyone's.
        joined: When they joined, UTC.
        avatar: The picture they wear in this server; None: that of their account.
    """

    def __init__(self, guild: "Guild", user: User, roles: "list[Role]") -> None:
        self.guild = guild
        self.user = user
        self.roles = roles
        self.joined = datetime.now(UTC)
        self.avatar: Avatar | None = None

    @override
    def __eq__(self, other: object) -> bool:
        return same(self, other)

    @override
    def __hash__(self) -> int:
        return hash(self.user)

    @override
    def __repr__(self) -> str:
        return f"<{self.name} in {self.guild.name}>"

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name others see."""
        return self.user.name

    @property
    def mention(self) -> str:
        """The text that mentions them."""
        return self.user.mention

    @property
    def permissions(self) -> Permissions:
        """What they may do in the server as a whole."""
        return allowed(self)

    def permissions_in(self, channel: Channel) -> Permissions:
        """Return what they may do in a channel."""
        return allowed(self, channel)

    @property
    def dm(self) -> Channel:
        """The direct messages between them and the bot."""
        return self.guild.world.direct(self.user)

    @property
    def direct_messages(self) -> list[Message]:
        """What was written in the direct messages with the bot, oldest first."""
        return self.dm.messages

    def give(self, role: "Role") -> None:
        """Give them a role."""
        self.roles.append(role)
        self._changed()

    def take(self, role: "Role") -> None:
        """Take a role from them."""
        self.roles.remove(role)
        self._changed()

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Call:
        """Use a slash command, like `"video text"`; return after its first answer or deadline.

        Options are `str`, `int`, `float`, `bool`, `Upload`, `Member`, `Role` or `Channel`.

        Raises:
            Unplayable: The command or an option does not exist, or does not take this.
        """
        return await acts.slash(self, channel, command, options)

    async def autocomplete(
        self, channel: Channel, command: str, /, *, focused: str, **options: Any
    ) -> list[Choice]:
        """Type in the option `focused` (its text so far among the options); return suggestions.

        Raises:
            Unanswered: The bot gave none within the deadline.
            Unplayable: The option is unknown or has no suggestions.
        """
        return await acts.autocomplete(self, channel, command, focused, options)

    async def menu(self, channel: Channel, command: str, target: "Message | Member", /) -> Call:
        """Use a context menu on a message or a member."""
        return await acts.menu(self, channel, command, target)

    async def click(self, message: Message, button: str, /, *values: str) -> Call:
        """Click a button by its label or custom id; of a menu, choose the values.

        Raises:
            Unplayable: It is not there, is disabled, or is a link.
        """
        return await acts.click(self, message, button, values)

    async def submit(
        self, form: Form | None, answers: Mapping[str, Any] | None = None, /, **more: Any
    ) -> Call:
        """Fill in and submit a form, by the custom ids of its fields.

        Values are text, a menu's value or list of values, an `Upload` or list of them. Fields left
        out keep what stands in them.

        Raises:
            Unplayable: There is no form, a field is unknown, missing, or does not take this.
        """
        return await acts.submit(self, form, {**(answers or {}), **more})

    async def say(
        self,
        channel: Channel,
        text: str = "",
        *,
        uploads: list[Upload] | None = None,
        reply_to: Message | None = None,
        mention_bot: bool = False,
        ping: bool = True,
        sticker: Sticker | None = None,
        previews: list[Preview] | None = None,
    ) -> Message:
        """Write a message; `ping` False replies without notifying.

        `previews` are those that Discord shows of links by the time the message is there.

        Raises:
            Unplayable: They may not write here, or the message is empty.
        """
        bot = self.guild.world.bot
        text = f"{bot.mention} {text}".strip() if mention_bot else text
        words = acts.Words(text, uploads or [], sticker, previews or [])
        return acts.say(self, channel, words, reply_to, ping=ping)

    async def forward(self, message: Message, channel: Channel) -> Message:
        """Forward a message into a channel.

        Raises:
            Unplayable: They may not write there, or do not see the message.
        """
        return acts.forward(self, message, channel)

    def sees(self, message: Message) -> bool:
        """Return whether the message is there for them."""
        private = message.only_for is not None and message.only_for != self
        if message.deleted or private:
            return False
        channel = message.channel
        if channel.guild is None:
            return channel.person == self
        return bool(self.permissions_in(channel) & Permissions.VIEW_CHANNEL)

    def _changed(self) -> None:
        own = self.guild.me is self
        body = {**payloads.member(self), "guild_id": str(self.guild.id)}
        needs = Intents.NONE if own else Intents.GUILD_MEMBERS
        event = Event("GUILD_MEMBER_UPDATE", self.guild.id, needs, lambda _: body)
        self.guild.world.tell(event)
