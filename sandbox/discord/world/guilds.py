"""Stands in for servers and their roles, and for the admin who runs them.

It never sends anything itself: every act becomes an event, and the gateway decides who hears it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.driver.members import Member
from sandbox.discord.permissions import ORDINARY, Permissions
from sandbox.discord.world import payloads, whole
from sandbox.discord.world.channels import THREAD, Channel
from sandbox.discord.world.events import Event, Intents
from sandbox.discord.world.ornaments import Emoji, Sticker, StickerFormat
from sandbox.discord.world.people import User

if TYPE_CHECKING:
    from sandbox.discord.world.world import World


@dataclass(eq=False)
class Role:
    """A role of a server; the role with the server's own id is everyone's."""

    guild: "Guild" = field(repr=False)
    id: int
    name: str
    permissions: Permissions
    position: int = 1
    managed: bool = False
    mentionable: bool = False

    @property
    def mention(self) -> str:
        """The text that mentions the role."""
        return f"<@&{self.id}>"

    def set_permissions(self, permissions: Permissions) -> None:
        """Replace what the role allows."""
        self.permissions = permissions
        body = {"guild_id": str(self.guild.id), "role": payloads.role(self)}
        self.guild.tell("GUILD_ROLE_UPDATE", body)


class Guild:
    """A server.

    Attributes:
        members: Everyone in it, the bot included, by id.
        boost_tier: 0-3; decides the upload limit.
        open_commands: Commands an admin opened to everyone under Integrations.
    """

    def __init__(self, world: "World", name: str, boost_tier: int = 0) -> None:
        self.world = world
        self.id = world.mint()
        self.name = name
        self.boost_tier = boost_tier
        self.everyone = Role(self, self.id, "@everyone", ORDINARY, 0)
        self.roles: dict[int, Role] = {self.id: self.everyone}
        self.members: dict[int, Member] = {}
        self.open_commands: set[str] = set()
        self.owner_id = 0
        self.owner_id = self.add_member("Owner").id

    @property
    def me(self) -> Member | None:
        """The bot as a member; None where it is not."""
        return self.members.get(self.world.bot.id)

    @property
    def channels(self) -> list[Channel]:
        """The text channels, without threads."""
        return [channel for channel in self._places() if channel.kind != THREAD]

    @property
    def threads(self) -> list[Channel]:
        """The threads that are not archived."""
        return [place for place in self._places() if place.kind == THREAD and not place.archived]

    @property
    def upload_limit(self) -> int:
        """How many bytes one attachment may have."""
        return self.world.settings.upload_limit_of(self.boost_tier)

    def add_channel(self, name: str) -> Channel:
        """Open a text channel."""
        channel = Channel(self.world, self.world.mint(), name, guild=self)
        self.world.channels[channel.id] = channel
        self.tell("CHANNEL_CREATE", payloads.channel(channel))
        return channel

    def add_role(self, name: str, permissions: Permissions = Permissions.NONE) -> Role:
        """Create a role."""
        role = Role(self, self.world.mint(), name, permissions, len(self.roles))
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": payloads.role(role)})
        return role

    def add_member(
        self,
        who: str | User | Member,
        *,
        roles: list[Role] | None = None,
        permissions: Permissions = Permissions.NONE,
        admin: bool = False,
    ) -> Member:
        """Let someone join: a new person by name, or the account of a member of another server.

        Args:
            who: The name of a new account, or someone who has one.
            roles: The roles given on joining.
            permissions: What they may do beyond their roles and everyone's permissions.
            admin: Whether they are an administrator.
        """
        user = self._account(who)
        member = Member(self, user, list(roles or []))
        extra = permissions | (Permissions.ADMINISTRATOR if admin else Permissions.NONE)
        if extra:
            member.roles.append(self.add_role(f"{user.name}'s", extra))
        self.members[user.id] = member
        body = {**payloads.member(member), "guild_id": str(self.id)}
        self.tell("GUILD_MEMBER_ADD", body, Intents.GUILD_MEMBERS)
        return member

    def kick(self, member: Member) -> None:
        """Remove a member; the bot too leaves this way."""
        if member is self.me:
            self.remove_bot()
            return
        del self.members[member.id]
        body = {"guild_id": str(self.id), "user": payloads.user(member.user)}
        self.tell("GUILD_MEMBER_REMOVE", body, Intents.GUILD_MEMBERS)

    def remove_bot(self) -> None:
        """Remove the bot from the server; it hears of it once and of nothing after."""
        self.tell("GUILD_DELETE", {"id": str(self.id)})
        self.members.pop(self.world.bot.id, None)

    def invite_bot(self, permissions: Permissions = ORDINARY) -> Member:
        """Invite the bot, with the permissions ticked on the invitation."""
        role = Role(self, self.world.mint(), self.world.bot.name, permissions, managed=True)
        self.roles[role.id] = role
        me = Member(self, self.world.bot, [role])
        self.members[me.id] = me
        self.tell("GUILD_CREATE", whole.joined_guild(self))
        return me

    def add_emoji(self, name: str, data: bytes, *, animated: bool = False) -> Emoji:
        """Upload a custom emoji; its `markup` puts it into a text."""
        emoji = Emoji(self.world.mint(), name, data, animated)
        self.world.emoji[emoji.id] = emoji
        return emoji

    def add_sticker(
        self, name: str, data: bytes, kind: StickerFormat = StickerFormat.PNG
    ) -> Sticker:
        """Upload a sticker."""
        sticker = Sticker(self.world.mint(), name, data, kind)
        self.world.stickers[sticker.id] = sticker
        return sticker

    def open_command(self, name: str) -> None:
        """Open a command to everyone, whatever permission it asks for by default."""
        self.open_commands.add(name)

    def tell(self, name: str, body: payloads.Json, needs: Intents = Intents.GUILDS) -> None:
        """Send an event of this server to the bot, if it is a member."""
        if self.me is not None:
            self.world.tell(Event(name, self.id, needs, lambda _: body))

    def _account(self, who: str | User | Member) -> User:
        if isinstance(who, str):
            return self.world.add_user(who)
        return who.user if isinstance(who, Member) else who

    def _places(self) -> list[Channel]:
        known = self.world.channels.values()
        return [channel for channel in known if channel.guild is self and not channel.deleted]
