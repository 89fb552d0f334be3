"""The OpenAI-style dialect, with the habits of the servers that speak it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.errors import (
    AddressRefused,
    Failure,
    Gone,
    Interrupted,
    JobNotFound,
    RateLimited,
    Unauthorised,
    Unavailable,
    WrongContent,
)
from bot.providers.base import Job, JobStatus, LostCreate
from tests.providers.world import MP4, NOON, World, order, say

LIST = "GET /v1/videos"
CONTENT = "GET /v1/videos/v1/content"
CDN = "GET cdn/film.mp4"
FILM = "https://cdn.example/film.mp4"


def retrieve(upstream_id: str) -> str:
    """Return the route of a job."""
    return f"GET /v1/videos/{upstream_id}"


def job(upstream_id: str = "v1", status: object = "in_progress", **more: Any) -> dict[str, Any]:
    """Return a job with what the document requires."""
    return {"id": upstream_id, "object": "video", "status": status, **more}


def jobs(*ids: str) -> list[Job]:
    """Return jobs submitted now."""
    return [Job(upstream_id, NOON) for upstream_id in ids]


@pytest.mark.parametrize(
    ("answer", "status", "progress"),
    [
        (job(status="pending", progress=50, error={"code": "x"}), JobStatus.WAITING, None),
        (job(status="queued"), JobStatus.WAITING, None),
        (job(progress=45), JobStatus.RUNNING, 45),
        (job(progress="45%"), JobStatus.RUNNING, 45),
        (job(progress=45.7), JobStatus.RUNNING, 45),
        (job(progress=101), JobStatus.RUNNING, None),
        (job(progress=None), JobStatus.RUNNING, None),
        (job(status="completed", progress=100), JobStatus.DONE, None),
        (job(status="Success"), JobStatus.DONE, None),
        (job(status="cancelled"), JobStatus.CANCELLED, None),
        (job(status="expired"), JobStatus.EXPIRED, None),
        (job(status="unknown"), JobStatus.UNKNOWN, None),
        (job(status=None), JobStatus.UNKNOWN, None),
        (job(object="video.generation"), JobStatus.RUNNING, None),
    ],
)
async def test_only_status_decides(
    world: World, answer: dict[str, Any], status: JobStatus, progress: int | None
) -> None:
    """Neither progress nor a filled error is a signal: the document's own sample has both."""
    world.on(retrieve("v1"), say(answer))
    [sighting] = await world.videos().look(jobs("v1"))
    assert (sighting.status, sighting.progress) == (status, progress)
    assert world.last(retrieve("v1")).headers["Authorization"] == "Bearer ak_canary0123456789"


@pytest.mark.parametrize(
    ("error", "failure", "detail"),
    [
        ({"code": "moderation_blocked", "message": "Sorry"}, Failure.CONTENT, "Sorry"),
        ({"message": "out of memory"}, Failure.SERVICE_FAILED, "out of memory"),
        ("plain words", Failure.SERVICE_FAILED, "plain words"),
        ({"code": 500}, Failure.SERVICE_FAILED, "500"),
        (None, Failure.SERVICE_FAILED, ""),
    ],
)
async def test_failed_jobs_say_why(
    world: World, error: object, failure: Failure, detail: str
) -> None:
    """Every part of a job's error is optional."""
    world.on(retrieve("v1"), say(job(status="failed", error=error)))
    [sighting] = await world.videos().look(jobs("v1"))
    assert (sighting.status, sighting.failure, sighting.detail) == (
        JobStatus.FAILED,
        failure,
        detail,
    )


async def test_failed_job_in_an_error_answer_is_a_job(world: World) -> None:
    """vLLM-Omni answers 500 for a failed job, with the job as the body."""
    world.on(retrieve("v1"), say(job(status="failed", error={"code": 500, "message": "oom"}), 500))
    [sighting] = await world.videos().look(jobs("v1"))
    assert (sighting.status, sighting.detail) == (JobStatus.FAILED, "oom")
    assert len(world.requests) == 1


