"""Stands in for what happens when a message is posted, edited or deleted, by whomever.

It never asks for permission and never judges the form: both are settled before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.discord.permissions import Permissions
from sandbox.discord.uploads import Upload
from sandbox.discord.world import mentions, payloads, rendering
from sandbox.discord.world.attachments import Attachment, stored
from sandbox.discord.world.components import placed
from sandbox.discord.world.events import Event, Intents, Json
from sandbox.discord.world.mentions import Allowed
from sandbox.discord.world.messages import COMPONENTS_V2, LOADING, SUPPRESS_EMBEDS, Message
from sandbox.discord.world.ornaments import Preview

if TYPE_CHECKING:
    from sandbox.discord.world.world import World

_SUPPRESS_NOTIFICATIONS = 1 << 12
_SETTABLE = SUPPRESS_EMBEDS | COMPONENTS_V2 | _SUPPRESS_NOTIFICATIONS


@dataclass(frozen=True)
class Draft:
    """A checked request to post or edit: the JSON, and the files by their number."""

    body: Any = field(default_factory=dict)
    uploads: dict[int, Upload] = field(default_factory=dict)


class Posting:
    """Posts, edits and deletes, and tells everyone who may know."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def create(self, message: Message, draft: Draft) -> Message:
        """Post a message that so far has only its frame."""
        self._files(message, draft)
        _fill(message, draft.body)
        mentions.apply(message, Allowed.read(draft.body.get("allowed_mentions")))
        message.channel.everything[message.id] = message
        self._world.changes.note("created", message, message.at)
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, draft: Draft) -> Message:
        """Change what the request names and keep the rest."""
        self._files(message, draft)
        message.flags &= ~LOADING
        _fill(message, draft.body)
        now = datetime.now(UTC)
        message.edits.append((now, message.text))
        self._world.changes.note("edited", message, now)
        self._tell("MESSAGE_UPDATE", message)
        return message

    def preview(self, message: Message, preview: Preview) -> None:
        """Show what is behind a link, as Discord does a moment after the message; no edit."""
        if preview.picture is not None:
            self._world.copies[preview.path] = preview.picture
        message.embeds.append(preview.embed(self._world.links.origin))
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Delete a message; its files are gone with it."""
        message.deleted = True
        for file_id in message.files:
            self._world.files.pop(file_id, None)
        self._world.changes.note("deleted", message, datetime.now(UTC))
        body = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild_id is not None:
            body["guild_id"] = str(message.channel.guild_id)
        self._send("MESSAGE_DELETE", message, lambda _: body)

    def _files(self, message: Message, draft: Draft) -> None:
        """Keep the files the request lists (all, where it has no list) and add the new ones."""
        listed = draft.body.get("attachments")
        if listed is not None:
            kept = {int(entry["id"]) for entry in listed}
            message.files = {key: file for key, file in message.files.items() if key in kept}
        told = {int(entry["id"]): entry for entry in listed or []}
        for number, upload in draft.uploads.items():
            file = stored(self._world, upload, message.channel.id)
            _describe(file, told.get(number, {}))
            message.files[file.id] = file

    def _tell(self, name: str, message: Message) -> None:
        self._send(name, message, lambda privileged: _event_body(message, privileged=privileged))

    def _send(self, name: str, message: Message, body: Callable[[bool], Json]) -> None:
        channel = message.channel
        if message.only_for is None and channel.bot_permissions & Permissions.VIEW_CHANNEL:
            needs = Intents.GUILD_MESSAGES if channel.guild else Intents.DIRECT_MESSAGES
            self._world.tell(Event(name, channel.guild_id, needs, body))


def _describe(file: Attachment, entry: dict[str, Any]) -> None:
    file.name = entry.get("filename") or file.name
    file.description = entry.get("description") or ""


def _fill(message: Message, body: dict[str, Any]) -> None:
    if "flags" in body:
        kept = message.flags & ~_SETTABLE
        message.flags = kept | ((body["flags"] or 0) & _SETTABLE)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if "components" in body:
        message.components = placed(body["components"] or [], message.files)
    message.nonce = body.get("nonce", message.nonce)


def _event_body(message: Message, *, privileged: bool) -> Json:
    body = rendering.message(message, privileged=privileged)
    guild = message.channel.guild
    if guild is None:
        return body
    body["guild_id"] = str(guild.id)
    member = guild.members.get(message.author.id)
    if member is not None:
        body["member"] = payloads.member(member, with_user=False)
    return body
