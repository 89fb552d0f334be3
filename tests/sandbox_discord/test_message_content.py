"""What a bot reads of messages with and without the message content intent."""

import discord as library
import pytest

from sandbox.discord import Discord, Upload
from tests.sandbox_discord.toy import TOKEN, Toy, running

PICTURE = Upload("cat.png", b"cat")


@pytest.mark.parametrize(("granted", "seen"), [(True, 1), (False, 0)])
async def test_picture_replied_to(granted: bool, seen: int) -> None:
    """A reply that mentions the bot shows the picture replied to only with the intent."""
    intents = library.Intents.default()
    intents.message_content = granted
    async with Discord(TOKEN, message_content=granted) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        async with running(server, Toy(intents=intents)) as bot:
            assert bot.application is not None
            assert bot.application.flags.gateway_message_content_limited is granted
            picture = await ada.say(channel, "", uploads=[PICTURE])
            await ada.say(channel, "animate", reply_to=picture, mention_bot=True)
            answer = await channel.until(lambda message: message.author == server.bot)
            assert answer.text == f"I see {seen} pictures"


async def test_rest_hides_content_too() -> None:
    """Without the intent REST shows no content either, except the bot's own and mentions."""
    async with Discord(TOKEN, message_content=False) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        await ada.say(channel, "secret", uploads=[PICTURE])
        await ada.say(channel, "hello", mention_bot=True)
        async with running(server, Toy()) as bot:
            await bot.get_partial_messageable(channel.id).send("mine")
            place = bot.get_partial_messageable(channel.id)
            found = [message async for message in place.history(oldest_first=True)]
        assert [m.content for m in found] == ["", f"{server.bot.mention} hello", "mine"]
        assert found[0].attachments == []


async def test_menu_target_is_complete() -> None:
    """The message a menu is opened on is complete, whatever the intent."""
    async with Discord(TOKEN, message_content=False) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        async with running(server, Toy()):
            picture = await ada.say(channel, "secret", uploads=[PICTURE])
            call = await ada.menu(channel, "Animate image", picture)
            assert call.modal is not None
            assert call.modal.title == "Animate 1"


async def test_direct_messages_are_readable() -> None:
    """Direct messages with the bot are always readable."""
    async with Discord(TOKEN, message_content=False) as server:
        ada = server.add_guild("Studio").add_member("Ada")
        async with running(server, Toy()) as bot:
            heard = bot.wait_for("message", timeout=5)
            await ada.say(ada.dm, "psst")
            assert (await heard).content == "psst"