async def test_jobs_in_trouble_do_not_hide_the_others(world: World) -> None:
    """One job that answers nonsense is left out; the others are seen."""
    for name in "abcd":
        world.on(retrieve(name), say(job(name)))
    world.on(retrieve("b"), httpx.Response(200, text="<html>"))
    seen = await world.videos().look(jobs(*"abcd"))
    assert {sighting.upstream_id for sighting in seen} == {"a", "c", "d"}


async def test_service_in_trouble_is_not_asked_for_every_job(world: World) -> None:
    """After three jobs without an answer the look is given up."""
    names = [f"j{n}" for n in range(40)]
    for name in names:
        world.on(retrieve(name), httpx.Response(502))
    with pytest.raises(Unavailable):
        await world.videos().look(jobs(*names))
    assert len(world.requests) < 30


async def test_jobs_in_trouble_are_asked_last(world: World) -> None:
    """Three jobs that never answer do not keep the others from being seen."""
    bad = ["a", "b", "c"]
    good = [f"j{n}" for n in range(8)]
    for name in bad:
        world.on(retrieve(name), httpx.Response(200, text="<html>"))
    for name in good:
        world.on(retrieve(name), say(job(name)))
    videos = world.videos()
    seen: set[str] = set()
    for _ in range(3):
        try:
            seen |= {sighting.upstream_id for sighting in await videos.look(jobs(*bad, *good))}
        except Unavailable:
            continue
    assert seen == set(good)


async def test_a_hundred_forgotten_jobs_do_not_hide_those_that_came_later(world: World) -> None:
    """A server that was set up anew knows none of the old jobs, which are always the most due."""
    world.on(LIST, say({}, 405))
    world.on(retrieve("new"), say(job("new", status="completed")))
    videos, due = world.videos(), jobs(*(f"old{n}" for n in range(100)), "new")
    seen: list[str] = []
    for _ in range(30):
        with suppress(Unavailable):
            seen += [sighting.upstream_id for sighting in await videos.look(due)]
        world.clock.advance(minutes=1)
    assert "new" in seen


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (say({}, 401), Unauthorised),
        (say({"error": {"message": "no"}}, 403), Unauthorised),
        (httpx.Response(429, headers={"retry-after-ms": "2000"}), RateLimited),
        (httpx.Response(503, headers={"Retry-After": "9"}), RateLimited),
        (httpx.Response(403, text="<html>challenge"), Unavailable),
        (say({"error": {"message": "x"}}), Unavailable),
        (httpx.ReadTimeout("x"), Unavailable),
    ],
)
async def test_trouble_of_a_look(
    world: World, reply: httpx.Response | Exception, error: type[Exception]
) -> None:
    """Trouble of the service is not trouble of the job."""
    world.on(retrieve("v1"), reply)
    with pytest.raises(error):
        await world.videos().look(jobs("v1"))


async def test_one_404_is_not_believed(world: World) -> None:
    """Beside a job that is known, one is forgotten after two 404s at least 60 seconds apart."""
    world.on(retrieve("known"), say(job("known")))
    videos = world.videos()
    assert len(await videos.look(jobs("v1", "known"))) == 1
    world.clock.advance(seconds=61)
    [_, forgotten] = await videos.look(jobs("v1", "known"))
    assert (forgotten.upstream_id, forgotten.status) == ("v1", JobStatus.EXPIRED)
    assert forgotten.failure is Failure.FORGOTTEN


@pytest.mark.parametrize("ids", [["a"], ["a", "b", "c"]])
async def test_page_of_a_gateway_ends_no_job(world: World, ids: list[str]) -> None:
    """A web page instead of an answer is the gateway's trouble, however long it lasts."""
    for name in ids:
        world.on(retrieve(name), httpx.Response(404, text="<html>404 Not Found<hr>nginx</html>"))
    videos = world.videos()
    for _ in range(30):
        with pytest.raises(Unavailable):
            await videos.look(jobs(*ids))
        world.clock.advance(minutes=5)


