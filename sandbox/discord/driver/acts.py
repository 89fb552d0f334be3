"""The acts themselves: from what a member wants to the interaction or message it becomes.

It never answers for the bot: it waits for the first answer, or for the deadline to pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.discord.driver import options
from sandbox.discord.driver.calls import Call, Choice
from sandbox.discord.driver.forms import Form
from sandbox.discord.driver.mistakes import Unanswered, Unplayable
from sandbox.discord.driver.opening import opened
from sandbox.discord.permissions import Permissions
from sandbox.discord.uploads import Upload
from sandbox.discord.world.channels import THREAD, Channel
from sandbox.discord.world.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from sandbox.discord.world.messages import HAS_SNAPSHOT, PLAIN, REPLY, Message
from sandbox.discord.world.ornaments import Preview, Sticker
from sandbox.discord.world.posting import Draft
from sandbox.discord.world.reading import Control
from sandbox.discord.world.rendering import attachment
from sandbox.discord.world.rendering import message as written

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member

_SLASH, _USER_MENU, _MESSAGE_MENU = 1, 2, 3
_ON_TOP = timedelta(seconds=5)


async def slash(member: "Member", channel: Channel, name: str, given: Mapping[str, Any]) -> Call:
    """Use a slash command."""
    data = _slash_data(member, channel, name, given)
    return await _seen(opened(member, channel, COMMAND, data))


async def autocomplete(
    member: "Member", channel: Channel, name: str, focused: str, given: Mapping[str, Any]
) -> list[Choice]:
    """Type in an option and read the suggestions."""
    data = _slash_data(member, channel, name, given, focused=focused)
    call = await _seen(opened(member, channel, AUTOCOMPLETE, data))
    if call.failed:
        raise Unanswered(f"no suggestions for {focused!r} of /{name}")
    return [Choice(each["name"], each["value"]) for each in call.interaction.choices]


async def menu(member: "Member", channel: Channel, name: str, target: "Message | Member") -> Call:
    """Use a context menu."""
    filled = options.Filled()
    if isinstance(target, Message):
        kind, message = _MESSAGE_MENU, target
        shown = written(message, privileged=True, complete=True)
        filled.refer("messages", message.id, shown)
    else:
        kind, message = _USER_MENU, None
        options.refer(filled, target)
    found = options.command(member, channel, name, kind)
    data = {**_frame(found), "target_id": str(target.id), "resolved": filled.resolved}
    return await _seen(opened(member, channel, COMMAND, data, target=message))


async def click(member: "Member", message: Message, button: str, values: tuple[str, ...]) -> Call:
    """Click a button, or choose from a menu."""
    control = _control(member, message, button)
    data: dict[str, Any] = {"custom_id": control.custom_id, "component_type": control.kind}
    if not control.is_button:
        if not set(values) <= set(control.values or values):
            raise Unplayable(f"{button!r} offers {control.values}, not {values}")
        data["values"] = list(values)
    return await _seen(opened(member, message.channel, COMPONENT, data, message=message))


async def submit(member: "Member", form: Form | None, given: Mapping[str, Any]) -> Call:
    """Fill in and submit a form."""
    if form is None:
        raise Unplayable("there is no form to submit")
    data, files = form.submission(given)
    if files:
        data["resolved"] = {"attachments": {str(file.id): attachment(file) for file in files}}
    origin = form.interaction
    interaction = opened(
        member, origin.channel, MODAL, data, message=origin.message, trigger=origin
    )
    return await _seen(interaction)


@dataclass(frozen=True)
class Words:
    """What a message is made of."""

    text: str
    uploads: list[Upload]
    sticker: Sticker | None
    previews: list[Preview]


def say(
    member: "Member",
    channel: Channel,
    words: Words,
    reply_to: Message | None,
    *,
    ping: bool,
) -> Message:
    """Write a message."""
    if not (words.text or words.uploads or words.sticker):
        raise Unplayable("an empty message")
    _may_write(member, channel, words.uploads)
    world = channel.world
    for preview in words.previews:
        if preview.picture is not None:
            world.copies[preview.path] = preview.picture
    frame = Message(
        world,
        world.mint(),
        channel,
        member.user,
        REPLY if reply_to is not None else PLAIN,
        stickers=[words.sticker] if words.sticker else [],
        reply_to=reply_to,
    )
    pings = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
    embeds = [preview.embed(world.links.origin) for preview in words.previews]
    body = {"content": words.text, "embeds": embeds, "allowed_mentions": pings}
    return world.posting.create(frame, Draft(body, dict(enumerate(words.uploads))))


def forward(member: "Member", message: Message, channel: Channel) -> Message:
    """Forward a message."""
    if not member.sees(message):
        raise Unplayable(f"{member.name} does not see that message")
    _may_write(member, channel, [])
    world = channel.world
    frame = Message(world, world.mint(), channel, member.user, flags=HAS_SNAPSHOT, forwards=message)
    return world.posting.create(frame, Draft())


async def _seen(interaction: Interaction) -> Call:
    """Return once the client has something to show for an act."""
    patience = interaction.world.settings.ack_deadline + _ON_TOP
    await interaction.world.bell.until(lambda: interaction.settled, patience)
    return Call(interaction)


def _frame(found: dict[str, Any]) -> dict[str, Any]:
    frame = {key: found[key] for key in ("id", "name", "type")}
    return {**frame, "guild_id": found["guild_id"]} if "guild_id" in found else frame


def _slash_data(
    member: "Member",
    channel: Channel,
    name: str,
    given: Mapping[str, Any],
    *,
    focused: str = "",
) -> dict[str, Any]:
    top, *path = name.removeprefix("/").split()
    found = options.command(member, channel, top, _SLASH)
    leaf, way = options.leaf(found, path)
    if focused:
        declared = {option["name"]: option for option in (leaf.get("options") or [])}
        if not declared.get(focused, {}).get("autocomplete"):
            raise Unplayable(f"/{name} gives no suggestions for {focused!r}")
    filled = options.fill(leaf, channel, given, focused=focused)
    nested = filled.options
    for step in reversed(way):
        nested = [{"name": step["name"], "type": step["type"], "options": nested}]
    data = {**_frame(found), "options": nested}
    return {**data, "resolved": filled.resolved} if filled.resolved else data


def _control(member: "Member", message: Message, wanted: str) -> Control:
    if not member.sees(message):
        raise Unplayable(f"{member.name} does not see that message")
    for control in message.controls:
        if wanted in {control.label, control.custom_id}:
            if control.disabled or control.url:
                raise Unplayable(f"{wanted!r} is disabled or a link: {control}")
            return control
    there = [control.label for control in message.controls]
    raise Unplayable(f"there is no {wanted!r}; there are {there}")


def _may_write(member: "Member", channel: Channel, uploads: list[Upload]) -> None:
    if channel.guild is None:
        return
    in_thread = channel.kind == THREAD
    needs = Permissions.SEND_MESSAGES_IN_THREADS if in_thread else Permissions.SEND_MESSAGES
    needs |= Permissions.VIEW_CHANNEL
    if uploads:
        needs |= Permissions.ATTACH_FILES
    if member.permissions_in(channel) & needs != needs:
        raise Unplayable(f"{member.name} may not write in #{channel.name}: it takes {needs!r}")
