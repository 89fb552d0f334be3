"""The commands as Discord is told them: others rely on these names, types and orders."""

from typing import Any

import pytest

from sandbox.discord import Discord

STRING, INTEGER, USER, ROLE, ATTACHMENT = 3, 4, 6, 8, 11
MANAGE_GUILD = 1 << 5

ON_MEMBERS, ON_MESSAGES = 2, 3
MENUS = {"Animate image": ON_MESSAGES, "Storyboard": ON_MESSAGES, "Animate avatar": ON_MEMBERS}

Option = tuple[str, int, bool]

VIDEO: dict[str, list[Option]] = {
    "text": [
        ("prompt", STRING, True),
        ("model", STRING, False),
        ("aspect", STRING, False),
        ("duration", INTEGER, False),
    ],
    "image": [
        ("image", ATTACHMENT, True),
        ("prompt", STRING, False),
        ("model", STRING, False),
        ("duration", INTEGER, False),
    ],
    "long": [
        ("image", ATTACHMENT, True),
        ("shot1", STRING, True),
        *[(f"shot{number}", STRING, False) for number in range(2, 7)],
    ],
    "list": [],
    "show": [("id", STRING, True)],
    "cancel": [("id", STRING, True)],
    "credits": [],
    "privacy": [("others", STRING, False)],
}
QUOTA: dict[str, list[Option]] = {
    "view": [("user", USER, False)],
    "server": [("credits", INTEGER, True), ("period", STRING, False)],
    "member": [("credits", INTEGER, True), ("user", USER, False)],
    "role": [("role", ROLE, True), ("credits", INTEGER, True)],
    "grant": [("credits", INTEGER, True), ("user", USER, False)],
    "history": [],
}


def _synced(world: Discord) -> dict[str, Any]:
    sent = next(request for request in world.requests if request.method == "PUT")
    return {command["name"]: command for command in sent.body}


def _options(command: dict[str, Any]) -> dict[str, list[Option]]:
    return {
        sub["name"]: [
            (option["name"], option["type"], bool(option.get("required")))
            for option in sub["options"]
        ]
        for sub in command["options"]
    }


@pytest.mark.usefixtures("house")
async def test_the_commands_are_exactly_those_of_the_design(world: Discord) -> None:
    """Names, options, their order, types and which are required."""
    commands = _synced(world)
    assert {"video", "quota", *MENUS} == set(commands)
    assert _options(commands["video"]) == VIDEO
    assert _options(commands["quota"]) == QUOTA
    assert {name: commands[name]["type"] for name in MENUS} == MENUS


@pytest.mark.usefixtures("house")
async def test_every_command_is_for_servers_only(world: Discord) -> None:
    """No command appears in direct messages."""
    assert {tuple(command["contexts"]) for command in _synced(world).values()} == {(0,)}


@pytest.mark.usefixtures("house")
async def test_quotas_ask_for_manage_server(world: Discord) -> None:
    """By default Discord shows `/quota` to those who manage the server only."""
    commands = _synced(world)
    assert str(MANAGE_GUILD) == str(commands["quota"]["default_member_permissions"])
    assert commands["video"]["default_member_permissions"] is None


@pytest.mark.usefixtures("house")
async def test_periods_are_a_fixed_choice(world: Discord) -> None:
    """A server's credits renew by day, week, month or never."""
    server = next(sub for sub in _synced(world)["quota"]["options"] if sub["name"] == "server")
    period = server["options"][1]
    assert [choice["value"] for choice in period["choices"]] == ["day", "week", "month", "total"]


@pytest.mark.usefixtures("house")
async def test_a_prompt_may_be_as_long_as_discord_allows(world: Discord) -> None:
    """No limit of Discord's client stands before our own kind refusal."""
    text = next(sub for sub in _synced(world)["video"]["options"] if sub["name"] == "text")
    assert text["options"][0].get("max_length", 6000) == 6000