async def test_service_that_knows_no_job_of_several_is_in_trouble(world: World) -> None:
    """A gateway that says 404 in JSON for every job ends none; afterwards all are seen."""
    videos = world.videos()
    for _ in range(30):
        with pytest.raises(Unavailable, match="none of our 2 jobs"):
            await videos.look(jobs("a", "b"))
        world.clock.advance(minutes=5)
    world.on(retrieve("a"), say(job("a")))
    assert [sighting.upstream_id for sighting in await videos.look(jobs("a", "b"))] == ["a"]


async def test_ids_with_colons_and_slashes(world: World) -> None:
    """Gateways make ids like ``sora-2:task/1``; they are encoded, never split."""
    world.on("GET /v1/videos/sora-2%3Atask%2F1", say(job("sora-2:task/1")))
    assert len(await world.videos().look(jobs("sora-2:task/1"))) == 1


async def test_there_is_no_cancel(world: World) -> None:
    """The dialect has no cancel; nothing is deleted, the state is told."""
    world.on(retrieve("v1"), say(job()))
    videos = world.videos()
    assert not videos.can_cancel
    assert (await videos.cancel("v1")).status is JobStatus.RUNNING
    assert {request.method for request in world.requests} == {"GET"}
    with pytest.raises(JobNotFound):
        await videos.cancel("other")


# find ------------------------------------------------------------------------------------------

LOST = LostCreate(order("sora-2", "x", aspect="16:9", seconds=4), NOON, frozenset({"claimed", "7"}))
LISTED = job(
    status="queued",
    model="sora-2",
    prompt="x",
    created_at=int(NOON.timestamp()) + 3,
    size="1280x720",
    seconds="4",
)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"size": None, "seconds": None}, True),
        ({"prompt": "y"}, False),
        ({"prompt": None}, False),
        ({"model": "sora-2-pro"}, False),
        ({"seconds": "8"}, False),
        ({"created_at": int(NOON.timestamp()) + 400}, False),
        ({"created_at": None}, False),
        ({"created_at": 1e300}, False),
        ({"id": "claimed"}, False),
        ({"id": 7}, False),
        ({"id": 8}, True),
    ],
)
async def test_lost_create_is_found_by_all_its_signs(
    world: World, change: dict[str, Any], *, found: bool
) -> None:
    """A gateway may list the jobs of others: every sign must agree, the prompt above all."""
    world.on(LIST, say({"object": "list", "data": [7, {**LISTED, **change}]}))
    sighting = await world.videos().find(LOST)
    assert (sighting is not None) == found


async def test_lost_picture_order_is_found_without_its_picture(world: World) -> None:
    """The picture gave the size; who searches has neither, and the other signs suffice."""
    search = replace(LOST, assignment=order("sora-2", "x", seconds=4))
    world.on(LIST, say({"data": [LISTED]}))
    assert await world.videos().find(search) is not None
    world.on(LIST, say({"data": [{**LISTED, "prompt": "y"}]}))
    assert await world.videos().find(search) is None


@pytest.mark.parametrize("status", [404, 405, 410, 400])
async def test_list_is_probed_once_an_hour(world: World, status: int) -> None:
    """A service that says it has no list is not asked for it again soon."""
    world.on(LIST, say({"error": {"message": "x"}}, status))
    videos = world.videos()
    assert await videos.find(LOST) is None
    assert await videos.find(replace(LOST, sent_at=NOON + timedelta(hours=1))) is None
    assert world.count(LIST) == 1
    world.clock.advance(hours=1)
    world.on(LIST, say({"data": [LISTED]}))
    assert await videos.find(LOST) is not None


async def test_page_instead_of_a_list_is_trouble_at_first(world: World) -> None:
    """During a deploy the search is tried again; a page that stays is a service without a list."""
    world.on(LIST, httpx.Response(404, text="<html>"))
    videos = world.videos()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await videos.find(LOST)
        world.clock.advance(minutes=3)
    world.clock.advance(minutes=1)
    assert await videos.find(LOST) is None
    world.on(LIST, say({"data": [LISTED]}))
    assert await videos.find(LOST) is not None


