"""``python -m bot check``: each part of the set-up, in order and broken, through the real door."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina

from bot.app import check
from bot.errors import Failure
from bot.settings import Settings
from bot.store import Store
from sandbox.bot_process import BotProcess
from sandbox.discord import Discord, Limits, Permissions
from sandbox.services import AiVideoMaker, Fault, OpenAiVideos, Reply, Silence
from sandbox.stage import Stage
from tests.store.building import NOW, S, place

TOKEN, MAKER_KEY, APIGO_KEY = "canary-token", "canary-maker-key", "canary-apigo-key"
NOBODY = "http://127.0.0.1:9"
BRIEF = timedelta(milliseconds=1)

Findings = list[str]
Check = Callable[..., Awaitable[tuple[int, Findings]]]


class World:
    """A Discord and both services, all in order, and settings that lead to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.discord = Discord(TOKEN, limits=Limits.generous())
        self.maker = AiVideoMaker(MAKER_KEY, queries_per_minute=None)
        self.apigo = OpenAiVideos(APIGO_KEY)
        self.database = f"sqlite+aiosqlite:///{folder}/clapboard.db"

    def settings(self, **changes: Any) -> Settings:
        wish = {
            "discord_token": TOKEN,
            "discord_api_url": self.discord.api_url,
            "aivideomaker_api_key": MAKER_KEY,
            "aivideomaker_url": self.maker.url,
            "apigo_api_key": APIGO_KEY,
            "apigo_url": self.apigo.url,
            "database_url": self.database,
            "data_dir": self.folder / "data",
            "film_disk_mb": 1,
        }
        return Settings(**{**wish, **changes})

    async def store(self) -> Store:
        return await Store.open(self.database, default_credits=500)


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Return a world where everything is in order; ``live``: AI Video Maker tells its terms."""
    made = World(tmp_path)
    if getattr(request, "param", "strict") == "live":
        made.maker = AiVideoMaker(MAKER_KEY, mode="live", queries_per_minute=None)
    async with AsyncExitStack() as stack:
        for server in (made.discord, made.maker, made.apigo):
            await stack.enter_async_context(server)
        made.discord.add_guild("Studio")
        yield made


live = pytest.mark.parametrize("world", ["live"], indirect=True)


@pytest.fixture
def checked(world: World, capsys: pytest.CaptureFixture[str]) -> Check:
    """Check with changed settings; return the exit code and the lines."""

    async def run(
        patience: timedelta = timedelta(seconds=20), **changes: Any
    ) -> tuple[int, Findings]:
        code = await check(world.settings(**changes), query_interval=BRIEF, patience=patience)
        told = capsys.readouterr()
        assert "canary" not in told.out + told.err
        assert "Traceback" not in told.out + told.err
        return code, told.out.splitlines()

    return run


def wrong(findings: Findings) -> Findings:
    """Return the findings that must be mended."""
    return [line for line in findings if line.startswith("✗")]


def about(findings: Findings, text: str) -> str:
    """Return the only finding with this text."""
    (found,) = [line for line in findings if text in line]
    return found


async def test_everything_in_order(world: World, checked: Check) -> None:
    """A good set-up exits with 0, one line a part; nothing is made and nothing is spent."""
    code, findings = await checked()
    assert (code, wrong(findings)) == (0, [])
    assert findings[0].startswith("✓ Discord: the token is good; this is Clapboard (application ")
    for part in ("Message content", 'Server "Studio"', "Data", "Catalogue", "AI Video Maker"):
        assert about(findings, f"{part}:").startswith("✓")
    assert about(findings, "APIGo:").startswith("✓ APIGo: the key is accepted")
    assert list(world.folder.iterdir()) == []
    assert {seen.method for seen in world.maker.requests + world.apigo.requests} == {"GET"}


async def test_token_is_refused(checked: Check) -> None:
    """A wrong token is one line with its remedy; the other parts are checked all the same."""
    code, findings = await checked(discord_token="canary-wrong")
    assert code == 1
    (line,) = wrong(findings)
    assert "does not accept DISCORD_TOKEN: copy it again" in line
    assert about(findings, "APIGo: the key").startswith("✓")


async def test_nobody_answers(checked: Check) -> None:
    """Whatever cannot be reached is one line each."""
    code, findings = await checked(
        discord_api_url=NOBODY, aivideomaker_url=NOBODY, apigo_url=NOBODY
    )
    assert code == 1
    discord, maker, apigo = wrong(findings)
    assert "Discord cannot be reached" in discord
    assert "AI Video Maker: gives no usable answer (ConnectError)" in maker
    assert "Check APIGO_URL" in apigo


async def test_a_service_that_never_answers_is_given_up(world: World, checked: Check) -> None:
    """A service that takes the question and says nothing does not hold the check up for long."""
    world.apigo.faults.add(Fault("GET", "*", Silence()))
    _, findings = await checked(patience=timedelta(seconds=1))
    assert wrong(findings) == ["✗ APIGo: no answer within 1 seconds."]


@pytest.mark.parametrize(("wish", "mark"), [("off", "✓"), ("auto", "!"), ("on", "✗")])
async def test_message_content_is_off(checked: Check, wish: str, mark: str) -> None:
    """The missing intent is only wrong where the operator insists on it."""
    async with Discord(TOKEN, message_content=False) as discord:
        code, findings = await checked(discord_api_url=discord.api_url, message_content=wish)
    assert about(findings, "Message content:").startswith(mark)
    assert code == (1 if mark == "✗" else 0)


async def test_missing_permissions_are_named(world: World, checked: Check) -> None:
    """A server that lacks permissions is told with their names and where to give them."""
    library = world.discord.add_guild("Lib\nrary", bot_permissions=Permissions.NONE)
    library.everyone.permissions = (
        Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES | Permissions.SEND_MESSAGES_IN_THREADS
    )
    code, findings = await checked()
    assert code == 1
    (line,) = wrong(findings)
    assert line.startswith('✗ Server "Lib rary": missing Attach Files, Read Message History. Give')
    assert about(findings, 'Server "Studio"').startswith("✓")


async def test_an_administrator_lacks_nothing(world: World, checked: Check) -> None:
    """Administrator stands for every permission."""
    guild = world.discord.add_guild("Den", bot_permissions=Permissions.ADMINISTRATOR)
    guild.everyone.permissions = Permissions.NONE
    _, findings = await checked()
    assert about(findings, 'Server "Den"') == '✓ Server "Den": all permissions'


async def test_no_server_yet(world: World, checked: Check) -> None:
    """A bot that nobody has invited is given its invitation, with the README's permissions."""
    world.discord.guilds[0].remove_bot()
    code, findings = await checked()
    assert code == 0
    invitation = about(findings, "in no server yet")
    assert f"client_id={world.discord.bot.id}" in invitation
    assert "permissions=274878008320" in invitation
    assert "applications.commands" in invitation


