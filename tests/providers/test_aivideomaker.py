"""AI Video Maker: looks that cost little, searches, cancels and fetches that believe little."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from typing_extensions import override

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
from bot.providers.base import Job, JobStatus, LostCreate, Sighting
from tests.providers.world import MP4, NOON, World, largest_window, order, png, say, stamp

LIST = "GET /api/v1/tasks"
FILM = "https://cdn.example/film.mp4"
CDN = "GET cdn/film.mp4"


def details(upstream_id: str) -> str:
    """Return the route of a task's details."""
    return f"GET /api/v1/tasks/{upstream_id}"


def task(upstream_id: str, status: object = "PROGRESS", **more: Any) -> dict[str, Any]:
    """Return a task as the documents show it."""
    return {
        "id": upstream_id,
        "createdAt": stamp(more.pop("made", NOON)),
        "model": "t2v",
        "input": {"prompt": "x", "aspectRatio": "16:9"},
        "output": None,
        "status": status,
        "completedAt": None,
        **more,
    }


def jobs(*ids: str, at: datetime = NOON) -> list[Job]:
    """Return jobs submitted at one instant."""
    return [Job(upstream_id, at) for upstream_id in ids]


async def test_one_job_is_asked_by_id(world: World) -> None:
    """A lonely task does not need the whole list."""
    world.on(details("ck1"), say(task("ck1")))
    [sighting] = await world.maker().look(jobs("ck1"))
    assert (sighting.status, sighting.word) == (JobStatus.RUNNING, "PROGRESS")
    assert world.routes() == [details("ck1")]
    assert world.last(details("ck1")).headers["key"] == "ak_canary0123456789"


async def test_no_job_costs_no_query(world: World) -> None:
    """Nothing waited for, nothing asked."""
    assert list(await world.maker().look([])) == []
    assert world.requests == []


async def test_many_jobs_cost_one_query(world: World) -> None:
    """One list shows every task, whatever state it is in."""
    states: list[tuple[str, dict[str, Any], JobStatus]] = [
        ("SUBMITTED", {}, JobStatus.WAITING),
        ("PROGRESS", {}, JobStatus.RUNNING),
        ("COMPLETED", {"output": {"url": FILM}}, JobStatus.DONE),
        ("FAILED", {"output": {"error": "Content policy"}}, JobStatus.FAILED),
        ("CANCEL", {}, JobStatus.CANCELLED),
        ("QUEUED_V2", {}, JobStatus.UNKNOWN),
    ]
    listed = [task(f"ck{n}", word, **more) for n, (word, more, _) in enumerate(states)]
    world.on(LIST, say({"tasks": listed}))
    seen = await world.maker().look(jobs(*(f"ck{n}" for n in range(len(states)))))
    assert [sighting.status for sighting in seen] == [status for _, _, status in states]
    assert seen[2].result_url == FILM
    assert (seen[3].failure, seen[3].detail) == (Failure.CONTENT, "Content policy")
    assert seen[4].failure is Failure.CANCELLED_UPSTREAM
    assert seen[5].word == "QUEUED_V2"
    assert world.routes() == [LIST]


async def test_list_is_left_at_the_oldest_job_waited_for(world: World) -> None:
    """A look is independent of history: the connection is closed once no older task matters."""
    stream = EndlessList()
    world.on(LIST, lambda _: httpx.Response(200, stream=stream))
    seen = await world.maker().look(jobs("ck3", "ck5"))
    assert {sighting.upstream_id for sighting in seen} == {"ck3", "ck5"}
    assert stream.closed
    assert stream.sent < 20


async def test_missing_old_jobs_do_not_read_the_list_to_its_end(world: World) -> None:
    """A job that the list lacks ends the reading at its own age, and is asked by id."""
    stream = EndlessList(step=timedelta(minutes=1))
    world.on(LIST, lambda _: httpx.Response(200, stream=stream))
    world.on(details("gone"), say(task("gone", "SUBMITTED")))
    world.clock.advance(minutes=10)
    seen = await world.maker().look(jobs("ck3", "gone"))
    assert {sighting.upstream_id for sighting in seen} == {"ck3", "gone"}
    assert stream.sent < 10
    assert world.routes() == [LIST, details("gone")]


