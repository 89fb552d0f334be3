"""The official description as a judge; the `server` fixture lets it judge every other test too."""

from datetime import UTC, datetime

import pytest

from sandbox.discord import Channel, Discord, Exchange, Member, Upload
from tests.sandbox_discord import official
from tests.sandbox_discord.toy import Toy

pytestmark = pytest.mark.skipif(
    official.DESCRIPTION is None, reason="DISCORD_OPENAPI names no description"
)


async def test_a_whole_conversation(
    bot: Toy, server: Discord, channel: Channel, ada: Member
) -> None:
    """Everything the bot asked and was told in a conversation is as Discord describes it."""
    call = await ada.slash(channel, "video text", prompt="a cat")
    assert call.message is not None
    await ada.click(call.message, "Cancel")
    await ada.slash(channel, "video image", image=Upload("cat.png", b"1"))
    picture = await ada.say(channel, "look", uploads=[Upload("cat.png", b"1")])
    form = (await ada.menu(channel, "Animate image", picture)).modal
    await ada.submit(form, prompt="run", model="lv")
    place = await bot.fetch_channel(channel.id)
    await bot.fetch_guild(channel.guild_id or 0)
    assert place.id == channel.id
    await (await bot.fetch_user(ada.id)).send("psst")
    asked = {entry.route for entry in server.requests}
    assert len(asked) > 8
    judged = [official.objections(entry) for entry in server.requests]
    assert [fault for faults in judged for fault in faults] == []


async def test_the_judge_objects() -> None:
    """A message without its id is objected to: the judge is awake."""
    entry = Exchange(
        datetime.now(UTC), "POST", "/channels/1/messages", "/channels/{channel}/messages", {}
    )
    entry.body, entry.status, entry.answer = {"content": "x"}, 200, {"content": "x"}
    assert any("'id' is a required property" in fault for fault in official.objections(entry))
