"""The rules of answering: when, how often, and with which token."""

import pytest

from sandbox.discord import Call, Channel, Discord, Guild, Member
from sandbox.discord.driver.opening import opened
from sandbox.discord.world.interactions import COMMAND, MODAL, Interaction
from tests.sandbox_discord.conftest import Raw


@pytest.fixture
async def interaction(channel: Channel, ada: Member) -> Interaction:
    """A slash command that waits for its answer."""
    data = {"id": "1", "name": "video", "type": 1, "options": []}
    return opened(ada, channel, COMMAND, data)


def callback(interaction: Interaction) -> str:
    """Return the path of the first answer."""
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def webhook(server: Discord, interaction: Interaction) -> str:
    """Return the path of everything after."""
    return f"/webhooks/{server.bot.id}/{interaction.token}"


async def test_one_first_answer(interaction: Interaction, raw: Raw) -> None:
    """A second first answer is refused (40060); no token of the bot is needed for either."""
    answer = {"type": 4, "data": {"content": "hello"}}
    assert (await raw("POST", callback(interaction), answer, token=None))[0] == 204
    status, error = await raw("POST", callback(interaction), answer, token=None)
    assert (status, error["code"]) == (400, 40060)


async def test_with_response(interaction: Interaction, channel: Channel, raw: Raw) -> None:
    """Asked for, the answer tells the id of the message it made."""
    path = callback(interaction) + "?with_response=1"
    _, told = await raw("POST", path, {"type": 5, "data": {"flags": 64}})
    about = told["interaction"]
    assert about["response_message_loading"]
    assert about["response_message_ephemeral"]
    assert int(about["response_message_id"]) in channel.everything


async def test_webhook_before_the_answer(
    server: Discord, interaction: Interaction, raw: Raw
) -> None:
    """The webhook exists only after the first answer (10015)."""
    status, error = await raw("POST", webhook(server, interaction), {"content": "early"})
    assert (status, error["code"]) == (404, 10015)


async def test_follow_up_replaces_thinking(
    server: Discord, interaction: Interaction, channel: Channel, raw: Raw
) -> None:
    """The first follow-up after "thinking" becomes that message; the next is one of its own."""
    await raw("POST", callback(interaction), {"type": 5})
    await raw("POST", webhook(server, interaction), {"content": "first"})
    await raw("POST", webhook(server, interaction), {"content": "second"})
    assert [message.text for message in channel.messages] == ["first", "second"]


async def test_private_messages_are_not_in_the_channel(
    server: Discord, interaction: Interaction, channel: Channel, raw: Raw
) -> None:
    """An ephemeral message is unknown to the channel route (10008) and editable by its token."""
    await raw("POST", callback(interaction), {"type": 4, "data": {"content": "a", "flags": 64}})
    private = Call(interaction).private[0]
    path = f"/channels/{channel.id}/messages/{private.id}"
    assert (await raw("PATCH", path, {"content": "b"}))[1]["code"] == 10008
    path = webhook(server, interaction) + "/messages/@original"
    assert (await raw("PATCH", path, {"content": "b"}, token=None))[0] == 200
    assert private.text == "b"
    assert (await raw("DELETE", path))[0] == 204
    assert private.deleted
    assert (await raw("GET", path))[1]["code"] == 10008


async def test_no_form_after_a_form(channel: Channel, ada: Member, raw: Raw) -> None:
    """A submitted form cannot be answered with another form."""
    submitted = opened(ada, channel, MODAL, {"custom_id": "x", "components": []})
    form = {"custom_id": "y", "title": "Again", "components": []}
    status, error = await raw("POST", callback(submitted), {"type": 9, "data": form})
    assert (status, error["code"]) == (400, 50035)


async def test_forms_are_checked(interaction: Interaction, raw: Raw) -> None:
    """A form with a long title, no label and doubled ids is refused with all mistakes."""
    field = {"type": 4, "style": 1, "custom_id": "p"}
    label = {"type": 18, "label": "", "component": field}
    form = {"custom_id": "y", "title": "x" * 46, "components": [label, {**label, "label": "P"}]}
    status, error = await raw("POST", callback(interaction), {"type": 9, "data": form})
    assert status == 400
    assert set(error["errors"]["data"]) == {"title", "components"}
    assert not interaction.settled


async def test_unknown_tokens(server: Discord, interaction: Interaction, raw: Raw) -> None:
    """A wrong interaction token is 10062, a wrong webhook token 50027 with status 401."""
    path = f"/interactions/{interaction.id}/wrong/callback"
    assert (await raw("POST", path, {"type": 5}))[1]["code"] == 10062
    status, error = await raw("POST", f"/webhooks/{server.bot.id}/wrong", {"content": "x"})
    assert (status, error["code"]) == (401, 50027)


async def test_upload_limit_of_the_member(guild: Guild) -> None:
    """An interaction tells the larger limit of server and member."""
    channel, ada = guild.add_channel("films"), guild.add_member("Ada")
    data = {"id": "1", "name": "video", "type": 1}
    assert opened(ada, channel, COMMAND, data).upload_limit == 10 * 1024 * 1024
    ada.user.upload_limit = 50 * 1024 * 1024
    assert opened(ada, channel, COMMAND, data).upload_limit == 50 * 1024 * 1024
