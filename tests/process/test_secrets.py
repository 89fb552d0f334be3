"""No secret is ever written to the log, a page or the database, however much is asked for."""

import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from sandbox.discord import Answer, Discord, Limits, Reset
from sandbox.discord import Fault as DiscordFault
from sandbox.newcomer import open_server
from sandbox.services import Fault, Pace
from sandbox.services import Reset as ServiceReset
from sandbox.stage import AIVIDEOMAKER_KEY, APIGO_KEY, DISCORD_TOKEN, Stage
from tests.process.holding import PATIENCE

EDITED = "/webhooks/{application}/{token}/messages/{message}"
POSTED = "/channels/{channel}/messages"
QUICK = Pace(timedelta(0), timedelta(seconds=0.5))


@pytest.fixture
async def talkative(tmp_path: Path) -> AsyncIterator[Stage]:
    """A world with webhooks, and a bot that logs all it can."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings = {
        "LOG_LEVEL": "DEBUG",
        "HTTP_PORT": str(port),
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
    }
    discord = Discord(DISCORD_TOKEN, limits=Limits.generous())
    async with Stage(tmp_path, discord=discord, pace=QUICK, settings=settings) as opened:
        yield opened


async def page(stage: Stage, path: str) -> str:
    """Return a page of the bot's listener."""
    url = stage.settings()["WEBHOOK_URL"] + path
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_whole_story_with_accidents(talkative: Stage, tmp_path: Path) -> None:
    """Token, keys, interaction tokens and webhook secrets stay out of a DEBUG log.

    They stay out of /metrics and /healthz, of what the bot says in Discord and, but for interaction
    tokens, of the database.
    """
    stage, cast = talkative, open_server(talkative)
    await stage.start_bot()
    stage.aivideomaker.file_faults.add(Fault("GET", "*", ServiceReset()))
    stage.apigo.faults.add(Fault("GET", "*", ServiceReset()))
    stage.discord.faults.add(DiscordFault("PATCH", EDITED, Reset()))
    stage.discord.faults.add(DiscordFault("PATCH", EDITED, Answer(404), nth=2))
    stage.discord.faults.add(DiscordFault("POST", POSTED, Answer(502)))

    models = ("t2v", "sora-2")
    for model in models:
        call = await cast.ada.slash(cast.channel, "video text", prompt="a kite", model=model)
        assert call.message is not None, call.text
    await cast.channel.until(
        lambda shown: sum(bool(one.attachments) for one in shown.channel.messages) == len(models),
        PATIENCE,
    )
    pages = "".join([await page(stage, path) for path in ("/metrics", "/healthz")])
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("clapboard.db*"))
    assert await stage.bot.stop() == 0

    hooks = [create.headers["webhookUrl"] for create in stage.aivideomaker.creates]
    tokens = [call.token for call in stage.discord.world.interactions.values()]
    secrets = [DISCORD_TOKEN, AIVIDEOMAKER_KEY, APIGO_KEY, *tokens]
    secrets += [hook.rsplit("/", 1)[-1] for hook in hooks]
    log = stage.bot.log.read_text()
    assert stage.aivideomaker.webhooks.calls
    assert len(tokens) == len(models)
    assert " DEBUG " in log
    said = str([request.body for request in stage.discord.requests])
    for place in (log, pages, said):
        assert [secret for secret in secrets if secret in place] == []
    assert {secret for secret in secrets if secret.encode() in disk} <= set(tokens)
