"""Stands in for how a client finds a command and fills in its options.

It never sends what the command did not declare: unknown, missing or badly typed options raise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.discord.driver.mistakes import Unplayable
from sandbox.discord.permissions import Permissions
from sandbox.discord.uploads import Upload
from sandbox.discord.world import payloads
from sandbox.discord.world.attachments import stored
from sandbox.discord.world.channels import DM, Channel
from sandbox.discord.world.people import User
from sandbox.discord.world.rendering import attachment

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member

_SUB, _GROUP, _STRING, _INTEGER, _BOOLEAN = 1, 2, 3, 4, 5
_USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER, _ATTACHMENT = 6, 7, 8, 9, 10, 11
_PLAIN: dict[int, tuple[type, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    _BOOLEAN: (bool,),
    _NUMBER: (int, float),
    _ATTACHMENT: (Upload,),
}

Wire = dict[str, Any]


@dataclass
class Filled:
    """Options as sent to the bot, with the things they refer to."""

    options: list[Wire] = field(default_factory=list)
    resolved: dict[str, Wire] = field(default_factory=dict)

    def refer(self, group: str, key: int, thing: Wire) -> None:
        """Add a thing an option names by id."""
        self.resolved.setdefault(group, {})[str(key)] = thing


def command(member: "Member", channel: Channel, name: str, kind: int) -> Wire:
    """Return the synced command a member means and may use.

    Raises:
        Unplayable: There is none, or the client would not show it to this member.
    """
    if channel.guild is not None and channel.guild.me is None:
        raise Unplayable(f"the bot is not in {channel.guild.name}")
    commands = channel.world.commands
    scopes = [*commands.get(channel.guild_id, []), *commands[None]]
    for found in scopes:
        if found["name"] == name and found["type"] == kind:
            _shown(member, channel, found)
            return found
    there = sorted(each["name"] for each in scopes)
    raise Unplayable(f"there is no command {name!r} of type {kind}; there are {there}")


def _shown(member: "Member", channel: Channel, found: Wire) -> None:
    """Check that the client offers a command to this member here."""
    here = 1 if channel.kind == DM else 0
    contexts = found.get("contexts") or [0, 1]
    guild_only = found.get("dm_permission") is False
    if here not in contexts or (guild_only and here):
        raise Unplayable(f"/{found['name']} is not offered in #{channel.name}")
    if channel.guild is not None:
        _permitted(member, channel, found)


def _permitted(member: "Member", channel: Channel, found: Wire) -> None:
    may = member.permissions_in(channel)
    if not may & Permissions.USE_APPLICATION_COMMANDS:
        raise Unplayable(f"{member.name} may not use commands in #{channel.name}")
    asked = found["default_member_permissions"]
    opened = found["name"] in member.guild.open_commands
    if asked is None or opened or may & Permissions.ADMINISTRATOR:
        return
    needs = Permissions(int(asked))
    if not needs or may & needs != needs:
        raise Unplayable(f"/{found['name']} is hidden from {member.name}: it takes {needs!r}")


def leaf(found: Wire, path: list[str]) -> tuple[Wire, list[Wire]]:
    """Return the subcommand at a path, and the groups and subcommands on the way to it."""
    way = []
    for name in path:
        nested = [o for o in (found.get("options") or []) if o["type"] in {_SUB, _GROUP}]
        step = next((option for option in nested if option["name"] == name), None)
        if step is None:
            there = [option["name"] for option in nested]
            raise Unplayable(f"/{found['name']} has no {name!r}; it has {there}")
        found = step
        way.append(step)
    if any(option["type"] in {_SUB, _GROUP} for option in (found.get("options") or [])):
        raise Unplayable(f"{found['name']!r} needs a subcommand")
    return found, way


def fill(leaf: Wire, channel: Channel, given: Mapping[str, Any], *, focused: str = "") -> Filled:
    """Fill in the options of a command; while one is focused, nothing needs to be complete.

    Raises:
        Unplayable: An option is unknown, missing or not allowed.
    """
    declared = {option["name"]: option for option in (leaf.get("options") or [])}
    unknown = set(given) - set(declared)
    if unknown:
        raise Unplayable(f"{leaf['name']!r} has no option {unknown}; it has {list(declared)}")
    filled = Filled()
    for name, option in declared.items():
        if name == focused:
            frame = {"name": name, "type": option["type"], "focused": True}
            filled.options.append({**frame, "value": str(given.get(name, ""))})
        elif given.get(name) is not None:
            filled.options.append(_option(option, channel, given[name], filled))
        elif option.get("required") and not focused:
            raise Unplayable(f"the option {name!r} of {leaf['name']!r} is required")
    return filled


def _option(option: Wire, channel: Channel, value: Any, filled: Filled) -> Wire:
    kind = option["type"]
    fitting = _PLAIN.get(kind)
    if fitting and (type(value) not in fitting):
        raise Unplayable(f"{option['name']!r} takes {fitting[0].__name__}, not {value!r}")
    _in_bounds(option, value)
    if kind == _ATTACHMENT:
        file = stored(channel.world, value, channel.id, ephemeral=True)
        filled.refer("attachments", file.id, attachment(file))
        value = str(file.id)
    elif kind in {_USER, _CHANNEL, _ROLE, _MENTIONABLE}:
        refer(filled, value)
        value = str(value.id)
    return {"name": option["name"], "type": kind, "value": value}


def _in_bounds(option: Wire, value: Any) -> None:
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise Unplayable(f"{option['name']!r} offers {choices}, not {value!r}")
    if isinstance(value, str):
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        measured: float = len(value)
    elif isinstance(value, (int, float)):
        least, most = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
        measured = value
    else:
        return
    if not least <= measured <= most:
        raise Unplayable(f"{option['name']!r} takes {least} to {most}, not {measured}")


def refer(filled: Filled, thing: Any) -> None:
    """Add a person, role or channel to what the options refer to."""
    if isinstance(thing, User):
        filled.refer("users", thing.id, payloads.user(thing))
    elif isinstance(thing, Channel):
        short = {key: payloads.channel(thing)[key] for key in ("id", "type", "name")}
        filled.refer("channels", thing.id, {**short, "permissions": "0"})
    elif hasattr(thing, "user"):
        filled.refer("users", thing.id, payloads.user(thing.user))
        told = {
            **payloads.member(thing, with_user=False),
            "permissions": str(int(thing.permissions)),
        }
        filled.refer("members", thing.id, told)
    else:
        filled.refer("roles", thing.id, payloads.role(thing))
