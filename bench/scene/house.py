"""Where the bench plays: ten servers with a hundred channels and their members, as on any evening.

Never does anything by itself; who orders what is in `crowd.py`.
"""

from dataclasses import dataclass

from sandbox.discord import Channel, Discord, Guild, Member, Message
from sandbox.discord.world.messages import COMPONENTS_V2
from sandbox.discord.world.posting import Draft

GUILDS = 10
MEMBERS = 10
"""In each server."""
_CONTAINER, _TEXT = 17, 10


@dataclass(frozen=True)
class Place:
    """Where a film is ordered, and by whom."""

    channel: Channel
    member: Member

    @property
    def guild(self) -> Guild:
        """The server."""
        return self.member.guild


class House:
    """The servers of one Discord; films are spread evenly over all channels and members."""

    def __init__(self, discord: Discord, channels: int) -> None:
        self._world = discord.world
        guilds = [discord.add_guild(f"Server {number}") for number in range(GUILDS)]
        self._members = {
            guild.id: [guild.add_member(f"Member {number}") for number in range(MEMBERS)]
            for guild in guilds
        }
        each = [(guild, number) for number in range(channels // GUILDS) for guild in guilds]
        self._channels = [(guild, guild.add_channel(f"films-{number}")) for guild, number in each]

    def place(self, number: int) -> Place:
        """Return where the film of this number is ordered."""
        guild, channel = self._channels[number % len(self._channels)]
        members = self._members[guild.id]
        return Place(channel, members[number // len(self._channels) % MEMBERS])

    def card(self, prompt: str, number: int) -> Message:
        """Post the card of a film that was ordered before the bot was started."""
        place, world = self.place(number), self._world
        frame = Message(world, world.mint(), place.channel, world.bot)
        line = {"type": _TEXT, "content": f"{prompt} is being made"}
        body = {
            "flags": COMPONENTS_V2,
            "components": [{"type": _CONTAINER, "components": [line]}],
        }
        return world.posting.create(frame, Draft(body))
