"""Where pictures can hide in a message."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord.state import ConnectionState

from bot.discord_ui.pictures import looks_like_picture, pictures_in

CDN = "https://cdn.discordapp.com/attachments/1/2"


@pytest.mark.parametrize(
    ("name", "content_type", "expected"),
    [
        ("fox.png", "image/png", True),
        ("fox", "image/webp", True),
        ("FOX.JPEG", None, True),
        ("fox.png", "text/html", False),
        ("fox.mp4", "video/mp4", False),
        ("fox.txt", None, False),
    ],
)
def test_a_picture_is_told_by_type_then_name(
    name: str, content_type: str | None, *, expected: bool
) -> None:
    """The declared type counts; without one the name does. Decoding decides later."""
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
