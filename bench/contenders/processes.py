"""The contenders' processes: each is told where it is, and what it knows of the films under way.

Clapboard gets the database that it would have; a rival, which has none, gets a list. Never starts
one.
"""

from pathlib import Path

from bench.cases import Contender, Service
from bench.contenders.rival import Setting
from bench.scene.rows import Rows
from bench.scene.world import World
from sandbox.bot_process import BotProcess
from sandbox.stage import AIVIDEOMAKER_KEY, APIGO_KEY, DISCORD_TOKEN

RIVALS = {
    Contender.NAIVE: "bench.contenders.naive",
    Contender.PACKAGE: "bench.contenders.package",
}
PLENTY = "1000000000"


def bot_for(world: World, profile: Path | None = None) -> BotProcess:
    """Return the contender of a world that is open and filled.

    `profile` names a file that Clapboard's hot paths are written to at its end.
    """
    if world.case.contender in RIVALS:
        return _rival(world)
    return _clapboard(world, profile)


def _clapboard(world: World, profile: Path | None) -> BotProcess:
    folder = world.stage.folder
    films = [*world.past, *world.under_way]
    if films:
        Rows(world.case.service.model).write(folder / "clapboard.db", films)
    settings = {**world.stage.settings(), "DEFAULT_SERVER_CREDITS": PLENTY}
    if world.case.hooked:
        settings |= {
            "HTTP_PORT": str(world.port),
            "WEBHOOK_URL": f"http://127.0.0.1:{world.port}",
        }
    if profile is None:
        return BotProcess(folder, settings)
    return BotProcess(folder, settings, str(profile), module="bench.profiler")


def _rival(world: World) -> BotProcess:
    folder = world.stage.folder
    avm = world.case.service is Service.AIVIDEOMAKER
    setting = Setting(
        token=DISCORD_TOKEN,
        api_url=world.discord.api_url,
        gateway_url=world.discord.gateway_url,
        service_url=world.service.url,
        key=AIVIDEOMAKER_KEY if avm else APIGO_KEY,
        begun=tuple(
            (film.upstream_id, film.channel_id, film.card_id or 0) for film in world.under_way
        ),
    )
    path = folder / "setting.json"
    setting.write(path)
    return BotProcess(folder, {}, str(path), module=RIVALS[world.case.contender])
