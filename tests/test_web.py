"""The bot's own listener, asked over HTTP: health, metrics and knocks from the services."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.errors import ConfigurationError, StoreUnavailable
from bot.web import Counts, Health, Hooks, Listener, LoopLag, Metrics
from bot.web.visitors import Visitors

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = "canary-hook-secret"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()


@dataclass
class World:
    """All that the listener can see of the bot; a test says how things stand."""

    instant: datetime = NOON
    connected: bool = True
    store_error: str | None = None
    answers: dict[str, datetime | None] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    woken: list[tuple[str, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Hashes of the secrets of jobs under way."""
    lag: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the test's own time."""
        return self.instant

    def monotonic(self) -> timedelta:
        """Return the test's own time since noon."""
        return self.instant - NOON

    async def sleep(self, duration: timedelta) -> None:
        """Let the test's own time pass."""
        self.instant += duration

    async def ping(self) -> None:
        """Give a sign of life, unless the test says otherwise."""
        if self.store_error is not None:
            raise StoreUnavailable(self.store_error)

    async def count(self) -> Counts:
        """Tell how things stand."""
        await self.ping()
        return self.counts

    def knows(self, _provider: str, hook_hash: str) -> bool:
        """Tell whether it is one of ours."""
        return hook_hash in self.known

    def hint(self, provider: str, hook_hash: str) -> None:
        """Note who was woken."""
        self.woken.append((provider, hook_hash))


@dataclass
class Visitor:
    """Somebody who speaks to the listener."""

    http: aiohttp.ClientSession
    base: str
    metrics: Metrics
    hooks: Hooks

    async def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        async with self.http.get(self.base + path) as response:
            return response.status, await response.text()

    async def health(self) -> tuple[int, dict[str, object]]:
        """Return status and JSON of /healthz."""
        async with self.http.get(f"{self.base}/healthz") as response:
            return response.status, await response.json()

    async def knock(
        self, path: str = f"/hooks/apigo/{SECRET}", data: bytes = b"{}"
    ) -> tuple[int, bytes]:
        """Return what a knock is answered."""
        async with self.http.post(self.base + path, data=data) as response:
            return response.status, await response.read()


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[Visitor]:
    """Run a listener on a free port."""
    answers = {name: (lambda name=name: world.answers[name]) for name in world.answers}
    health = Health(
        connected=lambda: world.connected,
        ping=world.ping,
        last_good_answers=answers,
        clock=world,
    )
    metrics = Metrics(world.count, lambda: world.lag)
    hooks = Hooks(world.knows, world.hint, world)
    listener = Listener("127.0.0.1", 0, health=health, metrics=metrics, hooks=hooks)
    await listener.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield Visitor(http, f"http://127.0.0.1:{listener.port}", metrics, hooks)
    finally:
        await listener.stop()


@pytest.fixture
def world():
    """Return a world in which all is well and nothing happens."""
    return World()


@pytest.fixture
async def visitor(world):
    """Return somebody who speaks to a listener in that world."""
    async with listening(world) as visitor:
        yield visitor


async def test_well(visitor):
    """While Discord and the database are there, the bot is well."""
    report = {"healthy": True, "wrong": [], "providers": {}}
    assert await visitor.health() == (200, report)


async def test_providers(world):
    """Each service's last good answer and its age are told; none yet is not unwell, nor is old."""
    world.answers = {"apigo": None, "aivideomaker": NOON - timedelta(days=2, seconds=1.5)}
    async with listening(world) as visitor:
        status, report = await visitor.health()
    assert status == 200
    assert report["providers"] == {
        "apigo": {"last_good_answer": None, "age_seconds": None},
        "aivideomaker": {
            "last_good_answer": "2026-05-02T11:59:58.500000+00:00",
            "age_seconds": 172801.5,
        },
    }


async def test_unwell(visitor, world):
    """Without Discord or the database the answer is 503 and says what is wrong, both at once."""
    world.connected = False
    assert await visitor.health() == (
        503,
        {"healthy": False, "wrong": ["gateway: not connected to Discord"], "providers": {}},
    )
    world.store_error = "disk full"
    status, report = await visitor.health()
    assert status == 503
    assert report["wrong"][1] == "database: disk full"
    world.connected, world.store_error = True, None
    assert (await visitor.health())[0] == 200