async def test_stragglers_are_asked_by_id(world: World) -> None:
    """Jobs older than 45 minutes do not make the list be read far back."""
    old = Job("old", NOON - timedelta(minutes=46))
    stream = EndlessList(step=timedelta(minutes=1))
    world.on(LIST, lambda _: httpx.Response(200, stream=stream))
    world.on(details("old"), say(task("old", made=old.submitted_at)))
    seen = await world.maker().look([old, *jobs("ck3", "ck4")])
    assert {sighting.upstream_id for sighting in seen} == {"old", "ck3", "ck4"}
    assert world.routes() == [LIST, details("old")]
    assert stream.sent < 10


async def test_look_ends_and_every_straggler_gets_its_turn(world: World) -> None:
    """At most three queries by id in a look; the longest unasked come first in the next."""
    old = jobs(*(f"o{n}" for n in range(25)), at=NOON - timedelta(hours=1))
    for job in old:
        world.on(details(job.upstream_id), say(task(job.upstream_id)))
    maker = world.maker()
    looks = [await maker.look(old) for _ in range(9)]
    assert [len(look) for look in looks] == [3] * 9
    assert len({sighting.upstream_id for look in looks for sighting in look}) == 25


async def test_stragglers_do_not_starve_the_list(world: World) -> None:
    """However many are asked by id, each look reads the list, and asks for one of them beside."""
    old = jobs(*(f"o{n}" for n in range(25)), at=NOON - timedelta(hours=1))
    for job in old:
        world.on(details(job.upstream_id), say(task(job.upstream_id, made=job.submitted_at)))
    world.on(
        LIST, say({"tasks": [task("a"), task("b"), task("x", made=NOON - timedelta(hours=2))]})
    )
    maker = world.maker()
    looks = [await maker.look([*old, *jobs("a", "b")]) for _ in range(25)]
    assert {len(look) for look in looks} == {3}
    assert world.count(LIST) == 25
    assert len({sighting.upstream_id for look in looks for sighting in look}) == 27


async def test_what_is_seen_beside_the_due_is_told(world: World) -> None:
    """Jobs in flight that the list shows on the way cost nothing; the list is read no further."""
    stream = EndlessList()
    world.on(LIST, lambda _: httpx.Response(200, stream=stream))
    seen = await world.maker().look(jobs("ck3", "ck5"), jobs("ck0", "ck4", "ck900"))
    assert {sighting.upstream_id for sighting in seen} == {"ck0", "ck3", "ck4", "ck5"}
    assert stream.sent < 20
    assert world.routes() == [LIST]


async def test_only_what_is_due_is_asked_for(world: World) -> None:
    """One due job is one small question, whatever else is in flight."""
    world.on(details("ck1"), say(task("ck1")))
    seen = await world.maker().look(jobs("ck1"), jobs("ck2", "ck3"))
    assert [sighting.upstream_id for sighting in seen] == ["ck1"]
    assert world.routes() == [details("ck1")]


async def test_deep_list_is_not_read_for_a_few(world: World) -> None:
    """What it cost to read the list so far back last time decides how to ask the next time."""
    words = {"prompt": "x" * 5000}
    newer = [task(f"n{n}", made=NOON - timedelta(seconds=n), input=words) for n in range(600)]
    old = jobs("a", "b", at=NOON - timedelta(seconds=600))
    for job in old:
        world.on(details(job.upstream_id), say(task(job.upstream_id, made=job.submitted_at)))
    far = [task(job.upstream_id, made=job.submitted_at) for job in old]
    world.on(LIST, say({"tasks": [*newer, *far]}))
    maker = world.maker()
    for _ in range(2):
        assert len(await maker.look(old)) == 2
    assert world.routes() == [LIST, details("a"), details("b")]


