"""Step 5: a film arrives once, somewhere its member can reach, or is kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.task import Task, TaskState
from bot.errors import (
    CannotPost,
    Failure,
    FilmTooLarge,
    Gone,
    Interrupted,
    Unavailable,
    Unreachable,
    WrongContent,
)
from bot.pipeline import courier, lanes
from bot.pipeline.ports import Route
from bot.providers.base import JobStatus
from tests.media.films import film as noisy_film
from tests.pipeline.doubles import FILM
from tests.pipeline.rig import GUILD, Rig
from tests.store.building import place


async def _rendered(rig: Rig) -> Task:
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
    await rig.take(rig.poller)
    return task


async def test_the_film_is_posted_and_the_hold_settled(rig: Rig) -> None:
    """The whole story: held, sent, rendered, posted, settled."""
    task = await _rendered(rig)
    await rig.take(rig.courier)

    assert rig.mailbox.films == [(task.id, Route.REPLY, FILM)]
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]
    assert rig.mailbox.cards[task.id][-1].task.state is TaskState.DELIVERED


async def test_an_upload_that_slipped_through_is_not_repeated(rig: Rig) -> None:
    """Discord answered 5xx after it took the message: the film is found, not posted again."""
    task = await _rendered(rig)
    rig.mailbox.errors, rig.mailbox.slips = [Unreachable("502")], True
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.RENDERED

    rig.clock.turn(timedelta(seconds=10))
    await rig.take(rig.courier)
    assert len(rig.mailbox.films) == 1
    assert await rig.state(task) is TaskState.DELIVERED


async def test_a_closed_channel_sends_the_film_another_way(rig: Rig) -> None:
    """Where the bot may not post, the film goes into the card, then to a direct message."""
    task = await _rendered(rig)
    rig.mailbox.errors = [CannotPost("50013"), CannotPost("10008")]
    await rig.take(rig.courier)

    assert [route for _id, route, _data in rig.mailbox.films] == [Route.DIRECT]
    assert await rig.state(task) is TaskState.DELIVERED


async def test_where_nothing_is_open_the_film_is_kept(rig: Rig) -> None:
    """The film was made and can be fetched with /video show: it is paid."""
    task = await _rendered(rig)
    rig.mailbox.open_routes = []
    await rig.take(rig.courier)

    kept = await rig.task(task)
    assert kept.state is TaskState.KEPT
    async with rig.desk.handout(kept, max_bytes=10**6) as handout:
        assert handout is not None
        assert [file.read_bytes() for file in handout.files] == [FILM]
    assert await rig.left() == 495


@pytest.fixture
def large(rig: Rig, tmp_path: Path) -> bytes:
    """Let the service make a film that can also be had smaller."""
    rig.provider.film = noisy_film(tmp_path / "large.mp4", seconds=1, noise=True).read_bytes()
    return rig.provider.film


async def test_only_the_film_that_was_posted_counts_as_smaller(rig: Rig, large: bytes) -> None:
    """A smaller copy was tried on one route; the next one took the whole film."""
    task = await _rendered(rig)
    rig.mailbox.errors = [FilmTooLarge("413"), CannotPost("50013")]
    await rig.take(rig.courier)

    assert rig.mailbox.films == [(task.id, Route.CARD, large)]
    assert not (await rig.task(task)).film_fitted


async def test_a_refused_size_is_posted_smaller(rig: Rig, large: bytes) -> None:
    """413 although the size was right: a smaller copy goes the same way, and the row says so."""
    task = await _rendered(rig)
    rig.mailbox.errors = [FilmTooLarge("413")]
    await rig.take(rig.courier)

    ((_id, route, data),) = rig.mailbox.films
    assert (route, len(data) < len(large)) == (Route.REPLY, True)
    assert (await rig.task(task)).film_fitted


async def test_a_kept_film_is_not_called_smaller(rig: Rig, large: bytes) -> None:
    """Smaller copies were tried in vain; what is kept is the film itself."""
    task = await _rendered(rig)
    rig.mailbox.open_routes = [Route.REPLY]
    rig.mailbox.errors = [FilmTooLarge("413"), CannotPost("50013")]
    await rig.take(rig.courier)

    kept = await rig.task(task)
    assert (kept.state, kept.film_fitted, kept.film_bytes) == (TaskState.KEPT, False, len(large))


async def test_a_broken_download_is_tried_again(rig: Rig) -> None:
    """A transfer that breaks off is repeated after a pause."""
    task = await _rendered(rig)
    rig.provider.fetch_error = Interrupted("reset")
    await rig.take(rig.courier)
    await rig.take(rig.courier)
    assert len(rig.provider.fetched) == 1  # not before its time

    rig.provider.fetch_error = None
    rig.clock.turn(timedelta(seconds=10))
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.DELIVERED


@pytest.mark.parametrize("error", [Gone("404"), Gone("403")])
async def test_a_film_that_stays_gone_costs_nothing_and_is_flagged(rig: Rig, error: Gone) -> None:
    """One 404 may pass; after twenty minutes of them the credits go back and the operator knows."""
    task = await _rendered(rig)
    rig.provider.fetch_error = error
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.RENDERED

    rig.clock.turn(timedelta(minutes=21))
    await rig.take(rig.courier)
    lost = await rig.task(task)
    assert (lost.state, lost.failure) == (TaskState.EXPIRED, Failure.RESULT_GONE)
    assert lost.flagged
    assert await rig.left() == 500


async def test_a_file_that_is_no_film_is_never_sold(rig: Rig) -> None:
    """What begins like a film and cannot be played is fetched again, and in the end released."""
    task = await _rendered(rig)
    rig.provider.film = b"\x00\x00\x00\x18ftypmp42" + bytes(1000)
    for _ in range(7):
        await rig.take(rig.courier)
        rig.clock.turn(timedelta(minutes=1))

    assert rig.mailbox.films == []
    assert await rig.state(task) is TaskState.EXPIRED
    assert await rig.left() == 500


async def test_one_slow_download_holds_up_no_other(rig: Rig) -> None:
    """A film whose download hangs leaves the others on their way."""
    tasks = [await rig.place() for _ in range(3)]
    await rig.take(rig.submitter)
    for number in (1, 2, 3):
        rig.provider.now_is(f"job-{number}", JobStatus.DONE, result_url="https://cdn/film.mp4")
    await rig.take(rig.poller)
    first = (await rig.task(tasks[0])).upstream_id
    assert first is not None
    rig.provider.hanging.add(first)
    await rig.courier.step()
    await rig.provider.fetched_all(3)
    await rig.courier.stop(timedelta(seconds=1))

    assert {task_id for task_id, _route, _film in rig.mailbox.films} == {
        tasks[1].id,
        tasks[2].id,
    }


async def test_an_hour_of_other_troubles_does_not_make_one_bad_answer_the_last(rig: Rig) -> None:
    """A service that was away, and then a passing page of its CDN: the film is still hoped for."""
    task = await _rendered(rig)
    rig.provider.fetch_error = Unavailable("aivideomaker", "503")
    for _ in range(10):
        await rig.take(rig.courier)
        rig.clock.turn(timedelta(hours=1))
    for error in (WrongContent("a page"), Gone("403"), Unavailable("aivideomaker", "503")):
        rig.provider.fetch_error = error
        await rig.take(rig.courier)
        rig.clock.turn(timedelta(minutes=6))
        assert await rig.state(task) is TaskState.RENDERED
    rig.provider.fetch_error = None
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.DELIVERED


async def test_who_was_away_for_a_day_tries_more_than_once(rig: Rig) -> None:
    """Services may keep films for longer than they say: one bad moment does not lose it."""
    task = await _rendered(rig)
    rig.clock.turn(timedelta(hours=30))
    rig.provider.fetch_error = Unavailable("aivideomaker", "503")
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.RENDERED
    rig.clock.turn(timedelta(minutes=21))
    await rig.take(rig.courier)
    assert await rig.state(task) is TaskState.EXPIRED


async def test_a_film_on_disk_is_not_fetched_twice(rig: Rig) -> None:
    """After a restart between download and upload the film comes from disk."""
    task = await _rendered(rig)
    rig.mailbox.errors = [Unreachable("503")]
    await rig.take(rig.courier)
    await rig.restart()
    rig.clock.turn(timedelta(seconds=10))
    await rig.take(rig.courier)

    assert len(rig.provider.fetched) == 1
    assert await rig.state(task) is TaskState.DELIVERED


async def _rendered_in(rig: Rig, guild_id: int, count: int = 1) -> list[Task]:
    """Have films of some server ready to be fetched, each from a job of its own."""
    rig.clock.turn(timedelta(seconds=1))
    tasks = []
    for _ in range(count):
        async with rig.store.write(guild_id) as guild:
            task = await place(guild, TaskState.RENDERED, now=rig.clock.now(), card_message_id=1)
            noted = await guild.note(
                task.id, upstream_id=f"job-of-{task.id}", result_url="https://cdn/film.mp4"
            )
        assert noted is not None
        tasks.append(noted)
    return tasks


def _hang(rig: Rig, tasks: list[Task]) -> None:
    rig.provider.hanging |= {task.upstream_id or "" for task in tasks}


async def test_dead_downloads_of_one_server_leave_room_for_the_others(rig: Rig) -> None:
    """However many of its films never come, those of other servers do, and soon."""
    dead = await _rendered_in(rig, GUILD, 2 * lanes.AT_ONCE)
    _hang(rig, dead)
    await rig.courier.step()
    alive = await _rendered_in(rig, GUILD + 1, 3)
    await rig.courier.step()
    await rig.mailbox.posted_all(len(alive))
    await rig.courier.stop(timedelta(0))

    assert {task_id for task_id, _, _ in rig.mailbox.films} == {task.id for task in alive}
    begun = set(rig.provider.fetched) & rig.provider.hanging
    assert len(begun) == lanes.SHARE


async def test_more_dead_films_than_there_are_places_hold_up_nobody(rig: Rig) -> None:
    """A server's share of all that is on its way is bounded, too."""
    _hang(rig, await _rendered_in(rig, GUILD, courier.SHARE + 5))
    (alive,) = await _rendered_in(rig, GUILD + 1)
    await rig.courier.step()
    assert len(rig.courier.under_way) == courier.SHARE + 1
    await rig.mailbox.posted_all(1)
    await rig.courier.stop(timedelta(0))
    assert rig.mailbox.films[0][0] == alive.id


async def test_a_film_that_waits_to_be_posted_holds_no_place_of_a_download(rig: Rig) -> None:
    """Discord may take its time: that is no reason to leave the films at their services."""
    rig.mailbox.open.clear()
    waiting = [
        task
        for guild_id in range(GUILD, GUILD + 6)
        for task in await _rendered_in(rig, guild_id, lanes.SHARE)
    ]
    await rig.courier.step()
    await rig.provider.fetched_all(len(waiting))
    await rig.courier.stop(timedelta(0))
    assert len(waiting) > lanes.AT_ONCE


async def test_a_burst_is_delivered_in_rounds_of_all_servers(rig: Rig) -> None:
    """One film of a small server does not wait behind a hundred of a large one."""
    await _rendered_in(rig, GUILD, 20)
    (single,) = await _rendered_in(rig, GUILD + 1)
    due = await rig.courier.due(limit=200)
    assert [task.id for task in due].index(single.id) <= 1
