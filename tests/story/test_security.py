"""What nobody may get: secrets, places inside the operator's network, other servers' films."""

import asyncio
import io
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord
import pytest
import stamina
from aiohttp import web
from discord import ui

from bot.app import App, check
from bot.discord_ui.buttons import CancelButton, FullQualityButton
from bot.domain.task import Task, TaskState
from bot.errors import Failure
from sandbox.discord import Answer, Call, Channel, Member, Message
from sandbox.discord import Fault as DiscordFault
from sandbox.discord.world.interactions import COMMAND
from sandbox.services import FOREVER, Fault, Pace, Reply, Scenario
from sandbox.services.actions import Proceed
from tests.story.world import APIGO_KEY, AVM_KEY, FULL_POOL, TOKEN, MovableClock, World, card_of

POSTED = "/channels/{channel}/messages"
LATER = timedelta(minutes=16)


@dataclass(frozen=True)
class Echo:
    """Refuses, and repeats all that it was told in its complaint: keys, hooks, addresses."""

    status: int

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Complain."""
        words = " ".join(f"{name}: {text!r}" for name, text in request.headers.items())
        error = {"message": words, "code": words, "type": words}
        answer = {"status": "FAILED", "message": words, "errorCode": words, "error": error}
        return Reply.json(self.status, answer).response()


def secrets_of(world: World) -> list[str]:
    """Return every key, token and secret that was in use."""
    tokens = [call.token for call in world.discord.world.interactions.values()]
    seen = [*world.aivideomaker.requests, *world.apigo.requests]
    hooks = [one.headers["webhookUrl"] for one in seen if "webhookUrl" in one.headers]
    return [TOKEN, AVM_KEY, APIGO_KEY, *tokens, *(hook.rsplit("/", 1)[-1] for hook in hooks)]


def _echoes(method: str, *codes: int) -> list[Fault]:
    """Let the first requests be refused with these codes, one each."""
    return [Fault(method, "*", Echo(code), first=1 + place) for place, code in enumerate(codes)]


@pytest.fixture
def _at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


async def _ordered(world: World, prompt: str, model: str = "t2v") -> Message:
    call = await world.ada.slash(world.channel, "video text", prompt=prompt, model=model)
    return card_of(call)


@pytest.mark.usefixtures("_at_once")
async def test_a_service_that_repeats_our_secrets_gets_none_of_them_out(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """No card, message, line or error of ours holds one, even before the log hides what it knows.

    Nor does the database; interaction tokens excepted.
    """
    caplog.set_level(logging.DEBUG, "bot")
    codes = (400, 401, 402, 403, 422)
    for service in (world.aivideomaker, world.apigo):
        service.faults.add(*_echoes("POST", *codes), *_echoes("GET", 500, 409, 502))
        service.file_faults.add(*_echoes("GET", 500, 429))
    bug = DiscordFault("POST", POSTED, Answer(200, {"id": "no message"}))
    world.discord.faults.add(bug)
    async with world.bot(http_port=0, webhook_url="https://bot.example") as app:
        for model in ("t2v", "sora-2"):
            for number in range(len(codes)):
                card = await _ordered(world, f"boat {number}", model)
                await card.until(lambda shown: "credits are back" in shown.text)
        await _ordered(world, "a film that is lost in a bug")
        while "stumbled over a task" not in caplog.text:  # noqa: ASYNC110 - a log line rings no bell
            await asyncio.sleep(0.02)
        await world.film(await world.ada.slash(world.channel, "video text", prompt="last"))
        disk = b"".join(path.read_bytes() for path in world.folder.glob("clapboard.db*"))
        details = [task.detail for task in await world.tasks(app) if task.detail]

    secrets = secrets_of(world)
    assert len(secrets) > 3 + 12
    assert len(details) >= 4, "nothing was echoed"
    lines = "\n".join(_whole(record) for record in caplog.records if record.name[:3] == "bot")
    assert "Traceback" in lines
    shown = "\n".join(message.text for message in world.discord.messages)
    sent = str([request.body for request in world.discord.requests])
    for place in (lines, shown, sent):
        assert [secret for secret in secrets if secret in place] == []
    tokens = {call.token for call in world.discord.world.interactions.values()}
    assert [secret for secret in secrets if secret.encode() in disk and secret not in tokens] == []


def _whole(record: logging.LogRecord) -> str:
    """Return a record with its traceback, as it was before the log hid anything."""
    out = io.StringIO()
    out.write(f"{record.getMessage()} {vars(record)}\n")
    if record.exc_info:
        traceback.print_exception(*record.exc_info, file=out)
    return out.getvalue()


async def test_interaction_tokens_leave_the_disk(world: World) -> None:
    """After fifteen minutes neither the database nor its write-ahead log holds one."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        (token,) = (
            call.token.encode()
            for call in world.discord.world.interactions.values()
            if call.kind == COMMAND
        )

        def on_disk() -> bool:
            return any(token in path.read_bytes() for path in world.folder.glob("clapboard.db*"))

        assert on_disk()
        clock.ahead += LATER
        while on_disk():
            app.pipeline.recovery.wake()
            await asyncio.sleep(0.02)
        assert (await world.task(app)).token is None