async def test_short_list_keeps_its_connection(world: World) -> None:
    """A list that ends at the last job waited for is read to its end; a longer one is left."""
    short, long = Chunks(b'{"tasks": [', b'{"id": "a"}, {"id": "b"}]}'), EndlessList()
    world.on(
        LIST, *(lambda _, body=body: httpx.Response(200, stream=body) for body in (short, long))
    )
    maker = world.maker()
    assert len(await maker.look(jobs("a", "b"))) == 2
    assert short.exhausted
    assert len(await maker.look(jobs("ck3", "ck5"))) == 2
    assert long.closed


async def test_forgotten_job_is_missed_beside_what_other_looks_show(world: World) -> None:
    """A look may be for one job; the service's knowing the others counts for half a minute."""
    world.on(details("known"), say(task("known")))
    maker = world.maker()
    forgotten: list[Sighting] = []
    for _ in range(5):
        await maker.look(jobs("known"))
        forgotten += await maker.look(jobs("ck1"))
        world.clock.advance(seconds=16)
    assert [sighting.failure for sighting in forgotten] == [Failure.FORGOTTEN]


async def test_malformed_entries_are_skipped(world: World) -> None:
    """Null fields and entries that are no tasks do not hide the others."""
    odd: list[object] = [
        None,
        7,
        [],
        {},
        {"id": None},
        {"id": "x\ny"},
        task("b", None, createdAt=None),
    ]
    world.on(LIST, say({"tasks": [task("a"), *odd, task("c", createdAt="yesterday")]}))
    seen = await world.maker().look(jobs("a", "b", "c"))
    assert {s.upstream_id: s.status for s in seen} == {
        "a": JobStatus.RUNNING,
        "b": JobStatus.UNKNOWN,
        "c": JobStatus.RUNNING,
    }


async def test_broken_list_keeps_what_it_showed(world: World) -> None:
    """A list cut in the middle counts as far as it came; the rest is asked by id."""
    whole = json.dumps({"tasks": [task("a"), task("b")]})
    world.on(LIST, httpx.Response(200, text=whole[:-60]))
    world.on(details("b"), say(task("b", "SUBMITTED")))
    seen = await world.maker().look(jobs("a", "b"))
    assert {s.upstream_id: s.status for s in seen} == {
        "a": JobStatus.RUNNING,
        "b": JobStatus.WAITING,
    }


async def test_page_instead_of_a_list_falls_back_to_single_queries(world: World) -> None:
    """A list that is no list does not blind us."""
    world.on(LIST, httpx.Response(200, text="<html>Just a moment...</html>"))
    for name in "ab":
        world.on(details(name), say(task(name)))
    assert len(await world.maker().look(jobs("a", "b"))) == 2


async def test_done_only_with_a_film(world: World) -> None:
    """COMPLETED without an address is read again, and given up after about a minute."""
    world.on(details("ck1"), say(task("ck1", "COMPLETED")))
    maker = world.maker()
    sightings: list[Sighting] = []
    for _ in range(4):
        sightings += await maker.look(jobs("ck1"))
        world.clock.advance(seconds=25)
    assert [s.status for s in sightings] == [JobStatus.RUNNING] * 3 + [JobStatus.FAILED]
    assert sightings[0].word == "COMPLETED"
    assert sightings[-1].failure is Failure.NO_OUTPUT


async def test_late_film_is_not_lost(world: World) -> None:
    """An address that comes a little later makes the job done."""
    late = task("ck1", "COMPLETED", output={"videoUrl": FILM})
    world.on(details("ck1"), say(task("ck1", "COMPLETED")), say(late))
    maker = world.maker()
    await maker.look(jobs("ck1"))
    [sighting] = await maker.look(jobs("ck1"))
    assert (sighting.status, sighting.result_url) == (JobStatus.DONE, FILM)


