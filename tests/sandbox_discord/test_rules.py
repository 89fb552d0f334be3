"""Forms Discord refuses with code 50035, and where it says the mistake is."""

from typing import Any

import pytest

from sandbox.discord import Channel, Discord
from tests.sandbox_discord.conftest import Raw

MODERN = 1 << 15
TEXT = {"type": 10, "content": "hello"}


def button(**change: Any) -> dict[str, Any]:
    """Return a row with one button."""
    one = {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **change}
    return {"type": 1, "components": [{k: v for k, v in one.items() if v is not None}]}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "content beside components": ({"content": "x", "components": [TEXT]}, "content"),
    "embeds beside components": ({"embeds": [{"title": "x"}], "components": [TEXT]}, "embeds"),
    "too many components": ({"components": [TEXT] * 41}, "components"),
    "too much text": ({"components": [{**TEXT, "content": "x" * 2001}] * 2}, "components"),
    "no text": ({"components": [{**TEXT, "content": ""}]}, "components.0.content"),
    "no custom id": (
        {"components": [button(custom_id=None)]},
        "components.0.components.0.custom_id",
    ),
    "long custom id": (
        {"components": [button(custom_id="x" * 101)]},
        "components.0.components.0.custom_id",
    ),
    "long label": ({"components": [button(label="x" * 81)]}, "components.0.components.0.label"),
    "twice the same custom id": (
        {"components": [button(), button()]},
        "components.1.components.0.custom_id",
    ),
    "link with custom id": (
        {"components": [button(style=5, url="https://a.b")]},
        "components.0.components.0.custom_id",
    ),
    "a link to nowhere": (
        {"components": [button(style=5, url="mailto:a@b", custom_id=None)]},
        "components.0.components.0.url",
    ),
    "a file from elsewhere": (
        {"components": [{"type": 13, "file": {"url": "https://a.b/c.pdf"}}]},
        "components.0.file.url",
    ),
    "six buttons in a row": (
        {
            "components": [
                {
                    "type": 1,
                    "components": [
                        {"type": 2, "style": 1, "label": "x", "custom_id": str(n)} for n in range(6)
                    ],
                }
            ]
        },
        "components.0.components",
    ),
    "a section without accessory": (
        {"components": [{"type": 9, "components": [TEXT]}]},
        "components.0.accessory",
    ),
    "a container in a container": (
        {"components": [{"type": 17, "components": [{"type": 17, "components": [TEXT]}]}]},
        "components.0.components.0.type",
    ),
    "a file that is not there": (
        {"components": [{"type": 12, "items": [{"media": {"url": "attachment://a.mp4"}}]}]},
        "components.0.items.0.media.url",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_components_v2(case: str, channel: Channel, raw: Raw) -> None:
    """Each of these messages is refused, and the errors name the place."""
    body, place = REFUSED[case]
    path = f"/channels/{channel.id}/messages"
    status, error = await raw("POST", path, {"flags": MODERN, **body})
    assert (status, error["code"]) == (400, 50035)
    node = error["errors"]
    for step in place.split("."):
        node = node[step]
    assert node["_errors"][0]["code"]
    assert channel.messages == []


async def test_modern_components_need_the_flag(channel: Channel, raw: Raw) -> None:
    """Without the V2 flag only action rows are components."""
    path = f"/channels/{channel.id}/messages"
    status, error = await raw("POST", path, {"content": "x", "components": [TEXT]})
    assert status == 400
    assert "must be one of (1)" in str(error["errors"])


async def test_the_flag_stays(channel: Channel, raw: Raw) -> None:
    """IS_COMPONENTS_V2 cannot be taken off, and what is switched to it must be emptied first."""
    path = f"/channels/{channel.id}/messages"
    _, sent = await raw("POST", path, {"flags": MODERN, "components": [TEXT]})
    status, _ = await raw("PATCH", f"{path}/{sent['id']}", {"flags": 0})
    assert status == 400
    _, old = await raw("POST", path, {"content": "plain"})
    switch = {"flags": MODERN, "components": [TEXT]}
    status, _ = await raw("PATCH", f"{path}/{old['id']}", switch)
    assert status == 400
    status, _ = await raw("PATCH", f"{path}/{old['id']}", {**switch, "content": None})
    assert status == 200


COMMAND = {"name": "video", "description": "Make videos", "type": 1}
BAD_COMMANDS: dict[str, list[dict[str, Any]]] = {
    "capital letters": [{**COMMAND, "name": "Video"}],
    "a space": [{**COMMAND, "name": "my video"}],
    "no description": [{**COMMAND, "description": ""}],
    "a long description": [{**COMMAND, "description": "x" * 101}],
    "the same name twice": [COMMAND, COMMAND],
    "required after optional": [
        {
            **COMMAND,
            "options": [
                {"name": "a", "description": "a", "type": 3},
                {"name": "b", "description": "b", "type": 3, "required": True},
            ],
        }
    ],
    "26 options": [
        {
            **COMMAND,
            "options": [{"name": f"o{n}", "description": "o", "type": 3} for n in range(26)],
        }
    ],
    "too large altogether": [
        {
            **COMMAND,
            "options": [
                {
                    "name": f"s{n}",
                    "description": "x" * 100,
                    "type": 1,
                    "options": [
                        {"name": f"o{m}", "description": "y" * 100, "type": 3} for m in range(4)
                    ],
                }
                for n in range(20)
            ],
        }
    ],
    "a menu with a description": [{"name": "Animate", "description": "x", "type": 3}],
}


@pytest.mark.parametrize("case", BAD_COMMANDS)
async def test_commands(case: str, server: Discord, raw: Raw) -> None:
    """Each of these lists of commands is refused."""
    path = f"/applications/{server.bot.id}/commands"
    status, error = await raw("PUT", path, BAD_COMMANDS[case])
    assert (status, error["code"]) == (400, 50035)
    assert not server.world.synced


async def test_commands_keep_their_ids(server: Discord, raw: Raw) -> None:
    """A command synced again keeps its id."""
    path = f"/applications/{server.bot.id}/commands"
    _, first = await raw("PUT", path, [COMMAND])
    _, second = await raw("PUT", path, [COMMAND])
    assert first[0]["id"] == second[0]["id"]
    assert await raw("GET", path) == (200, second)


MISSHAPEN: dict[str, Any] = {
    "a list": [],
    "a word": "x",
    "flags in words": {"flags": "x", "content": "a"},
    "embeds as an object": {"content": "x", "embeds": {"a": 1}},
    "a number as component": {"components": [1], "flags": MODERN},
    "components as an object": {"components": {"a": 1}, "content": "x"},
    "a row of letters": {"components": [{"type": 1, "components": "no"}], "content": "x"},
    "a word as id": {"attachments": [{"id": "abc"}], "content": "x"},
    "a reply to a word": {"message_reference": {"message_id": "abc"}, "content": "x"},
    "a ping of a word": {"allowed_mentions": {"users": ["x"]}, "content": "x"},
    "media as a word": {"components": [{"type": 12, "items": [{"media": "x"}]}], "flags": MODERN},
}


@pytest.mark.parametrize("case", MISSHAPEN)
async def test_misshapen_messages(case: str, channel: Channel, raw: Raw) -> None:
    """What has the wrong shape is refused like any other mistake."""
    path = f"/channels/{channel.id}/messages"
    status, error = await raw("POST", path, MISSHAPEN[case])
    assert (status, error["code"]) in {(400, 50035), (400, 50006)}


async def test_misshapen_others(server: Discord, channel: Channel, raw: Raw) -> None:
    """The same holds for commands, queries and JSON that is none."""
    path = f"/applications/{server.bot.id}/commands"
    for body in ([1], [{"name": 1}], [{**COMMAND, "options": [2]}]):
        assert (await raw("PUT", path, body))[1]["code"] == 50035
    path = f"/channels/{channel.id}/messages"
    assert (await raw("GET", path + "?limit=x"))[1]["code"] == 50035
    assert (await raw("POST", path, data=b"{"))[1]["code"] == 50109
