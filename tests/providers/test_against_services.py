"""Both providers against the stand-in services, over real HTTP: nothing between them is faked."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.errors import (
    Declined,
    Failure,
    Gone,
    Interrupted,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Unauthorised,
)
from bot.net.client import build_client
from bot.net.downloads import Downloads
from bot.providers.aivideomaker import AiVideoMaker
from bot.providers.base import Assignment, Job, JobStatus, LostCreate, Provider, Sighting
from bot.providers.openai_videos import OpenAiVideos
from sandbox import services
from tests.providers.world import order, png

TICK = timedelta(milliseconds=10)
AT_ONCE = services.Pace(queued=timedelta(0), running=timedelta(0))
HELD = services.Pace(queued=services.FOREVER)
FILM = b"\0\0\0\x18ftypmp42" + b"\0" * 2000

ALL_SIX = [
    order("t2v", "A sunset", aspect="16:9", seconds=8),
    order("t2v_v3", "A sunset", aspect="9:16", seconds=20),
    order("i2v", picture=png(), seconds=5),
    order("i2v_v3", "It moves", picture=png(), seconds=15),
    order("lv", "One", "Two", "Three", picture=png(), seconds=15),
    order("sora-2", "猫", aspect="9:16", seconds=4),
    order("sora-2", "猫", picture=png(1280, 720), seconds=12),
]


class Street:
    """Both services and both providers that speak to them."""

    def __init__(self, avm: services.AiVideoMaker, oai: services.OpenAiVideos) -> None:
        self.avm, self.oai = avm, oai
        self.http = build_client()
        self.downloads = Downloads([avm.url, avm.files_url, oai.url, oai.files_url])
        self.maker = AiVideoMaker(
            url=avm.url,
            key=avm.key,
            http=self.http,
            downloads=self.downloads,
            clock=SystemClock(),
            interval=TICK,
        )
        self.videos = OpenAiVideos(
            url=oai.url,
            key="sandbox-apigo-key",
            http=self.http,
            downloads=self.downloads,
            clock=SystemClock(),
            interval=TICK,
        )

    def provider(self, assignment: Assignment) -> Provider:
        """Return the provider that sells the model."""
        return self.maker if assignment.model.provider == "aivideomaker" else self.videos

    async def until_ended(self, provider: Provider, upstream_id: str) -> Sighting:
        """Look until there is an end."""
        job = Job(upstream_id, datetime.now(UTC))
        while True:
            for sighting in await provider.look([job]):
                if sighting.status not in {JobStatus.WAITING, JobStatus.RUNNING}:
                    return sighting
            await asyncio.sleep(0.01)


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    """Open both services, with jobs that end at once."""
    avm = services.AiVideoMaker(pace=AT_ONCE, queries_per_minute=None)
    oai = services.OpenAiVideos(pace=AT_ONCE)
    async with avm, oai:
        made = Street(avm, oai)
        try:
            yield made
        finally:
            await made.http.aclose()
            await made.downloads.aclose()


@pytest.mark.parametrize("assignment", ALL_SIX, ids=lambda a: f"{a.model.name}-{a.aspect}")
async def test_every_documented_model_becomes_a_film(
    street: Street, tmp_path: Path, assignment: Assignment
) -> None:
    """Create, look, fetch: each of the six models as its document describes it."""
    provider = street.provider(assignment)
    service = street.avm if provider is street.maker else street.oai
    service.script(services.Scenario(film=FILM))
    created = await provider.submit(assignment)
    done = await street.until_ended(provider, created.upstream_id)
    assert done.status is JobStatus.DONE
    size = await provider.fetch(created.upstream_id, done.result_url, tmp_path / "film.mp4")
    assert (tmp_path / "film.mp4").read_bytes() == FILM
    assert size == len(FILM)
    assert {seen.headers.get("key") for seen in street.avm.file_requests} <= {None}
    assert {seen.headers.get("Authorization") for seen in street.oai.file_requests} <= {None}


async def test_models_of_the_docs_page_are_accepted_by_the_live_service(
    operators: Catalog,
) -> None:
    """What docs/models.md shows how to add is spelled as the live service takes it."""
    avm = services.AiVideoMaker(mode="live", pace=HELD)
    async with avm, services.OpenAiVideos() as oai:
        street = Street(avm, oai)
        for name in ("minimax", "wan27"):
            text = order(name, "A fox", aspect="1:1", seconds=10, catalog=operators)
            image = order(name, "A fox", picture=png(), catalog=operators)
            for assignment in (text, image):
                # Another task each: the live service keeps one job for one idempotency key.
                one = replace(assignment, task_id=f"{name}-{len(avm.creates):04}")
                assert (await street.maker.submit(one)).charged == _price(one)
        assert len(avm.creates) == 4
        await street.http.aclose()
        await street.downloads.aclose()


async def test_many_jobs_are_seen_in_one_list(street: Street) -> None:
    """A hundred older tasks and two of ours: one query."""
    street.avm.pace = HELD
    ours = [await street.maker.submit(order("t2v", str(n), aspect="1:1")) for n in range(2)]
    jobs = [Job(sighting.upstream_id, datetime.now(UTC)) for sighting in ours]
    seen = await street.maker.look(jobs)
    assert {sighting.status for sighting in seen} == {JobStatus.WAITING}
    assert len(seen) == 2
    assert street.avm.count("GET") == 1


async def test_history_does_not_matter(street: Street) -> None:
    """With a hundred thousand old tasks a look reads a small part of the list, and judges few."""
    street.avm.pace = HELD
    street.avm.quirks.history = 100_000
    ours = [await street.maker.submit(order("t2v", str(n), aspect="1:1")) for n in range(10)]
    jobs = [Job(sighting.upstream_id, datetime.now(UTC)) for sighting in ours]
    answers: list[httpx.Response] = []

    async def keep(answer: httpx.Response) -> None:
        answers.append(answer)

    street.http.event_hooks = {"response": [keep]}
    for _ in range(3):
        seen = await street.maker.look(jobs[:4], jobs[4:])
        assert {sighting.upstream_id for sighting in seen} >= {job.upstream_id for job in jobs[:4]}
    whole = 100_000 * len(
        json.dumps({"id": "x" * 25, "createdAt": "x" * 24, "status": "COMPLETED"})
    )
    assert len(answers) == 3
    assert max(answer.num_bytes_downloaded for answer in answers) < whole / 100


async def test_whole_list_of_thousands_is_read(street: Street) -> None:
    """A list that is sent in pieces, down to its very end."""
    street.avm.quirks.history = 5000
    ours = await street.maker.submit(order("t2v", "x", aspect="1:1"))
    now = datetime.now(UTC)
    far = [Job(f"ckhistory{n:016d}", now - timedelta(minutes=n % 40)) for n in (0, 4999)]
    seen = await street.maker.look([Job(ours.upstream_id, now), *far])
    assert {sighting.status for sighting in seen} == {JobStatus.DONE}


async def test_many_jobs_of_the_dialect_are_seen_in_its_list() -> None:
    """Where there is a list, a page shows them all; films are asked for once to be sure."""
    async with services.AiVideoMaker() as avm, services.OpenAiVideos(mode="openai") as oai:
        street = Street(avm, oai)
        oai.pace = HELD
        order_ = order("sora-2", "A fox", aspect="16:9", seconds=4)
        ids = [(await street.videos.submit(order_)).upstream_id for _ in range(30)]
        jobs = [Job(upstream_id, datetime.now(UTC)) for upstream_id in ids]
        assert len(await street.videos.look(jobs[24:], jobs[:24])) == 30
        assert oai.count("GET") == 1
        for upstream_id in ids:
            oai.begin(upstream_id)
            oai.finish(upstream_id)
        seen = [*await street.videos.look(jobs), *await street.videos.look(jobs)]
        assert {one.upstream_id for one in seen if one.status is JobStatus.DONE} == set(ids)
        await street.http.aclose()
        await street.downloads.aclose()


@pytest.mark.parametrize(
    "action",
    [
        services.Reset(after=True),
        services.Reply(502, "<html>", after=True),
        services.Reply(200, '{"status":"SUBMITTED","taskI', after=True),
    ],
)
async def test_lost_create_is_made_once_and_found(street: Street, action: services.Action) -> None:
    """The answer is lost, the task exists: one POST, one task, and the search adopts it."""
    street.avm.pace = HELD
    street.avm.faults.add(services.Fault("POST", "*", action))
    assignment = order("i2v", "It moves", picture=png())
    sent_at = datetime.now(UTC)
    with pytest.raises(OutcomeUnknown):
        await street.maker.submit(assignment)
    assert len(street.avm.creates) == street.avm.count("POST") == 1
    found = await street.maker.find(LostCreate(assignment, sent_at, frozenset()))
    assert found is not None
    assert found.status is JobStatus.WAITING
    claimed = frozenset({found.upstream_id})
    assert await street.maker.find(LostCreate(assignment, sent_at, claimed)) is None


async def test_lost_create_of_the_dialect_is_found_where_there_is_a_list() -> None:
    """OpenAI's own dialect lists jobs with their prompts; the document's does not."""
    assignment = order("sora-2", "A fox", aspect="16:9", seconds=4)
    for mode, there in (("openai", True), ("strict", False)):
        oai = services.OpenAiVideos(mode=mode, pace=HELD)  # type: ignore[arg-type]  # a literal
        async with services.AiVideoMaker() as avm, oai:
            street = Street(avm, oai)
            oai.faults.add(services.Fault("POST", "*", services.Reset(after=True)))
            sent_at = datetime.now(UTC)
            with pytest.raises(OutcomeUnknown):
                await street.videos.submit(assignment)
            assert oai.count("POST") == 1
            found = await street.videos.find(LostCreate(assignment, sent_at, frozenset()))
            assert (found is not None) == there
            await street.http.aclose()
            await street.downloads.aclose()


async def test_cancel_in_time_and_too_late(street: Street) -> None:
    """Only a waiting task is cancelled; a running one goes on and says so."""
    street.avm.pace = HELD
    waiting = await street.maker.submit(order("t2v", "x", aspect="1:1"))
    assert (await street.maker.cancel(waiting.upstream_id)).status is JobStatus.CANCELLED
    street.avm.pace = services.Pace(queued=timedelta(0), hold=True)
    running = await street.maker.submit(order("t2v", "x", aspect="1:1"))
    for code in (409, 400, 200):
        street.avm.quirks.too_late = code
        assert (await street.maker.cancel(running.upstream_id)).status is JobStatus.RUNNING


@pytest.mark.parametrize("shape", ["url", "videoUrl", "video_url", "video", "string", "array"])
async def test_every_output_shape_is_fetched(street: Street, tmp_path: Path, shape: str) -> None:
    """However the output spells its link."""
    street.avm.script(services.Scenario(film=FILM, output=shape))  # type: ignore[arg-type]  # literal
    created = await street.maker.submit(order("t2v", "x", aspect="1:1"))
    done = await street.until_ended(street.maker, created.upstream_id)
    assert await street.maker.fetch(created.upstream_id, done.result_url, tmp_path / "f")


@pytest.mark.parametrize("style", ["bytes", "redirect", "json", "url in error"])
async def test_every_content_style_is_fetched(street: Street, tmp_path: Path, style: str) -> None:
    """However the dialect hands its film out; no key reaches the other origin."""
    street.oai.script(services.Scenario(film=FILM, content=style))  # type: ignore[arg-type]  # literal
    created = await street.videos.submit(order("sora-2", "x", aspect="16:9", seconds=4))
    await street.until_ended(street.videos, created.upstream_id)
    assert await street.videos.fetch(created.upstream_id, None, tmp_path / "f") == len(FILM)
    assert all("Authorization" not in seen.headers for seen in street.oai.file_requests)


async def test_late_content_is_gone_and_then_there(street: Street, tmp_path: Path) -> None:
    """404 right after completed is what it says it is; who asks again later gets the film."""
    street.oai.script(services.Scenario(film=FILM, content_late=1))
    created = await street.videos.submit(order("sora-2", "x", aspect="16:9", seconds=4))
    await street.until_ended(street.videos, created.upstream_id)
    with pytest.raises(Gone):
        await street.videos.fetch(created.upstream_id, None, tmp_path / "f")
    assert await street.videos.fetch(created.upstream_id, None, tmp_path / "f") == len(FILM)


async def test_cut_film_is_interrupted(street: Street, tmp_path: Path) -> None:
    """A transfer that breaks off leaves no file and may be tried again."""
    street.avm.script(services.Scenario(film=FILM, file=services.Cut()))
    created = await street.maker.submit(order("t2v", "x", aspect="1:1"))
    done = await street.until_ended(street.maker, created.upstream_id)
    with pytest.raises(Interrupted):
        await street.maker.fetch(created.upstream_id, done.result_url, tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("refuse", "failure"),
    [
        ("content", Failure.CONTENT),
        ("credits", Failure.SERVICE_CREDITS),
        ("closed", Failure.MODEL_CLOSED),
    ],
)
@pytest.mark.parametrize("assignment", [ALL_SIX[0], ALL_SIX[5]], ids=["avm", "oai"])
async def test_refusals(
    street: Street, assignment: Assignment, refuse: str, failure: Failure
) -> None:
    """Each service's own way to say no is understood."""
    scenario = services.Scenario(refuse=refuse)  # type: ignore[arg-type]  # one of its literals
    street.avm.script(scenario)
    street.oai.script(scenario)
    with pytest.raises(Declined) as declined:
        await street.provider(assignment).submit(assignment)
    assert declined.value.failure is failure


