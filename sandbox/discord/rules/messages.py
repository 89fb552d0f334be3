"""Stands in for Discord's judgement of a message's form, new or edited.

It never asks who sends it: permissions are judged by the routes.
"""

from typing import Any

from sandbox.discord.problems import Path, Problems, invalid
from sandbox.discord.refusals import Refusal, refuse
from sandbox.discord.rules import components
from sandbox.discord.world.messages import COMPONENTS_V2, Message
from sandbox.discord.world.posting import Draft

_MOST_CONTENT, _MOST_EMBEDS, _MOST_FILES, _MOST_NONCE = 2000, 10, 10, 25
_LEGACY = ("content", "embeds", "poll", "sticker_ids")


def check(draft: Draft, before: Message | None, upload_limit: int) -> None:
    """Judge a request to post (`before` is None) or to edit a message.

    Raises:
        Refusal: 50035 with all mistakes, 50006 if nothing would be left, 40005 for a large file.
    """
    for upload in draft.uploads.values():
        if len(upload.data) > upload_limit:
            raise refuse(40005)
    problems = Problems()
    modern = _modern(problems, draft.body, before)
    _plain(problems, draft.body)
    if modern:
        _no_legacy(problems, draft.body, before)
    _files(problems, draft, before)
    if draft.body.get("components"):
        components.check(problems, draft.body["components"], modern=modern)
        _references(problems, draft, before)
    problems.done()
    if _empty(draft, before):
        raise refuse(50006)


def _modern(problems: Problems, body: dict[str, Any], before: Message | None) -> bool:
    was = before is not None and bool(before.flags & COMPONENTS_V2)
    wanted = bool((body.get("flags") or 0) & COMPONENTS_V2)
    if was and body.get("flags") is not None and not wanted:
        told = "The IS_COMPONENTS_V2 flag cannot be removed from a message"
        problems.add(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", told)
    return was or wanted


def _plain(problems: Problems, body: dict[str, Any]) -> None:
    if body.get("content"):
        problems.length(("content",), body["content"], 0, _MOST_CONTENT)
    if body.get("embeds"):
        problems.count(("embeds",), body["embeds"], 0, _MOST_EMBEDS)
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        problems.length(("nonce",), nonce, 0, _MOST_NONCE)
    _pings(problems, body.get("allowed_mentions") or {})


def _pings(problems: Problems, wanted: dict[str, Any]) -> None:
    parse = wanted.get("parse") or []
    for index, entry in enumerate(parse):
        path: Path = ("allowed_mentions", "parse", index)
        problems.choice(path, entry, ("users", "roles", "everyone"))
    for kind in ("users", "roles"):
        if kind in parse and wanted.get(kind):
            told = f"parse:['{kind}'] and {kind}: [ids...] are mutually exclusive."
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            problems.add(("allowed_mentions", "parse"), code, told)


def _no_legacy(problems: Problems, body: dict[str, Any], before: Message | None) -> None:
    """Note fields that a message with the V2 flag, or one that becomes such, cannot have."""
    left = {"content": before.content, "embeds": before.embeds} if before else {}
    for field in _LEGACY:
        if body.get(field, left.get(field)):
            told = f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            problems.add((field,), code, told)


def _files(problems: Problems, draft: Draft, before: Message | None) -> None:
    listed = draft.body.get("attachments")
    known = {*draft.uploads, *(before.files if before else ())}
    for index, entry in enumerate(listed or []):
        if int(entry.get("id", -1)) not in known:
            told = f"Attachment data with id {entry.get('id')} not found"
            problems.add(("attachments", index), "ATTACHMENT_NOT_FOUND", told)
    kept = len(before.files) if before and listed is None else 0
    if max(len(listed or []), len(draft.uploads)) + kept > _MOST_FILES:
        problems.add(("attachments",), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")


def _references(problems: Problems, draft: Draft, before: Message | None) -> None:
    """Note components that show a file by name which the message will not have."""
    names = _names(draft, before)
    for index, component in enumerate(draft.body["components"]):
        for place, found in components.inner(component):
            for at, url in _urls(found):
                name = url.removeprefix("attachment://")
                if name != url and name not in names:
                    told = f"The referenced attachment '{name}' was not found"
                    code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                    problems.add(("components", index, *place, *at), code, told)


def _names(draft: Draft, before: Message | None) -> set[str]:
    listed = draft.body.get("attachments")
    told = {int(entry["id"]): entry.get("filename") for entry in listed or []}
    old = before.files if before else {}
    kept = [file.name for key, file in old.items() if listed is None or key in told]
    new = [told.get(number) or upload.name for number, upload in draft.uploads.items()]
    return {*kept, *new}


def _urls(component: dict[str, Any]) -> list[tuple[Path, str]]:
    media = [(key, component.get(key)) for key in ("media", "file")]
    found: list[tuple[Path, str]] = [
        ((key, "url"), str(medium.get("url"))) for key, medium in media if isinstance(medium, dict)
    ]
    for index, item in enumerate(component.get("items") or []):
        found += [(("items", index, *path), url) for path, url in _urls(item)]
    return found


def _empty(draft: Draft, before: Message | None) -> bool:
    """Return whether nothing would be left to see."""
    old = {"content": before.content, "embeds": before.embeds} if before else {}
    old |= {"components": before.components} if before else {}
    parts = [draft.body.get(key, old.get(key)) for key in ("content", "embeds", "components")]
    if any(parts) or draft.uploads or draft.body.get("sticker_ids") or draft.body.get("poll"):
        return False
    listed = draft.body.get("attachments")
    return not (before is not None and before.files if listed is None else listed)


def unknown_reference() -> Refusal:
    """Return the refusal of a reply to a message that is not there."""
    told = "Unknown message"
    return invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", told)
