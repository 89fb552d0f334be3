"""Forms with every kind of input, menus on messages and on members, as they reach the bot."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from sandbox.discord import Call, Channel, Discord, Form, Member, Unplayable, Upload
from sandbox.discord.driver.opening import opened
from sandbox.discord.world.interactions import COMMAND
from tests.sandbox_discord.conftest import Ear, Raw

FLAVOURS = [{"label": "Sweet", "value": "sweet"}, {"label": "Sour", "value": "sour"}]
FILLED: list[dict[str, Any]] = [
    {"type": 4, "style": 1, "custom_id": "name", "value": "Ada"},
    {"type": 3, "custom_id": "menu", "options": [{**FLAVOURS[0], "default": True}, FLAVOURS[1]]},
]
EMPTY: list[dict[str, Any]] = [
    {"type": 19, "custom_id": "files", "max_values": 2},
    {"type": 21, "custom_id": "radio", "options": FLAVOURS},
    {"type": 22, "custom_id": "boxes", "options": FLAVOURS, "max_values": 2, "required": False},
    {"type": 23, "custom_id": "sure"},
]


async def opened_form(
    raw: Raw, channel: Channel, ada: Member, inputs: list[dict[str, Any]]
) -> Form | None:
    """Let a command be answered with a form of these inputs."""
    interaction = opened(ada, channel, COMMAND, {"id": "1", "name": "x", "type": 1})
    labelled = [{"type": 18, "label": each["custom_id"], "component": each} for each in inputs]
    data = {"custom_id": "form", "title": "Form", "components": labelled}
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    status, answer = await raw("POST", path, {"type": 9, "data": data})
    assert status == 204, answer
    return Call(interaction).modal


async def told(ear: Ear, raw: Raw, act: Coroutine[Any, Any, Call]) -> dict[str, Any]:
    """Let a member act; return what the bot is told of it, answered quietly."""
    acting = asyncio.create_task(act)
    body: dict[str, Any] = (await ear.hear("INTERACTION_CREATE"))["d"]
    path = f"/interactions/{body['id']}/{body['token']}/callback"
    await raw("POST", path, {"type": 5})
    assert not (await acting).failed
    return body


async def test_what_stands_in_a_form_is_sent(
    raw: Raw, ear: Ear, channel: Channel, ada: Member
) -> None:
    """Fields left alone send what the bot had put in them."""
    await ear.identify()
    form = await opened_form(raw, channel, ada, FILLED)
    await ear.hear("INTERACTION_CREATE")
    body = await told(ear, raw, ada.submit(form))
    inputs = [row["component"] for row in body["data"]["components"]]
    assert [each.get("value", each.get("values")) for each in inputs] == ["Ada", ["sweet"]]


async def test_every_input(raw: Raw, ear: Ear, channel: Channel, ada: Member) -> None:
    """What is chosen and uploaded arrives in the shape Discord gives it."""
    await ear.identify()
    form = await opened_form(raw, channel, ada, EMPTY)
    await ear.hear("INTERACTION_CREATE")
    files = [Upload("a.png", b"a"), Upload("b.png", b"b")]
    act = ada.submit(form, files=files, radio="sour", boxes=["sweet"], sure=True)
    data = (await told(ear, raw, act))["data"]
    inputs = [row["component"] for row in data["components"]]
    assert [each.get("value", each.get("values")) for each in inputs[1:]] == [
        "sour",
        ["sweet"],
        True,
    ]
    assert list(data["resolved"]["attachments"]) == inputs[0]["values"]


async def test_too_many_files(raw: Raw, channel: Channel, ada: Member) -> None:
    """A form takes no more files than it says, and not none where it needs one."""
    form = await opened_form(raw, channel, ada, EMPTY[:1])
    with pytest.raises(Unplayable, match="at most 2"):
        await ada.submit(form, files=[Upload("a.png", b"a")] * 3)
    with pytest.raises(Unplayable, match="required"):
        await ada.submit(form)


async def test_menu_on_a_message(raw: Raw, ear: Ear, channel: Channel, ada: Member) -> None:
    """Choosing from a menu on a message tells the bot the values."""
    await ear.identify()
    row = {"type": 1, "components": [{"type": 3, "custom_id": "pick", "options": FLAVOURS}]}
    path = f"/channels/{channel.id}/messages"
    await raw("POST", path, {"content": "Pick", "components": [row]})
    message = channel.messages[0]
    with pytest.raises(Unplayable, match="offers"):
        await ada.click(message, "pick", "bitter")
    data = (await told(ear, raw, ada.click(message, "pick", "sour")))["data"]
    assert data == {"custom_id": "pick", "component_type": 3, "values": ["sour"]}


async def test_menu_on_a_member(
    raw: Raw, ear: Ear, server: Discord, channel: Channel, ada: Member
) -> None:
    """A menu on a member names them, with their membership."""
    await ear.identify()
    path = f"/applications/{server.bot.id}/commands"
    await raw("PUT", path, [{"name": "Credits of", "type": 2}])
    data = (await told(ear, raw, ada.menu(channel, "Credits of", ada)))["data"]
    assert data["target_id"] == str(ada.id)
    assert set(data["resolved"]) == {"users", "members"}
