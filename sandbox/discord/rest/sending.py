"""Stands in for what Discord asks before it takes a message from the bot."""

from datetime import UTC, datetime, timedelta

from sandbox.discord.permissions import Permissions
from sandbox.discord.refusals import refuse
from sandbox.discord.world import rendering
from sandbox.discord.world.channels import THREAD, Channel
from sandbox.discord.world.events import Json
from sandbox.discord.world.messages import Message
from sandbox.discord.world.posting import Draft
from sandbox.discord.world.world import World

_NONCE_LIFE = timedelta(minutes=5)


def as_json(world: World, message: Message) -> Json:
    """Write a message as the bot may read it over REST."""
    return rendering.message(message, privileged=world.settings.message_content)


def may_send(channel: Channel, wanted: Draft) -> None:
    """Ask whether the bot may post here.

    Raises:
        Refusal: 50007 or 50278 for a person, 50013 for a permission, 50083 for a locked thread.
    """
    if channel.person is not None:
        _may_write_to(channel)
    in_thread = channel.kind == THREAD
    needs = Permissions.SEND_MESSAGES_IN_THREADS if in_thread else Permissions.SEND_MESSAGES
    if wanted.uploads:
        needs |= Permissions.ATTACH_FILES
    if channel.bot_permissions & needs != needs:
        raise refuse(50013)
    if channel.locked:
        raise refuse(50083)
    if channel.archived:
        channel.unarchive()


def _may_write_to(channel: Channel) -> None:
    person = channel.person
    if person is None or not person.dms_open:
        raise refuse(50007)
    guilds = channel.world.guilds.values()
    if not any(guild.me and person.id in guild.members for guild in guilds):
        raise refuse(50278)


def writable(channel: Channel) -> None:
    """Refuse to change anything in an archived thread: 50083."""
    if channel.archived:
        raise refuse(50083)


def same_nonce(channel: Channel, wanted: Draft) -> Message | None:
    """Return the message an enforced nonce made a moment ago."""
    nonce = wanted.body.get("nonce")
    if nonce is None or not wanted.body.get("enforce_nonce"):
        return None
    since = datetime.now(UTC) - _NONCE_LIFE
    for message in channel.messages:
        own = message.author == channel.world.bot
        if own and str(message.nonce) == str(nonce) and message.at > since:
            return message
    return None