async def test_completed_in_the_list_without_output_is_asked_by_id(world: World) -> None:
    """A list that shows no outputs is completed by the details."""
    world.on(LIST, say({"tasks": [task("a"), task("b", "COMPLETED")]}))
    world.on(details("b"), say(task("b", "COMPLETED", output=FILM)))
    seen = await world.maker().look(jobs("a", "b"))
    assert {s.upstream_id: s.status for s in seen}["b"] is JobStatus.DONE


async def test_film_that_the_list_does_not_name_is_asked_for_before_stragglers(
    world: World,
) -> None:
    """What is done is news, whoever else waits for a question by id; also if it was not due."""
    old = jobs("o1", "o2", at=NOON - timedelta(hours=1))
    world.on(LIST, say({"tasks": [task("c", "COMPLETED"), task("a"), task("b")]}))
    world.on(details("c"), say(task("c", "COMPLETED", output=FILM)))
    seen = await world.maker().look([*old, *jobs("a", "b")], jobs("c"))
    assert {s.upstream_id: s.status for s in seen} == {
        "a": JobStatus.RUNNING,
        "b": JobStatus.RUNNING,
        "c": JobStatus.DONE,
    }


async def test_one_404_is_not_believed(world: World) -> None:
    """Beside a job that is known, one is forgotten after two 404s at least 60 seconds apart."""
    world.on(LIST, say({"tasks": [task("known")]}))
    maker = world.maker()
    for seconds in (50, 15):
        [known] = await maker.look(jobs("known", "ck1"))
        assert known.status is JobStatus.RUNNING
        world.clock.advance(seconds=seconds)
    [_, forgotten] = await maker.look(jobs("known", "ck1"))
    assert (forgotten.upstream_id, forgotten.status) == ("ck1", JobStatus.EXPIRED)
    assert forgotten.failure is Failure.FORGOTTEN


@pytest.mark.parametrize("ids", [["a"], ["a", "b", "c"]])
@pytest.mark.parametrize("status", [404, 410])
async def test_page_of_a_gateway_ends_no_job(world: World, ids: list[str], status: int) -> None:
    """A web page instead of an answer is the gateway's trouble, however long it lasts."""
    page = httpx.Response(status, text="<html>404 Not Found<hr>nginx</html>")
    for route in (LIST, *map(details, ids)):
        world.on(route, page)
    maker = world.maker()
    for _ in range(30):
        with pytest.raises(Unavailable):
            await maker.look(jobs(*ids, at=world.clock.now()))
        world.clock.advance(minutes=5)


async def test_service_that_knows_no_job_of_several_is_in_trouble(world: World) -> None:
    """A gateway that says 404 in JSON for every job ends none; afterwards all are seen."""
    world.on(LIST, say({"message": "no Route matched with those values"}, 404))
    maker = world.maker()
    for _ in range(30):
        with pytest.raises(Unavailable, match="none of our 2 jobs"):
            await maker.look(jobs("a", "b", at=world.clock.now()))
        world.clock.advance(minutes=5)
    world.on(LIST, say({"tasks": [task("a", made=world.clock.now())]}))
    assert [s.upstream_id for s in await maker.look(jobs("a", "b", at=world.clock.now()))] == ["a"]


async def test_job_seen_again_ends_the_doubt(world: World) -> None:
    """A 404, an answer and a 404 are two separate doubts."""
    nothing = say({"message": "x"}, 404)
    world.on(details("ck1"), nothing, say(task("ck1")), nothing)
    maker = world.maker()
    for expected in (0, 1, 0):
        assert len(await maker.look(jobs("ck1"))) == expected
        world.clock.advance(minutes=5)


async def test_error_envelope_does_not_fail_a_job(world: World) -> None:
    """``{"status": "FAILED"}`` at 200 without an id is a failed query, not a failed job."""
    world.on(details("ck1"), say({"status": "FAILED", "message": "Internal error"}))
    with pytest.raises(Unavailable, match="Internal error"):
        await world.maker().look(jobs("ck1"))


async def test_refunds_are_subtracted(world: World) -> None:
    """Charged is what the service took and kept."""
    world.on(details("ck1"), say(task("ck1", creditsCharged=15, creditsRefunded=5)))
    [sighting] = await world.maker().look(jobs("ck1"))
    assert sighting.charged == 10