async def test_list_in_trouble_is_searched_again_later(world: World) -> None:
    """A 502 does not mean that there is no list."""
    world.on(LIST, *[httpx.Response(502)] * 3, say({"data": [LISTED]}))
    videos = world.videos()
    with pytest.raises(Unavailable):
        await videos.find(LOST)
    assert await videos.find(LOST) is not None


# fetch -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(302, headers={"Location": FILM}),
        say({"url": FILM}),
        say({"data": [{"url": FILM}]}),
        say({"output": {"video_url": FILM}}),
        say({"detail": f"Video was uploaded to cloud storage: {FILM}."}, 400),
    ],
)
async def test_content_elsewhere_is_fetched_without_the_key(
    world: World, reply: httpx.Response
) -> None:
    """A redirect, JSON or an error text may say where the film lies; the key stays at home."""
    world.on(CONTENT, reply)
    world.on(CDN, httpx.Response(200, content=MP4))
    into = world.folder / "f.mp4"
    assert await world.videos().fetch("v1", None, into) == len(MP4)
    assert "Authorization" in world.last(CONTENT).headers
    assert "Authorization" not in world.last(CDN).headers


@pytest.mark.parametrize("kind", ["video/mp4", "application/octet-stream", ""])
async def test_content_as_bytes(world: World, kind: str) -> None:
    """The film itself, whatever its type is called."""
    world.on(CONTENT, httpx.Response(200, content=MP4, headers={"Content-Type": kind}))
    assert await world.videos().fetch("v1", None, world.folder / "f.mp4") == len(MP4)


async def test_address_on_the_services_own_host_gets_the_key(world: World) -> None:
    """Some servers keep films behind the same key as the rest."""
    world.on(CONTENT, say({"url": "/files/f.mp4"}))
    world.on("GET /files/f.mp4", httpx.Response(200, content=MP4))
    await world.videos().fetch("v1", None, world.folder / "f.mp4")
    assert "Authorization" in world.last("GET /files/f.mp4").headers


async def test_missing_content_falls_back_to_the_jobs_address(world: World) -> None:
    """Where there is no content route, the address from the job is used."""
    world.on(CDN, httpx.Response(200, content=MP4))
    assert await world.videos().fetch("v1", FILM, world.folder / "f.mp4") == len(MP4)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (say({"detail": "still in progress"}, 404), Gone),
        (httpx.Response(404, text="<html>"), Gone),
        (say({"error": {"message": "expired"}}, 410), Gone),
        (say({"error": {"message": "blocked"}}, 403), Gone),
        (say({"error": {"message": "key"}}, 401), Unauthorised),
        (httpx.Response(429), RateLimited),
        (httpx.Response(502), Interrupted),
        (httpx.Response(200, text="<html>"), WrongContent),
        (httpx.Response(403, text="<html>"), Gone),
        (say({"status": "in_progress"}), WrongContent),
        (say({"url": "http://127.0.0.1/x"}), AddressRefused),
        (say({"url": "http://[bad"}), AddressRefused),
        (httpx.Response(302, headers={"Location": "http://127.0.0.1:9/x"}), AddressRefused),
    ],
)
async def test_content_in_trouble(
    world: World, reply: httpx.Response, error: type[Exception]
) -> None:
    """Each kind of trouble is told apart, and nothing stays on the disk."""
    world.on(CONTENT, reply)
    with pytest.raises(error):
        await world.videos().fetch("v1", None, world.folder / "f.mp4")
    assert list(world.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (say({"error": {"message": "key"}}, 401), Interrupted),
        (httpx.Response(404), Gone),
        (httpx.Response(429, headers={"Retry-After": "600"}), Interrupted),
    ],
)
async def test_other_hosts_do_not_speak_for_the_service(
    world: World, reply: httpx.Response, error: type[Exception]
) -> None:
    """What the host behind a redirect answers says nothing about our key or our pace."""
    world.on(CONTENT, httpx.Response(302, headers={"Location": FILM}))
    world.on(CDN, reply)
    world.on(retrieve("v1"), say(job()))
    videos = world.videos()
    with pytest.raises(error):
        await videos.fetch("v1", None, world.folder / "f.mp4")
    assert len(await videos.look(jobs("v1"))) == 1