async def test_metrics(visitor, world):
    """What was done and how things stand can be read in Prometheus' format."""
    metrics = visitor.metrics
    metrics.query("apigo", "retrieve", "ok")
    metrics.query("apigo", "retrieve", "ok")
    metrics.query("apigo", "create", "RateLimited")
    metrics.moved("RENDERED")
    metrics.delay("render", timedelta(seconds=90))
    metrics.delay("deliver", timedelta(seconds=3))
    metrics.error("courier")
    world.counts = Counts(
        tasks={"QUEUED": 3, "RUNNING": 2},
        in_flight={"apigo": 2},
        queued=3,
        look_lag={"apigo": timedelta(seconds=1.5)},
        heralded={"apigo": 1},
    )
    world.counts = replace(world.counts, flagged=4)
    world.lag = timedelta(milliseconds=250)
    status, text = await visitor.get("/metrics")
    assert status == 200
    for line in (
        'clapboard_queries_total{outcome="ok",provider="apigo",route="retrieve"} 2.0',
        'clapboard_queries_total{outcome="RateLimited",provider="apigo",route="create"} 1.0',
        'clapboard_task_moves_total{state="RENDERED"} 1.0',
        'clapboard_delay_seconds_bucket{le="60.0",step="render"} 0.0',
        'clapboard_delay_seconds_bucket{le="90.0",step="render"} 1.0',
        'clapboard_delay_seconds_sum{step="deliver"} 3.0',
        'clapboard_errors_total{where="courier"} 1.0',
        'clapboard_tasks{state="QUEUED"} 3.0',
        'clapboard_in_flight{provider="apigo"} 2.0',
        "clapboard_queue_length 3.0",
        "clapboard_flagged_tasks 4.0",
        "clapboard_event_loop_lag_seconds 0.25",
        'clapboard_look_lag_seconds{provider="apigo"} 1.5',
        'clapboard_webhooks_arrive{provider="apigo"} 1.0',
    ):
        assert line in text.splitlines()


async def test_gauges_forget(visitor, world):
    """A state that no task is in any more disappears instead of standing still."""
    world.counts = Counts(tasks={"RUNNING": 1})
    await visitor.get("/metrics")
    world.counts = Counts(tasks={"DELIVERED": 1})
    _, text = await visitor.get("/metrics")
    assert 'clapboard_tasks{state="RUNNING"}' not in text
    assert 'clapboard_tasks{state="DELIVERED"} 1.0' in text


async def test_metrics_without_database(visitor, world):
    """While nobody can count, the page says so instead of telling old numbers."""
    world.store_error = "locked"
    assert await visitor.get("/metrics") == (503, "locked\n")


async def test_metrics_are_separate(world):
    """Two sets of metrics in one process do not know each other."""
    one, two = (Metrics(world.count, timedelta) for _ in range(2))
    one.moved("QUEUED")
    assert b'state="QUEUED"' not in await two.text()


async def test_hook(visitor, world):
    """A knock is answered at once with nothing, and wakes with the hash of its secret."""
    assert await visitor.knock() == (204, b"")
    assert world.woken == [("apigo", HASH)]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\x00 no json", b'{"status":"completed","id":"x"}', b"x" * 60_000]
)
async def test_hook_body_is_not_read(visitor, world, data):
    """Whatever the body says, the answer and the knock are the same."""
    assert await visitor.knock(data=data) == (204, b"")
    assert world.woken == [("apigo", HASH)]


@pytest.mark.parametrize(
    "path", ["/hooks/apigo/wrong", "/hooks/nobody/x", "/hooks/apigo/%2e%2e%2fx", "/hooks/ä/ö"]
)
async def test_unknown_hook(visitor, path):
    """A wrong knock is answered like a right one: who guesses learns nothing."""
    assert await visitor.knock(path) == (204, b"")


async def test_huge_body(visitor):
    """A body without end is not read: the visitor is answered and sent away."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(65536)

    async with visitor.http.post(f"{visitor.base}/hooks/apigo/{SECRET}", data=endless()) as reply:
        assert reply.status == 204
    assert (await visitor.health())[0] == 200


async def test_hook_flood(visitor, world):
    """A stranger's flood is answered all the same, and passed on only so many times a second."""
    for _ in range(70):
        assert await visitor.knock() == (204, b"")
    assert len(world.woken) == 60
    world.instant += timedelta(seconds=1)
    for _ in range(30):
        await visitor.knock()
    assert len(world.woken) == 80


def test_a_jobs_own_knock_is_never_dropped(world):
    """Hundreds of films that end at once, in the middle of a stranger's flood, from one address."""
    hooks = Hooks(world.knows, world.hint, world)
    secrets = [f"secret-{number}" for number in range(300)]
    world.known = {hashlib.sha256(secret.encode()).hexdigest() for secret in secrets}
    for secret in secrets:
        hooks.knock("apigo", "a stranger's", "192.0.2.7")
        hooks.knock("apigo", secret, "192.0.2.7")
    assert world.known <= {hook_hash for _, hook_hash in world.woken}
    assert len(world.woken) == 300 + 60