async def test_hiccups_are_asked_again_a_few_times(world: World) -> None:
    """A query survives a reset and a 502; a third trouble is reported."""
    world.on(details("ck1"), httpx.ReadError("x"), httpx.Response(502), say(task("ck1")))
    maker = world.maker()
    assert len(await maker.look(jobs("ck1"))) == 1
    world.on(details("ck1"), httpx.Response(500))
    with pytest.raises(Unavailable):
        await maker.look(jobs("ck1"))
    assert world.count(details("ck1")) == 6


async def test_rate_limit_pauses_everything(world: World) -> None:
    """After a 429 not one query leaves before its time has come, cancels included."""
    world.on(details("ck1"), httpx.Response(429, headers={"Retry-After": "40"}), say(task("ck1")))
    maker = world.maker()
    with pytest.raises(RateLimited) as limited:
        await maker.look(jobs("ck1"))
    assert limited.value.retry_after == timedelta(seconds=40)
    with pytest.raises(RateLimited):
        await maker.cancel("ck1")
    assert len(world.requests) == 1
    world.clock.advance(seconds=40)
    assert len(await maker.look(jobs("ck1"))) == 1


async def test_what_was_learned_before_the_trouble_is_kept(world: World) -> None:
    """A rate limit in the middle of a look does not throw away its first half."""
    world.on(LIST, say({"tasks": [task("a")]}))
    world.on(details("b"), httpx.Response(429))
    seen = await world.maker().look(jobs("a", "b"))
    assert [sighting.upstream_id for sighting in seen] == ["a"]


async def test_refused_key_is_reported(world: World) -> None:
    """401 on a look stops it; no job is judged."""
    world.on(LIST, say({"errorCode": "AUTH_FAILED"}, 401))
    with pytest.raises(Unauthorised):
        await world.maker().look(jobs("a", "b"))
    assert world.routes() == [LIST]


async def test_sixty_queries_a_minute_are_never_exceeded(world: World) -> None:
    """Looks, retries and cancels together stay within the documented limit."""
    world.on("PUT /api/v1/tasks/c/cancel", say({}))
    world.on("GET /api/v1/tasks/c/status", say({"status": "PROGRESS"}))
    world.on(LIST, say({"tasks": [task("c")]}))
    maker = world.maker()
    for _ in range(30):
        await maker.look(jobs("a", "b", "c"))
        await maker.cancel("c")
    assert len(world.times) >= 120
    assert largest_window(world.times, timedelta(minutes=1)) <= 60


async def test_ids_cannot_leave_their_place_in_the_address(world: World) -> None:
    """Ids are percent-encoded."""
    await world.maker().look(jobs("a/../b?c#d"))
    assert world.requests[0].url.raw_path == b"/api/v1/tasks/a%2F..%2Fb%3Fc%23d"


# cancel ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [200, 400, 403, 404, 405, 409, 500])
async def test_cancel_believes_the_status_only(world: World, answer: int) -> None:
    """Too late has no documented code: the state afterwards is the answer."""
    world.on("PUT /api/v1/tasks/ck1/cancel", say({"status": "CANCEL"}, answer))
    world.on("GET /api/v1/tasks/ck1/status", say({"status": "PROGRESS"}), say({"status": "CANCEL"}))
    maker = world.maker()
    assert (await maker.cancel("ck1")).status is JobStatus.RUNNING
    cancelled = await maker.cancel("ck1")
    assert cancelled.status is JobStatus.CANCELLED
    assert cancelled.failure is Failure.CANCELLED_UPSTREAM
    assert world.count("PUT /api/v1/tasks/ck1/cancel") == 2


