"""What the bot may do where, and what Discord says when it may not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.discord import ORDINARY, Channel, Guild, Member, Permissions, Upload
from tests.sandbox_discord.conftest import Raw
from tests.sandbox_discord.toy import Toy


def me(guild: Guild) -> Member:
    """Return the bot as a member."""
    assert guild.me is not None
    return guild.me


async def code(raw: Raw, channel: Channel, **body: object) -> object:
    """Post a message; return the error code, or None."""
    _, answer = await raw("POST", f"/channels/{channel.id}/messages", {"content": "x", **body})
    return answer.get("code")


async def test_cannot_see(guild: Guild, channel: Channel, raw: Raw) -> None:
    """Without View Channel everything there is 50001."""
    channel.set_permissions(me(guild), deny=Permissions.VIEW_CHANNEL)
    assert await code(raw, channel) == 50001
    assert (await raw("GET", f"/channels/{channel.id}"))[0] == 403


async def test_cannot_send(guild: Guild, channel: Channel, raw: Raw) -> None:
    """Without Send Messages posting is 50013; an overwrite for the bot wins over everyone's."""
    channel.set_permissions(guild.everyone, deny=Permissions.SEND_MESSAGES)
    assert await code(raw, channel) == 50013
    channel.set_permissions(me(guild), allow=Permissions.SEND_MESSAGES)
    assert await code(raw, channel) is None


async def test_cannot_read_history(guild: Guild, channel: Channel, ada: Member, raw: Raw) -> None:
    """Without Read Message History one message is 50013, the list empty, a reply refused."""
    said = await ada.say(channel, "hello")
    channel.set_permissions(me(guild), deny=Permissions.READ_MESSAGE_HISTORY)
    path = f"/channels/{channel.id}/messages"
    assert (await raw("GET", f"{path}/{said.id}"))[1]["code"] == 50013
    assert await raw("GET", path) == (200, [])
    assert await code(raw, channel, message_reference={"message_id": str(said.id)}) == 160002


async def test_archived_thread(channel: Channel, raw: Raw) -> None:
    """In an archived thread nothing is edited (50083); sending opens it again unless locked."""
    thread = channel.add_thread("films")
    path = f"/channels/{thread.id}/messages"
    _, sent = await raw("POST", path, {"content": "x"})
    thread.archive()
    status, error = await raw("PATCH", f"{path}/{sent['id']}", {"content": "y"})
    assert (status, error["code"]) == (400, 50083)
    assert await code(raw, thread) is None
    assert not thread.archived
    thread.archive(locked=True)
    assert await code(raw, thread) == 50083


async def test_removed_and_invited_again(
    bot: Toy, guild: Guild, channel: Channel, raw: Raw
) -> None:
    """Removed from a server the bot hears it and may do nothing there; invited, it may again."""
    removed = bot.loop.create_future()
    bot.add_listener(completing(removed), "on_guild_remove")
    guild.remove_bot()
    await removed
    assert await code(raw, channel) == 50001
    assert (await raw("GET", f"/guilds/{guild.id}"))[1]["code"] == 50001
    joined = bot.loop.create_future()
    bot.add_listener(completing(joined), "on_guild_join")
    guild.invite_bot()
    await joined
    assert await code(raw, channel) is None


async def test_the_library_agrees(bot: Toy, guild: Guild, channel: Channel) -> None:
    """What discord.py computes from roles and overwrites is what this Discord enforces."""
    found = bot.get_guild(guild.id)
    assert found is not None
    place = found.get_channel(channel.id)
    assert place is not None
    assert place.permissions_for(found.me).value == int(me(guild).permissions_in(channel))
    updated = bot.loop.create_future()
    bot.add_listener(completing(updated), "on_guild_channel_update")
    channel.set_permissions(me(guild), deny=Permissions.ATTACH_FILES)
    await updated
    assert place.permissions_for(found.me).value == int(ORDINARY & ~Permissions.ATTACH_FILES)


async def test_members_have_permissions_too(guild: Guild, channel: Channel) -> None:
    """A role given and taken changes what a member may do."""
    role = guild.add_role("Muted")
    ada = guild.add_member("Ada", permissions=Permissions.MANAGE_MESSAGES)
    assert ada.permissions & Permissions.MANAGE_MESSAGES
    channel.set_permissions(role, deny=Permissions.SEND_MESSAGES)
    ada.give(role)
    assert not ada.permissions_in(channel) & Permissions.SEND_MESSAGES
    ada.take(role)
    said = await ada.say(channel, "free", uploads=[Upload("a.png", b"")])
    assert ada.sees(said)


def completing(future: asyncio.Future[None]) -> Callable[..., Coroutine[Any, Any, None]]:
    """Return a listener that completes a future."""

    async def listener(*_: object) -> None:
        if not future.done():
            future.set_result(None)

    return listener
