"""Threads, direct messages, several servers, people who come and go."""

import io
from datetime import timedelta

import discord as library
import pytest

from sandbox.discord import Channel, Discord, Guild, Limits, Member, Unplayable, Upload
from tests.sandbox_discord.toy import TOKEN, Toy, card, running


async def test_command_in_a_thread(bot: Toy, channel: Channel, ada: Member) -> None:
    """A command in a thread is answered in the thread."""
    thread = channel.add_thread("films")
    call = await ada.slash(thread, "video text", prompt="a cat")
    assert thread.messages == [call.message]
    assert bot.interactions[-1].channel_id == thread.id


async def test_button_in_a_direct_message(bot: Toy, ada: Member) -> None:
    """A button in a direct message works as in a channel."""
    await (await bot.fetch_user(ada.id)).send(view=card("film", task=3))
    call = await ada.click(ada.direct_messages[0], "Cancel")
    assert not call.failed
    assert call.message is not None
    assert call.message.text == "task 3 cancelled"


@pytest.mark.usefixtures("bot")
async def test_guild_commands_are_not_in_direct_messages(ada: Member) -> None:
    """A command for servers is not offered in direct messages."""
    with pytest.raises(Unplayable, match="not offered"):
        await ada.slash(ada.dm, "video text", prompt="a cat")


@pytest.mark.usefixtures("bot")
async def test_one_person_in_two_servers(server: Discord, ada: Member) -> None:
    """A member of two servers is one person, and the bot joins a server while it runs."""
    other = server.add_guild("Second")
    place, again = other.add_channel("general"), other.add_member(ada)
    assert again == ada
    call = await again.slash(place, "video text", prompt="a cat")
    assert call.message is not None
    assert call.message.channel is place


@pytest.mark.usefixtures("bot")
async def test_the_bot_is_gone(guild: Guild, channel: Channel, ada: Member) -> None:
    """Without the bot in the server there are no commands."""
    guild.remove_bot()
    with pytest.raises(Unplayable, match="not in Studio"):
        await ada.slash(channel, "video text", prompt="a cat")


@pytest.mark.usefixtures("bot")
async def test_kicked_member(guild: Guild, channel: Channel, ada: Member) -> None:
    """Who was kicked sees and does nothing more, and gets no direct message."""
    said = await ada.say(channel, "hello")
    guild.kick(ada)
    assert not ada.sees(said)
    with pytest.raises(Unplayable, match="may not write"):
        await ada.say(channel, "still here?")
    with pytest.raises(Unplayable, match="may not use"):
        await ada.slash(channel, "video text", prompt="a cat")


async def test_no_mutual_server(bot: Toy, guild: Guild, ada: Member) -> None:
    """Who shares no server with the bot cannot be written to (50278)."""
    user = await bot.fetch_user(ada.id)
    guild.kick(ada)
    with pytest.raises(library.Forbidden) as refused:
        await user.send("hello?")
    assert refused.value.code == 50278


async def test_token_dies_by_time() -> None:
    """An interaction's token dies by itself after its life."""
    life = timedelta(milliseconds=1)
    async with Discord(TOKEN, token_life=life, limits=Limits.generous()) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        async with running(server, Toy()) as bot:
            await ada.slash(channel, "video text", prompt="a cat")
            with pytest.raises(library.HTTPException) as refused:
                await bot.interactions[-1].edit_original_response(view=card("late"))
            assert refused.value.code == 50027


async def test_larger_files_by_interaction(bot: Toy, channel: Channel, ada: Member) -> None:
    """A member's own limit counts for their interactions, not for the bot's own messages."""
    big = b"x" * (10 * 1024 * 1024 + 1)
    ada.user.upload_limit = 2 * len(big)
    call = await ada.slash(channel, "video text", prompt="a cat")
    assert bot.interactions[-1].filesize_limit == 2 * len(big)
    file = library.File(io.BytesIO(big), "film.mp4")
    await bot.interactions[-1].followup.send(file=file)
    assert call.messages[-1].attachments[0].size == len(big)
    with pytest.raises(library.HTTPException) as refused:
        await bot.get_partial_messageable(channel.id).send(
            file=library.File(io.BytesIO(big), "film.mp4")
        )
    assert refused.value.code == 40005


async def test_reactions(bot: Toy, channel: Channel, ada: Member) -> None:
    """The bot reacts to a message."""
    said = await ada.say(channel, "animate", uploads=[Upload("a.png", b"a")])
    part = bot.get_partial_messageable(channel.id).get_partial_message(said.id)
    await part.add_reaction("👍")
    await said.until(lambda message: message.reactions == ["👍"])


async def test_opening_an_archived_thread(bot: Toy, channel: Channel) -> None:
    """The bot opens a thread that slept in, but not one that a moderator has locked."""
    thread = channel.add_thread("films")
    for locked in (False, True):
        thread.archive(locked=locked)
        found = await bot.fetch_channel(thread.id)
        assert isinstance(found, library.Thread)
        if locked:
            with pytest.raises(library.Forbidden):
                await found.edit(archived=False)
        else:
            await found.edit(archived=False)
        assert thread.archived is locked