async def test_cancel_of_a_finished_job_brings_its_film(world: World) -> None:
    """Finished in the meantime: the sighting says where the film lies."""
    world.on("PUT /api/v1/tasks/ck1/cancel", say({}, 409))
    world.on("GET /api/v1/tasks/ck1/status", say({"status": "COMPLETED"}))
    world.on(details("ck1"), say(task("ck1", "COMPLETED", output={"url": FILM})))
    sighting = await world.maker().cancel("ck1")
    assert (sighting.status, sighting.result_url) == (JobStatus.DONE, FILM)


async def test_cancel_of_an_unknown_job(world: World) -> None:
    """A job the service does not know cannot be cancelled."""
    with pytest.raises(JobNotFound):
        await world.maker().cancel("ck1")


# find ------------------------------------------------------------------------------------------

LOST = LostCreate(order("t2v", "x", aspect="16:9"), NOON, frozenset({"claimed"}))


@pytest.mark.parametrize(
    "listed",
    [
        task("ck1"),
        task("ck1", made=NOON + timedelta(minutes=4)),
        task("ck1", made=NOON - timedelta(minutes=1)),
        task("ck1", idempotencyKey="clapboard-0123456789ab", model="other", input=None),
        task("ck1", input={"prompt": "x", "aspectRatio": "16:9", "duration": "5"}),
    ],
)
async def test_lost_create_is_found(world: World, listed: dict[str, Any]) -> None:
    """By its key where the service tells it, else by model, words and time."""
    other = task("ck0", made=NOON + timedelta(minutes=10))
    world.on(LIST, say({"tasks": [other, listed]}))
    sighting = await world.maker().find(LOST)
    assert sighting is not None
    assert sighting.upstream_id == "ck1"


@pytest.mark.parametrize(
    "listed",
    [
        task("claimed"),
        task("ck1", made=NOON + timedelta(minutes=6)),
        task("ck1", made=NOON - timedelta(minutes=3)),
        task("ck1", model="t2v_v3"),
        task("ck1", input={"prompt": "y", "aspectRatio": "16:9"}),
        task("ck1", input={"prompt": "x", "aspectRatio": "9:16"}),
        task("ck1", input={"prompt": "x", "duration": "8"}),
        task("ck1", input=None),
        task("ck1", idempotencyKey="clapboard-ffffffffffff"),
    ],
)
async def test_another_job_is_not_taken_for_the_lost_one(
    world: World, listed: dict[str, Any]
) -> None:
    """Somebody else's film must never be adopted."""
    world.on(LIST, say({"tasks": [listed]}))
    assert await world.maker().find(LOST) is None


async def test_lost_long_video_and_lost_picture_are_found(world: World) -> None:
    """Shots are compared one by one; the picture's address is the service's own."""
    echo = {"image": "https://r2.example/1.jpg", "prompt": ["One", "Two"]}
    long = replace(LOST, assignment=order("lv", "One", "Two", picture=png(), seconds=10))
    world.on(LIST, say({"tasks": [task("ck1", model="lv", input=echo)]}))
    assert await world.maker().find(long) is not None
    silent = replace(LOST, assignment=order("i2v", picture=png()))
    world.on(LIST, say({"tasks": [task("ck2", model="i2v", input={"prompt": None})]}))
    assert await world.maker().find(silent) is not None
    world.on(LIST, say({"tasks": [task("ck2", model="i2v", input={"prompt": "words"})]}))
    assert await world.maker().find(silent) is None


@pytest.mark.parametrize(
    ("model", "prompts", "echo"),
    [
        ("i2v", ("It moves",), {"prompt": "It moves", "duration": "5"}),
        ("i2v", (), {"image": "https://r2.example/1.jpg"}),
        ("i2v_v3", ("It moves",), {"prompt": "It moves"}),
        ("lv", ("One", "Two"), {"prompt": ["One", "Two"]}),
    ],
)
async def test_lost_picture_order_is_found_without_its_picture(
    world: World, model: str, prompts: tuple[str, ...], echo: dict[str, Any]
) -> None:
    """Who searches does not have the picture's bytes, and does not need them."""
    search = LostCreate(order(model, *prompts), NOON, frozenset())
    world.on(LIST, say({"tasks": [task("ck1", model=model, input=echo)]}))
    sighting = await world.maker().find(search)
    assert sighting is not None
    assert sighting.upstream_id == "ck1"
    other = {**echo, "prompt": ["Three"] if model == "lv" else "other words"}
    world.on(LIST, say({"tasks": [task("ck1", model=model, input=other)]}))
    assert await world.maker().find(search) is None


