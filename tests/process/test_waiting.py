"""A bot that starts before the rest of the world waits for it, says so, and goes on."""

import socket
from datetime import timedelta
from pathlib import Path

from sandbox.bot_process import BotProcess
from sandbox.discord import Channel, Discord, Fault, Member, Reset
from sandbox.services import AiVideoMaker
from sandbox.stage import AIVIDEOMAKER_KEY, DISCORD_TOKEN, Stage
from tests.process.holding import PATIENCE

WAITING = "waiting for Discord"
WRONG_TOKEN = 4004
AT_ONCE = timedelta(seconds=3)


def free_ports(number: int) -> list[int]:
    """Return ports on which nobody listens."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def elsewhere(folder: Path, discord: int, cdn: int, service: int) -> dict[str, str]:
    """Return a bot's settings for a world on these ports."""
    return {
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": f"http://127.0.0.1:{discord}/api/v10",
        "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{discord}/gateway",
        "DISCORD_CDN_URL": f"http://127.0.0.1:{cdn}",
        "AIVIDEOMAKER_API_KEY": AIVIDEOMAKER_KEY,
        "AIVIDEOMAKER_URL": f"http://127.0.0.1:{service}",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bot.db",
        "DATA_DIR": str(folder / "data"),
    }


def open_channel(discord: Discord) -> tuple[Channel, Member]:
    """Open a server; return its channel and a member."""
    guild = discord.add_guild("Studio")
    return guild.add_channel("films"), guild.add_member("Ada")


async def test_the_world_comes_later(tmp_path: Path) -> None:
    """Discord away, then losing a login, and no service: it waits, says so, films in the end."""
    ports = free_ports(3)
    bot = BotProcess(tmp_path, elsewhere(tmp_path, *ports))
    discord = Discord(DISCORD_TOKEN, port=ports[0], cdn_port=ports[1])
    service = AiVideoMaker(AIVIDEOMAKER_KEY, port=ports[2], files_port=None)
    await bot.start()
    try:
        await bot.said(WAITING)
        discord.faults.add(Fault("GET", "/users/@me", Reset(), times=2))
        async with discord:
            await discord.bot_ready()
            channel, ada = open_channel(discord)
            async with service:
                call = await ada.slash(channel, "video text", prompt="a kite [fast]")
                assert call.message is not None, call.text
                await call.message.until(lambda shown: "**Done**" in shown.text, PATIENCE)
                assert await bot.stop() == 0
    finally:
        await bot.kill()
    log = bot.log.read_text()
    assert "ServerDisconnectedError" in log
    assert "Traceback" not in log
    assert " ERROR " not in log
    assert len(service.creates) == 1


async def test_a_gateway_that_refuses(stage: Stage) -> None:
    """While the gateway is away one line says so; it connects later, until it is thrown out."""
    stage.discord.gateway.refusing = True
    await stage.bot.start()
    line = await stage.bot.said(WAITING)
    assert " WARNING " in line
    assert "trying again in 1 s" in line

    stage.discord.gateway.refusing = False
    await stage.discord.bot_ready()
    stage.discord.gateway.drop(WRONG_TOKEN)

    assert await stage.bot.ended() == 2
    assert stage.bot.tail(1).startswith("Discord does not accept DISCORD_TOKEN: copy it again")
    assert "Traceback" not in stage.bot.log.read_text()


async def test_stopped_while_it_waits(stage: Stage, tmp_path: Path) -> None:
    """SIGTERM ends a wait at once with code 0, for Discord's REST as for its gateway."""
    stage.discord.gateway.refusing = True
    folder = tmp_path / "nowhere"
    folder.mkdir()
    nowhere = BotProcess(folder, elsewhere(folder, *free_ports(3)))
    try:
        for bot in (stage.bot, nowhere):
            await bot.start()
        for bot in (stage.bot, nowhere):
            await bot.said(WAITING)
            assert await bot.stop(AT_ONCE) == 0
    finally:
        await nowhere.kill()
    assert "Traceback" not in stage.bot.log.read_text()
