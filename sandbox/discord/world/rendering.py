"""Stands in for Discord's JSON of messages, and for what an app without the intent is not shown.

It never shows content to an app that may not read it, also not in the message replied to.
"""

from typing import TYPE_CHECKING

from sandbox.discord.world import payloads
from sandbox.discord.world.attachments import Attachment
from sandbox.discord.world.events import Json
from sandbox.discord.world.interactions import COMPONENT, Interaction

if TYPE_CHECKING:
    from sandbox.discord.world.messages import Message

_CONTENT_INTENT_FIELDS = {"content": "", "embeds": [], "attachments": [], "components": []}
_SNAPSHOT_FIELDS = (
    *("type", "content", "embeds", "attachments", "components", "sticker_items", "flags"),
    *("timestamp", "edited_timestamp", "mentions", "mention_roles"),
)
_WITH_REFERENCE = (19, 21, 23)


def message(one: "Message", *, privileged: bool, complete: bool = False) -> Json:
    """Write a message as the bot may read it.

    Args:
        one: The message.
        privileged: Whether the reader has the message content intent.
        complete: Whether it is shown whatever the intent, as targets of context menus are.
    """
    body = _plain(one) | _context(one) | _reference(one, privileged=privileged)
    if complete or privileged or _always_readable(one):
        return body
    body.pop("message_snapshots", None)
    return {**body, **_CONTENT_INTENT_FIELDS}


def _always_readable(one: "Message") -> bool:
    bot = one.world.bot
    return one.author == bot or one.channel.guild is None or bot in one.mentions


def _plain(one: "Message") -> Json:
    return {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.kind,
        "content": one.content,
        "author": payloads.user(one.author),
        "mentions": [payloads.user(user) for user in one.mentions],
        "mention_roles": [],
        "mention_everyone": one.mentions_everyone,
        "attachments": [attachment(file) for file in _listed(one)],
        "embeds": one.embeds,
        "components": [component(each, one.files) for each in one.components],
        "timestamp": one.at.isoformat(),
        "edited_timestamp": one.edits[-1][0].isoformat() if one.edits else None,
        "flags": one.flags,
        "pinned": False,
        "tts": False,
    }


def _context(one: "Message") -> Json:
    body: Json = {}
    if one.stickers:
        body["sticker_items"] = [sticker.item for sticker in one.stickers]
    if one.nonce is not None:
        body["nonce"] = one.nonce
    if one.author == one.world.bot:
        body["application_id"] = str(one.world.bot.id)
    if one.interaction is not None:
        body["webhook_id"] = str(one.world.bot.id)
        body["interaction_metadata"] = metadata(one.interaction)
    return body


def metadata(interaction: Interaction) -> Json:
    """Write what a message tells of the interaction it answers."""
    guild_id = interaction.channel.guild_id
    owners = {"0": str(guild_id or 0)}
    body: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": payloads.user(interaction.user),
        "authorizing_integration_owners": owners,
    }
    if interaction.target is not None:
        body["target_message_id"] = str(interaction.target.id)
    if interaction.trigger is not None:
        body["triggering_interaction_metadata"] = metadata(interaction.trigger)
    if interaction.kind == COMPONENT and interaction.message is not None:
        body["interacted_message_id"] = str(interaction.message.id)
    return body


def _reference(one: "Message", *, privileged: bool) -> Json:
    if one.forwards is not None:
        return _forwarded(one.forwards)
    replied = one.reply_to
    if replied is None:
        return {}
    body: Json = {"message_reference": _named(replied, kind=0)}
    if one.kind in _WITH_REFERENCE:
        nested = None if replied.deleted else message(replied, privileged=privileged)
        body["referenced_message"] = nested
        if nested is not None:
            nested.pop("referenced_message", None)
    return body


def _forwarded(original: "Message") -> Json:
    """Write what a forward shows: a copy that does not say who wrote it."""
    whole = message(original, privileged=True, complete=True)
    snapshot = {key: whole[key] for key in _SNAPSHOT_FIELDS if key in whole}
    named = _named(original, kind=1)
    return {"message_reference": named, "message_snapshots": [{"message": snapshot}]}


def _named(other: "Message", *, kind: int) -> Json:
    reference = {"type": kind, "message_id": str(other.id), "channel_id": str(other.channel.id)}
    if other.channel.guild_id is not None:
        reference["guild_id"] = str(other.channel.guild_id)
    return reference


def _listed(one: "Message") -> list[Attachment]:
    """Return the files no component shows: only these are a message's attachments."""
    shown = {media["attachment_id"] for media in _media(one.components) if "attachment_id" in media}
    return [file for file in one.files.values() if str(file.id) not in shown]


def _media(node: object) -> list[Json]:
    if isinstance(node, list):
        return [media for item in node for media in _media(item)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("media", "file") if isinstance(node.get(key), dict)]
    return own + [media for value in node.values() for media in _media(value)]


def attachment(file: Attachment) -> Json:
    """Write a file, with freshly signed links."""
    link = file.url
    body: Json = {
        "id": str(file.id),
        "filename": file.name,
        "size": file.size,
        "url": link,
        "proxy_url": link,
        "content_type": file.content_type,
    }
    if file.description:
        body["description"] = file.description
    return {**body, "ephemeral": True} if file.ephemeral else body


def component(one: Json, files: dict[int, Attachment]) -> Json:
    """Write a component, its files as links."""
    written = {key: _written(key, value, files) for key, value in one.items()}
    if isinstance(one.get("file"), dict) and "attachment_id" in one["file"]:
        file = files.get(int(one["file"]["attachment_id"]))
        written |= {"name": file.name, "size": file.size} if file else {}
    return written


def _written(key: str, value: object, files: dict[int, Attachment]) -> object:
    if key in {"media", "file"} and isinstance(value, dict):
        return _medium(value, files)
    if isinstance(value, dict):
        return component(value, files)
    if isinstance(value, list):
        return [component(item, files) if isinstance(item, dict) else item for item in value]
    return value


def _medium(media: Json, files: dict[int, Attachment]) -> Json:
    file = files.get(int(media.get("attachment_id", 0)))
    if file is None:
        return {"proxy_url": media.get("url", ""), "url": "", **media}
    link = file.url
    return {**media, "url": link, "proxy_url": link, "content_type": file.content_type}