async def test_claimed_ids_may_be_numbers(world: World) -> None:
    """A service that counts its tasks does not make us adopt another's film."""
    world.on(LIST, say({"tasks": [task("x") | {"id": 7}]}))
    search = replace(LOST, claimed=frozenset({"7"}))
    assert await world.maker().find(search) is None
    found = await world.maker().find(LOST)
    assert found is not None
    assert found.upstream_id == "7"


@pytest.mark.parametrize(
    "answer",
    [say({"message": "Not found"}, 404), say({"message": "Gone"}, 410), httpx.Response(405)],
)
async def test_absent_list_means_not_found(world: World, answer: httpx.Response) -> None:
    """Where the service itself says that there is no list, a search ends without a find."""
    world.on(LIST, answer)
    assert await world.maker().find(LOST) is None


async def test_page_instead_of_the_list_is_trouble(world: World) -> None:
    """A gateway's page tells nothing about the list: the search is tried again."""
    world.on(LIST, httpx.Response(404, text="<html>"), say({"tasks": [task("ck1")]}))
    maker = world.maker()
    with pytest.raises(Unavailable):
        await maker.find(LOST)
    assert await maker.find(LOST) is not None


async def test_search_reports_its_own_trouble(world: World) -> None:
    """Not found and not able to look are different answers."""
    world.on(LIST, httpx.Response(503))
    with pytest.raises(Unavailable):
        await world.maker().find(LOST)


# fetch -----------------------------------------------------------------------------------------


async def test_film_is_fetched_without_the_key(world: World) -> None:
    """The film lies elsewhere, and the key stays at home."""
    world.on(CDN, httpx.Response(200, content=MP4))
    into = world.folder / "film.mp4"
    assert await world.maker().fetch("ck1", FILM, into) == len(MP4)
    assert into.read_bytes() == MP4
    assert "key" not in world.last(CDN).headers


async def test_address_is_asked_for_where_unknown(world: World) -> None:
    """Without an address the details are read."""
    world.on(details("ck1"), say(task("ck1", "COMPLETED", output={"url": FILM})))
    world.on(CDN, httpx.Response(200, content=MP4))
    assert await world.maker().fetch("ck1", None, world.folder / "f.mp4") == len(MP4)


async def test_stale_address_is_renewed_once(world: World) -> None:
    """403 on an old link: the details may have a fresh one."""
    world.on("GET cdn/old.mp4", httpx.Response(403))
    world.on(details("ck1"), say(task("ck1", "COMPLETED", output={"url": FILM})))
    world.on(CDN, httpx.Response(200, content=MP4))
    maker = world.maker()
    old = "https://cdn.example/old.mp4"
    assert await maker.fetch("ck1", old, world.folder / "f.mp4") == len(MP4)
    world.on(CDN, httpx.Response(410))
    with pytest.raises(Gone):
        await maker.fetch("ck1", old, world.folder / "g.mp4")


@pytest.mark.parametrize(
    ("url", "reply", "error"),
    [
        (FILM, httpx.Response(200, text="<html>"), WrongContent),
        (FILM, httpx.Response(200, content=b""), WrongContent),
        (FILM, httpx.Response(500), Interrupted),
        (FILM, httpx.Response(401), Interrupted),
        (FILM, httpx.Response(404), Gone),
        (FILM, httpx.ReadError("x"), Interrupted),
        ("http://169.254.169.254/latest", None, AddressRefused),
        ("file:///etc/passwd", None, AddressRefused),
        ("javascript:alert(1)", None, AddressRefused),
        ("https://cdn.example:99999999/f.mp4", None, AddressRefused),
        ("https://user:pw@cdn.example/film.mp4", None, AddressRefused),
    ],
)
async def test_what_is_no_film_leaves_no_file(
    world: World, url: str, reply: httpx.Response | Exception | None, error: type[Exception]
) -> None:
    """Each trouble has its own error, and not even a part of a file stays."""
    if reply is not None:
        world.on(CDN, reply)
    with pytest.raises(error):
        await world.maker().fetch("ck1", url, world.folder / "f.mp4")
    assert list(world.folder.iterdir()) == []