@dataclass
class Intranet:
    """A server inside the operator's network, which nobody outside may make us ask."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Note who came, and what with."""
        self.asked.append(f"{request.path} {dict(request.headers)}")
        return web.Response(body=b"\0\0\0\x18ftypmp42" + b"\0" * 100)


@pytest.fixture
async def intranet() -> AsyncIterator[Intranet]:
    """Open the inner server, on all addresses of this machine."""
    inner = Intranet()
    runner = web.ServerRunner(web.Server(inner.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    inner.port = runner.addresses[0][1]
    yield inner
    await runner.cleanup()


PLACES = [
    "http://127.0.0.1:{port}/film.mp4",
    "https://127.0.0.1:{port}/film.mp4",
    "https://localhost:{port}/film.mp4",  # a name that DNS turns into loopback
    "https://[::ffff:127.0.0.1]:{port}/film.mp4",
    "https://0x7f000001:{port}/film.mp4",
    "http://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1:{port}/film.mp4",
    "file:///etc/hostname",
]


@pytest.mark.parametrize("redirected", [False, True], ids=["named", "redirected"])
async def test_no_film_is_fetched_from_inside(
    world: World, intranet: Intranet, caplog: pytest.LogCaptureFixture, *, redirected: bool
) -> None:
    """A service names, or redirects to, private, loopback and link-local places: none is asked."""
    places = [place.format(port=intranet.port) for place in PLACES]
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        cards = []
        for place in places:
            world.aivideomaker.script(_leading_to(place, redirected=redirected))
            cards.append(await _ordered(world, "a boat"))
        for card in cards:
            while "credits are back" not in card.text:
                clock.ahead += timedelta(minutes=5)
                app.pipeline.courier.wake()
                await asyncio.sleep(0.02)
        assert {task.failure for task in await world.tasks(app)} == {Failure.RESULT_GONE}
    assert intranet.asked == []
    assert str(intranet.port) not in "".join(card.text for card in cards)


def _leading_to(place: str, *, redirected: bool) -> Scenario:
    if redirected:
        return Scenario(file=Reply(302, "", {"Location": place}))
    return Scenario(output=lambda _link: {"url": place})


@dataclass
class Elsewhere:
    """Another server with the same bot, and its owner, who knows the ids of ours."""

    channel: Channel
    owner: Member

    async def press(self, app: App, button: ui.DynamicItem[Any]) -> Call:
        """Press a button of ours that somehow stands in a message here; return the answer."""
        place = app.client.get_channel(self.channel.id)
        assert isinstance(place, discord.TextChannel)
        sent = await place.send(view=ui.View(timeout=None).add_item(button))
        shown = next(one for one in self.channel.messages if one.id == sent.id)
        call = await self.owner.click(shown, button.custom_id)
        return await call.until(lambda seen: any(not one.loading for one in seen.private))


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    """Open the other server."""
    guild = world.discord.add_guild("Elsewhere")
    return Elsewhere(guild.add_channel("films"), guild.add_member("Eve", admin=True))


async def test_no_command_or_button_reaches_into_another_server(
    world: World, elsewhere: Elsewhere
) -> None:
    """Whoever knows an id of another server learns nothing by it and changes nothing there."""
    async with world.bot() as app:
        done = card_of(await world.ada.slash(world.channel, "video text", prompt="our secret film"))
        film = await world.film_of(done)
        world.aivideomaker.pace = Pace(queued=FOREVER)
        waiting = await _ordered(world, "our secret plan")
        await waiting.until(lambda shown: "Accepted" in shown.text)
        before = await world.tasks(app)

        heard = [call for task in before for call in await _asked(elsewhere, task.id)]
        for task in before:
            heard.append(await elsewhere.press(app, CancelButton(world.guild.id, task.id, "en-US")))
            whole = FullQualityButton(world.guild.id, task.id, "en-US")
            heard.append(await elsewhere.press(app, whole))
        heard += await _looked_around(elsewhere)
        await _set_quotas(elsewhere)

        after = await world.tasks(app)
        assert [(task.state, task.cancel_asked_by) for task in after] == [
            (task.state, None) for task in before
        ]
        assert await world.left(app) == FULL_POOL - 2 * 5
    said = "\n".join(call.text for call in heard)
    ours = ("secret", world.ada.mention, film.name, *(task.upstream_id or "" for task in before))
    assert [word for word in ours if word in said] == []
    assert not any(message.attachments for call in heard for message in call.messages)
    assert [call for call in heard if call.failed] == []


async def _asked(elsewhere: Elsewhere, task_id: str) -> list[Call]:
    """Ask for a film, and for its end, by its id; return the answers."""
    for focused in ("video show", "video cancel"):
        typed = {"focused": "id", "id": task_id}
        assert await elsewhere.owner.autocomplete(elsewhere.channel, focused, **typed) == []
    calls = [
        await (await elsewhere.owner.slash(elsewhere.channel, command, id=task_id)).answered()
        for command in ("video show", "video cancel")
    ]
    assert all("no film" in call.text.lower() for call in calls), calls
    return calls


async def _looked_around(elsewhere: Elsewhere) -> list[Call]:
    commands = ("video list", "video credits", "quota view", "quota history")
    return [await elsewhere.owner.slash(elsewhere.channel, command) for command in commands]


async def _set_quotas(elsewhere: Elsewhere) -> None:
    await elsewhere.owner.slash(elsewhere.channel, "quota server", credits=1)
    await elsewhere.owner.slash(elsewhere.channel, "quota member", credits=0)
    await elsewhere.owner.slash(elsewhere.channel, "quota grant", credits=7)


NEW_KEY = "another-canary-key"


async def test_a_rotated_key_strands_nothing_silently(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What was ordered with the old key is flagged, named by `check`, and released in two days."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    world.aivideomaker.accounts.open(NEW_KEY, 1000)
    async with world.bot():
        card = await _ordered(world, "a boat")
        await card.until(lambda shown: "Accepted" in shown.text)

    clock = MovableClock()
    async with world.bot(clock=clock, aivideomaker_api_key=NEW_KEY) as app:
        task = await _flagged(world, app)
        assert f"it was ordered with another key task={task.id}" in _log(caplog)
        settings = world.settings(aivideomaker_api_key=NEW_KEY)
        await check(settings, query_interval=timedelta(milliseconds=1))
        assert f"Task {task.id}: submitted" in capsys.readouterr().out
        assert await world.left(app) == FULL_POOL - 5

        clock.ahead += timedelta(hours=48, minutes=1)
        app.pipeline.recovery.wake()
        await card.until(lambda shown: "credits are back" in shown.text)
        ended = await world.task(app)
        assert (ended.state, ended.flagged) == (TaskState.EXPIRED, True)
        assert await world.left(app) == FULL_POOL


async def test_the_old_key_put_back_finishes_what_it_began(world: World) -> None:
    """Nothing is lost by a rotation that is taken back: the film comes, and the flag goes."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    world.aivideomaker.accounts.open(NEW_KEY, 1000)
    async with world.bot():
        card = await _ordered(world, "a boat")
        await card.until(lambda shown: "Accepted" in shown.text)
    async with world.bot(aivideomaker_api_key=NEW_KEY) as app:
        task = await _flagged(world, app)
    async with world.bot() as app:
        world.aivideomaker.finish(task.upstream_id or "")
        await world.film_of(card)
        assert await world.left(app) == FULL_POOL - 5


async def _flagged(world: World, app: App) -> Task:
    """Wait until the only task is one that the operator should look at."""
    while True:
        task = await world.task(app)
        if task.flagged:
            return task
        await asyncio.sleep(0.02)


def _log(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(
        f"{record.getMessage()} task={getattr(record, 'task', '')}" for record in caplog.records
    )
