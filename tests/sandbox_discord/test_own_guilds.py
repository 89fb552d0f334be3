"""The list of the servers the bot is in."""

from sandbox.discord import ORDINARY, Discord, Guild, Permissions
from tests.sandbox_discord.conftest import Raw

PATH = "/users/@me/guilds"


async def test_own_guilds(server: Discord, guild: Guild, raw: Raw) -> None:
    """Only servers with the bot in them are listed, with its roles' permissions as a string."""
    server.add_guild("Elsewhere", bot=False)
    den = server.add_guild("Den", bot_permissions=Permissions.ADMINISTRATOR)
    status, listed = await raw("GET", PATH)
    assert status == 200
    assert [(one["name"], one["permissions"]) for one in listed] == [
        ("Studio", str(int(ORDINARY))),
        ("Den", str(int(ORDINARY | Permissions.ADMINISTRATOR))),
    ]
    assert [one["id"] for one in listed] == [str(guild.id), str(den.id)]


async def test_pages(server: Discord, guild: Guild, raw: Raw) -> None:
    """``after`` and ``limit`` cut a page out of the list."""
    names = [server.add_guild(name).name for name in ("A", "B", "C")]
    _, page = await raw("GET", f"{PATH}?limit=2&after={guild.id}")
    assert [one["name"] for one in page] == names[:2]


async def test_only_for_the_bot(raw: Raw) -> None:
    """Without the token nothing is listed."""
    assert (await raw("GET", PATH, token="wrong"))[0] == 401