async def test_rate_limit_of_the_service_is_heard() -> None:
    """The 61st query is refused with a time; nothing is asked before."""
    avm = services.AiVideoMaker(pace=HELD, queries_per_minute=1)
    async with avm, services.OpenAiVideos() as oai:
        street = Street(avm, oai)
        created = await street.maker.submit(order("t2v", "x", aspect="1:1"))
        job = Job(created.upstream_id, datetime.now(UTC))
        await street.maker.look([job])
        for _ in range(3):
            with pytest.raises(RateLimited):
                await street.maker.look([job])
        assert avm.count("GET") == 2
        await street.http.aclose()
        await street.downloads.aclose()


async def test_wrong_key_and_closed_door(street: Street) -> None:
    """A refused key and a service that does not listen are told apart."""
    parts = {"http": street.http, "downloads": street.downloads, "clock": SystemClock()}
    wrong = AiVideoMaker(url=street.avm.url, key="wrong", interval=TICK, **parts)  # type: ignore[arg-type]  # a mixed dict
    with pytest.raises(Unauthorised):
        await wrong.submit(order("t2v", "x", aspect="1:1"))
    away = OpenAiVideos(url="http://127.0.0.1:1", key="x", interval=TICK, **parts)  # type: ignore[arg-type]  # a mixed dict
    with pytest.raises(NotSent):
        await away.submit(order("sora-2", "x", aspect="16:9", seconds=4))


async def test_silent_service_is_an_unknown_outcome(street: Street) -> None:
    """No answer within the read timeout: one POST, and nobody knows."""
    street.avm.faults.add(services.Fault("POST", "*", services.Silence(after=True)))
    street.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(OutcomeUnknown):
        await street.maker.submit(order("t2v", "x", aspect="1:1"))
    assert street.avm.count("POST") == len(street.avm.creates) == 1


def _price(assignment: Assignment) -> int:
    return assignment.model.price.of(assignment.duration)