def test_one_flood_drowns_no_other_knock(world):
    """Each source has an allowance of its own; one household of IPv6 is one source."""
    hooks = Hooks(world.knows, world.hint, world)
    for number in range(100):
        hooks.knock("apigo", "x", f"2001:db8::{number:x}")
    assert len(world.woken) == 60
    hooks.knock("apigo", "x", "2001:db8:0:1::1")
    hooks.knock("apigo", "x", "192.0.2.7")
    hooks.knock("apigo", "x", "")
    assert len(world.woken) == 63


def test_sources_are_forgotten(world):
    """Knocks from ever new addresses do not fill the memory."""
    visitors = Visitors(world)
    for number in range(3000):
        assert visitors.admit(f"10.0.{number // 250}.{number % 250}")
    assert len(visitors._allowances) == 1000


async def test_long_secret(visitor, world):
    """A secret longer than any of ours is not even hashed."""
    assert await visitor.knock(f"/hooks/apigo/{'x' * 201}") == (204, b"")
    assert world.woken == []


async def test_hook_without_database(visitor, world):
    """A knock waits for no database: it is passed on while that is locked."""
    world.store_error = "locked"
    assert await visitor.knock() == (204, b"")
    assert world.woken == [("apigo", HASH)]


@pytest.mark.parametrize("path", ["/", "/hooks", "/hooks/apigo", "/healthz/x", "/../etc/passwd"])
async def test_nothing_else(visitor, path):
    """There is nothing at any other address."""
    assert (await visitor.get(path))[0] == 404


async def test_get_is_no_knock(visitor, world):
    """A link preview or a crawler that fetches a hook's address wakes nobody."""
    assert (await visitor.get(f"/hooks/apigo/{SECRET}"))[0] == 405
    assert world.woken == []


async def test_requests_are_not_logged(visitor, caplog):
    """The address of a hook, which holds its secret, appears in no log."""
    caplog.set_level(logging.DEBUG, logger="aiohttp")
    await visitor.knock()
    await visitor.get(f"/hooks/apigo/{SECRET}")
    assert SECRET not in caplog.text


async def test_a_malformed_request_is_not_quoted(visitor, caplog):
    """It is refused, and neither its secret nor anything else of it floods the log."""
    caplog.set_level(logging.DEBUG)
    port = int(visitor.base.rsplit(":", 1)[1])
    for line in (
        f"POST /hooks/apigo/{SECRET}\xff HTTP/1.1",
        f"POST /hooks/apigo/{SECRET} nonsense",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(line.encode("latin-1") + b"\r\nHost: x\r\n\r\n")
        assert b" 400 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
    assert SECRET not in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_mistake_of_ours_is_logged(visitor, world, caplog, monkeypatch):
    """What breaks in the listener itself is answered with 500 and told to the operator."""
    monkeypatch.setattr(world, "counts", None)
    assert (await visitor.get("/metrics"))[0] == 500
    assert "Error handling request" in caplog.text


async def test_port_taken(world):
    """A port that is in use is told in one sentence, with the remedy."""
    async with listening(world) as visitor:
        port = int(visitor.base.rsplit(":", 1)[1])
        second = Listener(
            "127.0.0.1",
            port,
            health=Health(connected=bool, ping=world.ping, last_good_answers={}, clock=world),
            metrics=visitor.metrics,
            hooks=visitor.hooks,
        )
        with pytest.raises(ConfigurationError) as caught:
            await second.start()
    assert f"HTTP_PORT {port} cannot be listened on" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


async def test_not_our_address(world):
    """An address that is not this machine's is told likewise."""
    listener = Listener(
        "192.0.2.1",
        0,
        health=Health(connected=bool, ping=world.ping, last_good_answers={}, clock=world),
        metrics=Metrics(world.count, timedelta),
        hooks=Hooks(world.knows, world.hint, world),
    )
    with pytest.raises(ConfigurationError, match=r"HTTP_HOST 192\.0\.2\.1"):
        await listener.start()


async def test_stop_frees_the_port(world):
    """After the stop the port can be listened on again."""
    async with listening(world) as visitor:
        port = int(visitor.base.rsplit(":", 1)[1])
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await runner.cleanup()


async def test_lag():
    """What blocks the event loop shows as its lag, once; a free loop shows none worth naming."""
    lag = LoopLag(every=timedelta(milliseconds=5))
    lag.start()
    await asyncio.sleep(0)
    until = time.monotonic() + 0.1
    while time.monotonic() < until:
        pass
    await asyncio.sleep(0)
    assert timedelta(milliseconds=80) < lag.take() < timedelta(seconds=5)
    lag.stop()
    assert lag.take() == timedelta(0)


async def test_lag_while_blocked():
    """A delay counts even if it is asked for before the loop had its turn."""
    lag = LoopLag(every=timedelta(milliseconds=5))
    lag.start()
    until = time.monotonic() + 0.1
    while time.monotonic() < until:
        pass
    assert lag.take() > timedelta(milliseconds=80)
    lag.stop()
