"""Where the pictures of a message are: attachments, galleries, link previews, forwarded messages.

Serves the doors that animate what is already in Discord. Only names and addresses: whether it is a
picture shows when it is decoded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

import discord

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".avif", ".heic", ".tiff"})
MOST = 10
"""Candidates a message can offer; a gallery holds no more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in a message that may be a picture."""

    url: str
    name: str


def looks_like_picture(name: str, content_type: str | None) -> bool:
    """Tell whether a file's declared type or name is that of a picture."""
    if content_type:
        return content_type.startswith("image/")
    return PurePosixPath(name.lower()).suffix in SUFFIXES


def pictures_in(message: discord.Message | discord.MessageSnapshot) -> list[Candidate]:
    """Return the pictures of a message, those somebody attached first, each once."""
    forwarded = getattr(message, "message_snapshots", ())
    found = chain(
        _attached(message.attachments),
        _in_components(message.components),
        _in_embeds(message.embeds),
        *(pictures_in(snapshot) for snapshot in forwarded),
    )
    return list({candidate.url: candidate for candidate in found}.values())[:MOST]


def _attached(attachments: Iterable[discord.Attachment]) -> Iterator[Candidate]:
    for attachment in attachments:
        if looks_like_picture(attachment.filename, attachment.content_type):
            yield Candidate(attachment.url, attachment.filename)


def _in_embeds(embeds: Iterable[discord.Embed]) -> Iterator[Candidate]:
    """Yield previews by Discord's own copy: the original's host learns nothing of us."""
    for embed in embeds:
        for picture in (embed.image, embed.thumbnail):
            url = picture.proxy_url or picture.url
            if url:
                yield Candidate(url, PurePosixPath(url.split("?", 1)[0]).name)


def _in_components(components: Iterable[Any]) -> Iterator[Candidate]:
    for component in components:
        yield from _in_media(component)
        yield from _in_components(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield from _in_media(accessory)


def _in_media(component: Any) -> Iterator[Candidate]:
    shown: list[discord.UnfurledMediaItem] = []
    if isinstance(component, discord.MediaGalleryComponent):
        shown = [item.media for item in component.items]
    elif isinstance(component, discord.ThumbnailComponent):
        shown = [component.media]
    for media in shown:
        name = PurePosixPath(media.url.split("?", 1)[0]).name
        if looks_like_picture(name, media.content_type):
            yield Candidate(media.url, name)