async def test_data_folder_cannot_be_written(world: World, checked: Check) -> None:
    """A data folder that cannot be is wrong, and so is the database in it."""
    (world.folder / "file").write_text("not a folder")
    place = world.folder / "file" / "data"
    code, findings = await checked(
        data_dir=place, database_url=f"sqlite+aiosqlite:///{place}/clapboard.db"
    )
    assert code == 1
    data, database = wrong(findings)
    assert "set DATA_DIR to a folder that is" in data
    assert "set DATABASE_URL to another file" in database


async def test_films_will_not_fit(checked: Check) -> None:
    """Too little room for the films that may be kept is told before the disk is full."""
    code, findings = await checked(film_disk_mb=10**9)
    assert code == 0
    assert about(findings, "Data:").startswith("! Data:")
    assert "FILM_DISK_MB" in about(findings, "Data:")


async def test_files_of_a_running_bot_are_left_alone(world: World, checked: Check) -> None:
    """The check may run beside the bot: what is half-way on the disk stays."""
    part = world.folder / "data" / "films" / "0123.mp4.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    await checked()
    assert list((world.folder / "data").rglob("*")) == [part.parent, part]


async def test_database_is_counted(world: World, checked: Check) -> None:
    """The database's line says how many tasks there are and how many run."""
    store = await world.store()
    async with store.write(1) as guild:
        await place(guild, S.RUNNING)
        await place(guild, S.QUEUED)
        await place(guild, S.DELIVERED)
    await store.close()
    _, findings = await checked()
    assert about(findings, "Database:") == (
        "✓ Database: sqlite, schema is current, 3 tasks, 2 running"
    )


async def test_flagged_tasks_are_shown(world: World, checked: Check) -> None:
    """What the operator should look at is told with state, time, money and upstream job."""
    store = await world.store()
    async with store.write(1) as guild:
        lost = await place(guild, S.UNCONFIRMED)
        await guild.write_off(lost.id, now=NOW, failure=Failure.LOST)
        gone = await place(guild, S.EXPIRED, upstream_id="ck7", charged=24, flagged=True)
        unpaid = await place(guild, S.SENDING)
        why = Failure.SERVICE_KEY
        await guild.move(unpaid.id, S.REFUSED, now=NOW, failure=why, flagged=True)
    await store.close()
    code, findings = await checked()
    assert code == 0
    assert about(findings, lost.id) == (
        f"! Task {lost.id}: unconfirmed (lost) since 2026-03-18 12:00 UTC; "
        "the service may have charged for it (aivideomaker)"
    )
    assert "charged 24 credits (aivideomaker, job ck7)" in about(findings, gone.id)
    assert "refused (service key)" in about(findings, unpaid.id)
    assert "nothing was made or charged" in about(findings, unpaid.id)


