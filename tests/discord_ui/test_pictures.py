"""Where pictures can hide in a message."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord.asset import Asset
from discord.state import ConnectionState

from bot.discord_ui.pictures import (
    Candidate,
    looks_like_picture,
    none_in,
    pictures_in,
    without_markup,
)
from bot.errors import Refusal

CDN = "https://cdn.discordapp.com/attachments/1/2"


@pytest.mark.parametrize(
    ("name", "content_type", "expected"),
    [
        ("fox.png", "image/png", True),
        ("fox", "image/webp", True),
        ("FOX.JPEG", None, True),
        ("fox.png", "text/html", True),
        ("fox", "application/octet-stream", True),
        ("fox", None, True),
        ("fox", "text/html", False),
        ("fox.mp4", "video/mp4", False),
        ("fox.txt", None, False),
    ],
)
def test_a_picture_is_told_by_type_then_name(
    name: str, content_type: str | None, *, expected: bool
) -> None:
    """One of the two is enough, and where neither tells anything: decoding decides later."""
    assert looks_like_picture(name, content_type) is expected


def _message(**fields: Any) -> discord.Message:
    """Return a message as discord.py builds it from Discord's JSON."""
    body = {
        "id": "1",
        "channel_id": "2",
        "type": 0,
        "content": "",
        "author": {"id": "3", "username": "ada", "discriminator": "0", "avatar": None},
        "timestamp": "2026-11-20T12:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "components": [],
        **fields,
    }
    state: Any = create_autospec(ConnectionState, instance=True)
    state.http = None  # nothing is fetched
    channel: Any = create_autospec(discord.DMChannel, instance=True)
    return discord.Message(state=state, channel=channel, data=body)  # type: ignore[arg-type] # JSON


def _file(name: str, content_type: str) -> dict[str, Any]:
    return {
        "id": "9",
        "filename": name,
        "size": 1,
        "url": f"{CDN}/{name}",
        "proxy_url": f"{CDN}/{name}",
        "content_type": content_type,
    }


def _media(name: str, content_type: str) -> dict[str, Any]:
    return {"url": f"{CDN}/{name}?ex=1", "proxy_url": "", "content_type": content_type}


def test_attachments_come_first_and_films_are_none() -> None:
    """What somebody attached is what they mean."""
    message = _message(
        attachments=[_file("a.mp4", "video/mp4"), _file("b.png", "image/png")],
        embeds=[
            {"type": "image", "thumbnail": {"url": "https://x/c.png", "proxy_url": "https://p/c"}}
        ],
    )
    assert [f"{CDN}/b.png", "https://p/c"] == [found.url for found in pictures_in(message)]


def test_galleries_thumbnails_and_containers_are_searched() -> None:
    """Files that components show are in no list of attachments."""
    gallery = {"type": 12, "id": 1, "items": [{"media": _media("a.png", "image/png")}]}
    thumbnail = {"type": 11, "id": 2, "media": _media("b.png", "image/png")}
    section = {
        "type": 9,
        "id": 3,
        "components": [{"type": 10, "id": 4, "content": "x"}],
        "accessory": thumbnail,
    }
    film = {"type": 12, "id": 5, "items": [{"media": _media("c.mp4", "video/mp4")}]}
    message = _message(
        components=[{"type": 17, "id": 6, "components": [gallery, section, film]}], flags=1 << 15
    )
    assert [found.name for found in pictures_in(message)] == ["a.png", "b.png"]


def test_forwarded_pictures_count() -> None:
    """A forward has its pictures in a snapshot."""
    forwarded = {
        "type": 0,
        "content": "",
        "embeds": [],
        "attachments": [_file("a.png", "image/png")],
        "timestamp": "2026-11-20T12:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "mentions": [],
        "mention_roles": [],
    }
    message = _message(message_snapshots=[{"message": forwarded}])
    assert [found.name for found in pictures_in(message)] == ["a.png"]


def test_a_picture_is_offered_once() -> None:
    """The same file in two places is one candidate."""
    twice = [_file("a.png", "image/png")] * 2
    assert len(pictures_in(_message(attachments=twice))) == 1


def test_words_alone_hold_no_picture() -> None:
    """A link preview without a picture is none."""
    assert pictures_in(_message(content="hello", embeds=[{"type": "link", "title": "x"}])) == []


def _sticker(kind: int) -> dict[str, Any]:
    return {"id": "7" * 18, "name": "Wumpus", "format_type": kind}


def test_stickers_and_emoji_by_their_own_addresses() -> None:
    """Each is asked for where Discord has it; of an animated emoji the type all of them have."""
    fox, party = "<:fox:123456789012345678>", "<a:party:223456789012345678>"
    message = _message(content=f"{fox} {party} {fox} <:x:1>", sticker_items=[_sticker(2)])
    assert [(found.name, found.url, found.markup) for found in pictures_in(message)] == [
        ("Wumpus", f"{Asset.BASE}/stickers/{'7' * 18}.png", ""),
        (":fox:", f"{Asset.BASE}/emojis/123456789012345678.png", fox),
        (":party:", f"{Asset.BASE}/emojis/223456789012345678.webp", party),
    ]


def test_gif_stickers_where_discord_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord has them on a host of their own; who stands in for its CDN has them there."""
    message = _message(sticker_items=[_sticker(4)])
    for base, expected in (
        ("https://cdn.discordapp.com", "https://media.discordapp.net"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    ):
        monkeypatch.setattr(Asset, "BASE", base)
        (found,) = pictures_in(message)
        assert found.url == f"{expected}/stickers/{'7' * 18}.gif"


@pytest.mark.parametrize(("kind", "code"), [(3, Refusal.NOT_A_PICTURE), (1, Refusal.NO_PICTURE)])
def test_a_drawn_sticker_is_named(kind: int, code: Refusal) -> None:
    """Where there is nothing but a sticker of lines, its asker learns that this is the reason."""
    message = _message(sticker_items=[_sticker(kind)])
    assert none_in(message).code is code


def test_a_text_without_its_emoji() -> None:
    """The chosen one goes wherever it stands; of another one the name stays."""
    text = "make <:fox:123456789012345678> and <a:owl:223456789012345678> dance"
    chosen = Candidate("u", ":fox:", "<:fox:123456789012345678>")
    assert " ".join(without_markup(text, chosen).split()) == "make and owl dance"
    assert "fox and owl" in without_markup(text, Candidate("u", "boat.png"))