async def test_relative_address_is_the_services_own(world: World) -> None:
    """A path without a host lies at the service."""
    world.on("GET /files/f.mp4", httpx.Response(200, content=MP4))
    assert await world.maker().fetch("ck1", "/files/f.mp4", world.folder / "f.mp4") == len(MP4)


# the provider itself ---------------------------------------------------------------------------


async def test_health_and_fingerprint(world: World) -> None:
    """A good answer is remembered; a key is known by a hash that does not show it."""
    maker = world.maker()
    assert maker.last_good_answer is None
    world.on(details("ck1"), say(task("ck1")))
    await maker.look(jobs("ck1"))
    assert maker.last_good_answer == world.clock.now()
    assert maker.key_fingerprint == world.maker(key=" ak_canary0123456789\n").key_fingerprint
    assert maker.key_fingerprint != world.maker(key="ak_other").key_fingerprint
    assert "canary" not in maker.key_fingerprint


class EndlessList(httpx.AsyncByteStream):
    """A list of tasks that never ends, newest first, one task a chunk."""

    def __init__(self, step: timedelta = timedelta(seconds=1)) -> None:
        self.sent = 0
        self.closed = False
        self._step = step

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"tasks": ['
        while True:
            made = NOON + 5 * self._step - self.sent * self._step
            yield json.dumps(task(f"ck{self.sent}", made=made)).encode() + b","
            self.sent += 1

    @override
    async def aclose(self) -> None:
        self.closed = True


class Chunks(httpx.AsyncByteStream):
    """An answer in some chunks, which tells whether all were taken."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks
        self.exhausted = False

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk
        self.exhausted = True


OURS, ANOTHERS = "clapboard-0123456789ab", "somebody-elses-key"


@pytest.mark.parametrize(
    ("shown", "proved"),
    [
        ({"idempotencyKey": OURS}, True),
        ({"idempotencyKey": OURS, "model": "i2v"}, False),
        ({"idempotencyKey": ANOTHERS}, False),
        ({"idempotencyKey": None}, False),
        ({}, False),
    ],
)
async def test_repeats_are_known_once_a_task_of_ours_bears_its_key(
    world: World, shown: dict[str, Any], *, proved: bool
) -> None:
    """The service must show, for the very model, that it keeps our keys; it is taken on no word."""
    t2v = order("t2v", "x").model
    by_id, listed = world.maker(), world.maker()
    world.on(details("ck1"), say(task("ck1", **shown)))
    world.on(LIST, say({"tasks": [task("ck1", **shown), task("ck2")]}))
    assert not by_id.recognises_repeats(t2v)
    await by_id.look(jobs("ck1"))
    await listed.look(jobs("ck1", "ck2"))
    assert by_id.recognises_repeats(t2v) is proved
    assert listed.recognises_repeats(t2v) is proved


@pytest.mark.parametrize("replay", [True, False, None])
async def test_a_replayed_create_is_the_job_that_was_made_before(
    world: World, replay: object
) -> None:
    """Its id and what was charged then; only a replay proves that repeats are known."""
    answer = {"status": "SUBMITTED", "taskId": "ck1", "creditsCharged": 5}
    world.on("POST /api/v1/generate/t2v", say({**answer, "idempotentReplay": replay}))
    maker, assignment = world.maker(), order("t2v", "x", aspect="1:1")
    sighting = await maker.submit(assignment)
    assert (sighting.upstream_id, sighting.charged) == ("ck1", 5)
    assert maker.recognises_repeats(assignment.model) is (replay is True)
