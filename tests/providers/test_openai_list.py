"""Looks and searches of the OpenAI-style dialect, where many jobs are in flight."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.errors import Failure, RateLimited
from bot.providers.base import Job, JobStatus, LostCreate
from tests.providers.world import NOON, World, order, say

LIST = "GET /v1/videos"
FILM = "https://cdn.example/film.mp4"


def in_flight(count: int) -> list[Job]:
    """Return jobs made a second apart, oldest first."""
    return [Job(f"j{n}", NOON - timedelta(seconds=count - n)) for n in range(count)]


def job(upstream_id: str, status: object = "in_progress", **more: Any) -> dict[str, Any]:
    """Return a job as the dialect shows it."""
    return {"id": upstream_id, "object": "video", "status": status, **more}


class Lister:
    """A service with a list in pages, as OpenAI's own had it."""

    def __init__(self, world: World, jobs: Sequence[dict[str, Any]]) -> None:
        """Serve these jobs, newest first."""
        self.asked: list[str | None] = []
        self._jobs = list(jobs)
        world.on(LIST, self._page)
        for entry in jobs:
            world.on(f"GET /v1/videos/{entry['id']}", say(entry))

    def _page(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        assert query["order"] == "desc"
        after, limit = query.get("after"), int(query["limit"])
        self.asked.append(after)
        ids = [entry["id"] for entry in self._jobs]
        if after is not None and after not in ids:
            return say({"error": {"message": "No such video"}}, 400)
        rest = self._jobs[ids.index(after) + 1 if after else 0 :]
        page = rest[:limit]
        return say({"object": "list", "data": page, "has_more": len(rest) > len(page)})


def listed(jobs: Sequence[Job], **more: Any) -> list[dict[str, Any]]:
    """Return the entries of jobs, newest first."""
    return [job(one.upstream_id, **more) for one in reversed(jobs)]


async def test_without_a_list_the_most_urgent_are_asked(world: World) -> None:
    """A dozen a look, in the order given: who becomes urgent does not wait behind a thousand."""
    jobs = in_flight(1000)
    for one in jobs:
        world.on(f"GET /v1/videos/{one.upstream_id}", say(job(one.upstream_id)))
    videos = world.videos()
    for first in (0, 500):
        due = jobs[first:] + jobs[:first]
        seen = await videos.look(due)
        assert len(seen) == 12 - (first == 0)  # the first look has asked for a list as well
        assert {sighting.upstream_id for sighting in seen} <= {f"j{first + n}" for n in range(12)}
    assert world.count(LIST) == 1


async def test_few_jobs_are_asked_by_id(world: World) -> None:
    """For four a list costs more than it tells."""
    lister = Lister(world, listed(in_flight(4)))
    assert len(await world.videos().look(in_flight(4))) == 4
    assert lister.asked == []


async def test_a_page_shows_a_hundred_jobs(world: World) -> None:
    """One query for all that are due together, and the others beside them are told of too."""
    jobs = in_flight(1000)
    lister = Lister(world, listed(jobs))
    seen = await world.videos().look(jobs[300:320], jobs[:300] + jobs[320:])
    assert {one.upstream_id for one in jobs[300:320]} < {one.upstream_id for one in seen}
    assert len(seen) == 100
    assert len(lister.asked) == len(world.requests) == 1


async def test_look_reads_the_pages_where_something_is_due(world: World) -> None:
    """History, and what is in flight but not due, is skipped: a page begins at any job of ours."""
    jobs = in_flight(5000)
    lister = Lister(world, listed(jobs))
    due = jobs[:60] + jobs[2000:2050] + jobs[-10:]
    seen = {one.upstream_id for one in await world.videos().look(due, jobs)}
    assert seen > {one.upstream_id for one in due}
    assert len(lister.asked) == len(world.requests) == 3


async def test_what_the_list_lacks_is_asked_by_id(world: World) -> None:
    """A job that is not listed is not lost; one that nobody knows is, after a minute."""
    jobs = in_flight(10)
    lister = Lister(world, listed(jobs[3:]))
    for one in jobs[1:3]:
        world.on(f"GET /v1/videos/{one.upstream_id}", say(job(one.upstream_id)))
    videos = world.videos()
    assert len(await videos.look(jobs)) == 9
    assert len(lister.asked) <= 2
    world.clock.advance(minutes=1)
    seen = {one.upstream_id: one for one in await videos.look(jobs)}
    assert len(seen) == 10
    assert seen["j0"].failure is Failure.FORGOTTEN


@pytest.mark.parametrize(
    ("entry", "told", "asked"),
    [
        (job("j0", "queued"), job("j0"), False),
        (job("j0", "in_progress", progress=7), job("j0"), False),
        (job("j0", "failed", error={"message": "no"}), job("j0"), False),
        (job("j0", "failed"), job("j0", "failed", error={"code": "moderation_blocked"}), True),
        (job("j0", "completed", url=FILM), job("j0"), False),
        (job("j0", "completed"), job("j0", "completed", url=FILM), True),
        (job("j0", "cancelled"), job("j0"), True),
        (job("j0", "expired"), job("j0"), True),
        (job("j0", "pondering"), job("j0"), True),
        (job("j0", None), job("j0"), True),
        ({"id": "j0"}, job("j0"), True),
    ],
)
async def test_list_is_believed_for_what_it_proves(
    world: World, entry: dict[str, Any], told: dict[str, Any], *, asked: bool
) -> None:
    """Where a question by id may tell more, it is asked before anything is concluded."""
    jobs = in_flight(6)
    Lister(world, [*listed(jobs[1:]), entry])
    world.on("GET /v1/videos/j0", say(told))
    seen = {one.upstream_id: one for one in await world.videos().look(jobs)}
    assert len(seen) == 6
    assert world.count("GET /v1/videos/j0") == asked
    if asked and told["status"] == "failed":
        assert seen["j0"].failure is Failure.CONTENT
    if told.get("url"):
        assert (seen["j0"].status, seen["j0"].result_url) == (JobStatus.DONE, FILM)


async def test_list_that_tells_all_of_films_is_believed(world: World) -> None:
    """Once a question by id told no more of a finished job, none is asked for the next ones."""
    jobs = in_flight(10)
    Lister(world, listed(jobs, status="completed"))
    videos = world.videos()
    assert len(await videos.look(jobs)) == 10
    asked = len(world.requests)
    seen = await videos.look(jobs)
    assert {one.status for one in seen} == {JobStatus.DONE}
    assert len(world.requests) == asked + 1


@pytest.mark.parametrize(
    "reply",
    [httpx.Response(200, text="<html>"), httpx.Response(502), say({"data": []}), say({})],
)
async def test_useless_list_is_not_looked_at_for_a_minute(
    world: World, reply: httpx.Response
) -> None:
    """Its trouble hides no job, and it is not asked for at every look."""
    jobs = in_flight(8)
    lister = Lister(world, listed(jobs))
    world.on(LIST, reply)
    videos = world.videos()
    assert len(await videos.look(jobs)) == 8
    asked = world.count(LIST)
    assert len(await videos.look(jobs)) == 8
    assert world.count(LIST) == asked
    world.clock.advance(minutes=1)
    world.on(LIST, lister._page)
    assert len(await videos.look(jobs)) == 8
    assert world.count(LIST) == asked + 1


async def test_page_after_a_job_that_is_gone_does_not_mean_that_there_is_no_list(
    world: World,
) -> None:
    """The service no longer knows the job before the page: that is no word about its list."""
    jobs = in_flight(40)
    lister = Lister(world, listed(jobs[:20]))
    videos = world.videos()
    assert len(await videos.look(jobs[:20], jobs[20:])) == 11
    world.clock.advance(minutes=1)
    assert len(await videos.look(jobs[:20])) == 20
    assert lister.asked == ["j24", None]


@pytest.mark.parametrize("status", [400, 404, 405])
async def test_service_without_a_list_is_asked_once_an_hour(world: World, status: int) -> None:
    """A probe, once: then every query goes to a job."""
    jobs = in_flight(8)
    Lister(world, listed(jobs))
    world.on(LIST, say({"error": {"message": "Invalid URL"}}, status))
    videos = world.videos()
    for minutes in (20, 20, 21, 0):
        assert len(await videos.look(jobs)) == 8
        world.clock.advance(minutes=minutes)
    assert world.count(LIST) == 2


async def test_rate_limit_on_a_page_ends_the_look(world: World) -> None:
    """What the pages before it showed is kept; without any, the pause is reported."""
    jobs = in_flight(1000)
    lister = Lister(world, listed(jobs))
    limit = httpx.Response(429, headers={"Retry-After": "9"})
    world.on(LIST, lister._page, limit)
    videos = world.videos()
    assert len(await videos.look(jobs)) == 100
    with pytest.raises(RateLimited):
        await videos.look(jobs)
    assert len(world.requests) == 2


async def test_job_in_trouble_gets_its_turn_in_a_long_line(world: World) -> None:
    """A job that once answered nonsense is asked last of the next look, and not never."""
    jobs = in_flight(500)
    world.on(LIST, httpx.Response(405))
    for one in jobs:
        world.on(f"GET /v1/videos/{one.upstream_id}", say(job(one.upstream_id)))
    world.on("GET /v1/videos/j0", httpx.Response(200, text="<html>"), say(job("j0")))
    videos = world.videos()
    await videos.look(jobs)
    assert "j0" in {one.upstream_id for one in await videos.look(jobs)}
    assert world.routes()[-1] == "GET /v1/videos/j0"


async def test_lost_create_is_found_on_a_later_page(world: World) -> None:
    """A thousand jobs made since do not hide it; the search ends where older jobs begin."""
    sent = NOON - timedelta(minutes=30)
    lost = LostCreate(order("sora-2", "x", aspect="16:9", seconds=4), sent, frozenset())
    made = {"model": "sora-2", "prompt": "y"}
    newer = [
        job(f"n{n}", created_at=(NOON - n * timedelta(seconds=1)).timestamp(), **made)
        for n in range(700)
    ]
    wanted = job("lost", model="sora-2", prompt="x", created_at=sent.timestamp())
    older = [job(f"o{n}", created_at=(sent - timedelta(hours=1)).timestamp()) for n in range(900)]
    lister = Lister(world, [*newer, wanted, *older])
    found = await world.videos().find(lost)
    assert found is not None
    assert found.upstream_id == "lost"
    assert len(lister.asked) == 8
    lister.asked.clear()
    claimed = replace(lost, claimed=frozenset({"lost"}))
    assert await world.videos().find(claimed) is None
    assert len(lister.asked) == 8


async def test_search_ends_on_a_list_that_repeats_itself(world: World) -> None:
    """A gateway that does not know ``after`` gives the same page for ever."""
    page = [job(f"n{n}", created_at=NOON.timestamp()) for n in range(100)]
    world.on(LIST, say({"data": page, "has_more": True}))
    lost = LostCreate(order("sora-2", "x", seconds=4), NOON, frozenset())
    assert await world.videos().find(lost) is None
    assert world.count(LIST) == 2
