"""Where the pictures of a message are: attachments, galleries, link previews, stickers, emoji.

Serves the doors that animate what is already in Discord. Only names and addresses: whether it is a
picture shows when it is decoded. Never follows a link of a text that Discord shows no preview of.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import discord
from discord.asset import Asset

from bot.errors import Refusal, Refused

SUFFIXES = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".avif"}
    # refused later (HEIC: where it is not read), with words that say what they are and what does:
    | {".heic", ".heif", ".bmp", ".tif", ".tiff", ".svg", ".jxl"}
)
UNTOLD = frozenset({None, "", "application/octet-stream"})
"""What stands for a file's type where nobody has said it."""
MOST = 10
"""Candidates a message can offer; a gallery holds no more."""
EMOJI = re.compile(r"<(?P<animated>a?):(?P<name>\w{1,32}):(?P<id>\d{15,21})>")

AnyMessage = discord.Message | discord.MessageSnapshot


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in a message that may be a picture.

    ``markup`` is what stands for it in the message's text, where it stands there.
    """

    url: str
    name: str
    markup: str = ""

    @property
    def is_emoji(self) -> bool:
        """Whether it is a custom emoji, which may be a picture or a mere smile."""
        return EMOJI.fullmatch(self.markup) is not None


def looks_like_picture(name: str, content_type: str | None) -> bool:
    """Tell whether a file's declared type or name is that of a picture, or neither tells anything.

    One of the two is enough: decoding decides, and can say what is wrong.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in SUFFIXES or (content_type or "").startswith("image/"):
        return True
    return not suffix and content_type in UNTOLD


def pictures_in(message: AnyMessage) -> list[Candidate]:
    """Return the pictures of a message, those somebody attached first, each once."""
    forwarded = getattr(message, "message_snapshots", ())
    found = chain(
        _attached(message.attachments),
        _in_components(message.components),
        _in_embeds(message.embeds),
        _stickers(message.stickers),
        _emoji(message.content),
        *(pictures_in(snapshot) for snapshot in forwarded),
    )
    return list({candidate.url: candidate for candidate in found}.values())[:MOST]


def none_in(message: AnyMessage) -> Refused:
    """Return the refusal for a message without a picture, by the kind of what it has instead."""
    every = (message, *getattr(message, "message_snapshots", ()))
    if any(_is_drawn(sticker) for each in every for sticker in each.stickers):
        return Refused(Refusal.NOT_A_PICTURE, kind="a Lottie sticker")
    return Refused(Refusal.NO_PICTURE)


def without_markup(text: str, chosen: Candidate) -> str:
    """Return a text without the emoji or link that was chosen; of other emoji the names stay."""
    if chosen.markup:
        text = text.replace(chosen.markup, " ")
    return EMOJI.sub(lambda emoji: emoji["name"], text)


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
                yield Candidate(url, _file_name(picture.url or url), embed.url or "")


def _stickers(stickers: Iterable[discord.StickerItem]) -> Iterator[Candidate]:
    for sticker in stickers:
        if not _is_drawn(sticker):
            yield Candidate(_sticker_url(sticker), sticker.name)


def _is_drawn(sticker: discord.StickerItem) -> bool:
    """Tell whether a sticker is a drawing in JSON, which has no pixels."""
    return sticker.format is discord.StickerFormatType.lottie


def _sticker_url(sticker: discord.StickerItem) -> str:
    """Discord keeps GIF stickers on another host; where its place is taken, there is one host."""
    is_gif = sticker.format is discord.StickerFormatType.gif
    if is_gif and urlsplit(Asset.BASE).hostname != "cdn.discordapp.com":
        return f"{Asset.BASE}/stickers/{sticker.id}.gif"
    return sticker.url


def _emoji(text: str) -> Iterator[Candidate]:
    """Yield custom emoji; of an animated one WebP, the only type that each of them comes in."""
    for emoji in EMOJI.finditer(text):
        suffix = "webp" if emoji["animated"] else "png"
        url = f"{Asset.BASE}/emojis/{emoji['id']}.{suffix}"
        yield Candidate(url, f":{emoji['name']}:", emoji[0])


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
        name = _file_name(media.url)
        if looks_like_picture(name, media.content_type):
            ours = media.attachment_id is not None
            yield Candidate(media.url if ours else media.proxy_url or media.url, name)


def _file_name(url: str) -> str:
    """Return the last part of an address, as a person would write it."""
    return unquote(PurePosixPath(urlsplit(url).path).name)