async def test_many_flagged_tasks_are_cut(world: World, checked: Check) -> None:
    """A long list of flagged tasks does not drown the other findings."""
    store = await world.store()
    async with store.write(1) as guild:
        for _ in range(22):
            await place(guild, S.EXPIRED, flagged=True)
    await store.close()
    _, findings = await checked()
    assert len([line for line in findings if line.startswith("! Task ")]) == 20
    assert "more than 20 are flagged" in about(findings, "! Tasks:")


async def test_database_cannot_be_used(world: World, checked: Check) -> None:
    """A file that is no database is one line with the remedy."""
    (world.folder / "clapboard.db").write_text("a diary, not a database")
    code, findings = await checked()
    assert code == 1
    (line,) = wrong(findings)
    assert "set DATABASE_URL to another file" in line


async def test_catalogue_is_broken(world: World, checked: Check) -> None:
    """A catalogue file that cannot be read is one line; the keys are checked all the same."""
    file = world.folder / "models.toml"
    file.write_text("[models.t2v]\nprice = { per_second = 'much' }\n")
    code, findings = await checked(catalog_file=file)
    assert code == 1
    (line,) = wrong(findings)
    assert "Catalogue:" in line
    assert "models.toml: model 't2v'" in line
    assert about(findings, "AI Video Maker:").startswith("✓")


async def test_models_that_were_switched_off(checked: Check) -> None:
    """Sora is sold by none any more but by those who say so; without a key it is not spoken of."""
    _, findings = await checked()
    assert "OpenAI switched it off on 2026-09-24" in about(findings, "! sora-2:")
    _, findings = await checked(apigo_api_key=None)
    assert not [line for line in findings if "sora" in line or "APIGo" in line]


@pytest.mark.parametrize("service", ["aivideomaker", "apigo"])
async def test_key_is_refused(checked: Check, service: str) -> None:
    """A wrong key is one line that names the setting."""
    name = f"{service}_api_key"
    code, findings = await checked(**{name: "canary-wrong"})
    assert code == 1
    (line,) = wrong(findings)
    assert line.endswith(f"the key is not accepted. Copy it again into {name.upper()}.")


async def test_service_asks_for_a_pause(world: World, checked: Check) -> None:
    """A rate limit is no fault of the set-up."""
    answer = Reply(429, '{"status": "FAILED"}', {"Retry-After": "42"})
    world.maker.faults.add(Fault("GET", "*", answer))
    code, findings = await checked()
    assert code == 0
    assert about(findings, "AI Video Maker:").startswith("! AI Video Maker: asks for a pause of 42")


@live
async def test_prices_and_models_are_compared(world: World, checked: Check) -> None:
    """Where the service tells its terms, each difference is a line with its remedy."""
    code, findings = await checked()
    assert code == 0
    assert "1,000,000 credits on the account" in about(findings, "AI Video Maker: the key")
    assert about(findings, " t2v ").startswith(
        "! AI Video Maker: t2v 5 s costs 15 credits there, the catalogue says 5. Set the price"
    )
    assert "i2v_v3 5 s costs 20 credits there, the catalogue says 50" in about(findings, " i2v_v3 ")
    assert "does not offer lv any more" in about(findings, " lv any")
    assert world.maker.creates == []


@live
async def test_prices_that_agree_are_not_mentioned(world: World, checked: Check) -> None:
    """Prices set as the service charges them leave nothing to say."""
    file = world.folder / "models.toml"
    prices = {"t2v": 3, "i2v": 3, "t2v_v3": 4, "i2v_v3": 4}
    tables = [f"[models.{name}]\nprice.per_second = {price}\n" for name, price in prices.items()]
    file.write_text("".join([*tables, "[models.lv]\non_sale = false\n"]))
    _, findings = await checked(catalog_file=file)
    assert [line for line in findings if "AI Video Maker" in line] == [
        "✓ AI Video Maker: the key is accepted; 1,000,000 credits on the account"
    ]


async def test_the_command_itself(tmp_path: Path) -> None:
    """``python -m bot check`` prints the findings, nothing else, and exits with their verdict."""
    async with Stage(tmp_path) as stage:
        guild = stage.discord.add_guild("Studio", bot_permissions=Permissions.NONE)
        guild.everyone.permissions = Permissions.NONE
        bot = BotProcess(tmp_path, {**stage.settings(), "APIGO_URL": NOBODY}, "check")
        await bot.start()
        code = await bot.ended()
        lines = bot.log.read_text("utf-8").splitlines()
    assert code == 1
    assert len(wrong(lines)) == 2
    assert {line[0] for line in lines} <= set("✓!✗")
    assert "missing View Channels, Send Messages" in about(lines, 'Server "Studio"')
