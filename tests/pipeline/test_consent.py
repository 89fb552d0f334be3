"""Consent: a film taken down in whatever state its task is, and those who said no beforehand."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.order import Caller, Source
from bot.domain.task import SETTLED, Task, TaskState
from bot.errors import (
    CannotPost,
    Failure,
    FilmTooLarge,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Refused,
    Unreachable,
)
from bot.pipeline import films
from bot.pipeline.consent import STILL_COMING
from bot.pipeline.eraser import CLOSED
from bot.pipeline.ports import Posted, Route
from bot.providers.base import JobStatus, Sighting
from tests.media.films import film as noisy_film
from tests.pipeline.doubles import FILM
from tests.pipeline.rig import ADA, BEN, CHANNEL, GUILD, Rig
from tests.store.building import PATHS

S = TaskState
CY = 32
PICTURE = Source(BEN, 77)


async def _placed(rig: Rig, *states: TaskState) -> Task:
    """Place Ada's order from Ben's picture, and let it come as far as ``states`` say."""
    task = await rig.place(source=PICTURE)
    if S.SUBMITTED in states:
        await rig.take(rig.submitter)
    if S.RUNNING in states:
        rig.provider.now_is("job-1", JobStatus.RUNNING)
        await rig.take(rig.poller)
    if S.RENDERED in states:
        rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
        await rig.take(rig.poller)
    if S.DELIVERED in states:
        await rig.take(rig.courier)
    return await rig.task(task)


async def _delivered(rig: Rig) -> Task:
    return await _placed(rig, S.SUBMITTED, S.RENDERED, S.DELIVERED)


async def _held_and_released(rig: Rig, task: Task) -> bool:
    return await rig.ledger(task) == [("hold", -5), ("release", 5)]


def _files(rig: Rig, task: Task) -> list[str]:
    return [path.name for path in rig.shelf.of_task(task) if path.exists()]


async def test_what_waits_is_cancelled_at_once(rig: Rig) -> None:
    """In the queue nothing has been sent: the credits are back, and nothing ever is."""
    task = await _placed(rig)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.take(rig.submitter)

    ended = await rig.task(task)
    assert (ended.state, ended.failure) == (S.CANCELLED, Failure.WITHDRAWN)
    assert (ended.withdrawn_by, ended.withdrawn_at) == (BEN, rig.clock.now())
    assert await _held_and_released(rig, task)
    assert rig.provider.submitted == []


async def test_a_service_that_can_is_asked_to_cancel(rig: Rig) -> None:
    """What it has not begun it need not make."""
    task = await _placed(rig, S.SUBMITTED)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.take(rig.poller)

    assert rig.provider.cancelled == ["job-1"]
    assert await rig.state(task) is S.CANCELLED
    assert await _held_and_released(rig, task)


@pytest.mark.parametrize("state", [S.RUNNING, S.RENDERED])
async def test_what_is_made_already_is_shown_to_nobody(rig: Rig, state: TaskState) -> None:
    """The service goes on; its film is neither fetched nor posted, and the credits go back."""
    task = await _placed(rig, S.SUBMITTED, state)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
    await rig.take(rig.poller, rig.courier, rig.eraser)

    ended = await rig.task(task)
    assert (ended.state, ended.failure) == (S.CANCELLED, Failure.WITHDRAWN)
    assert (rig.provider.fetched, rig.mailbox.films) == ([], [])
    assert await _held_and_released(rig, task)


async def test_a_send_that_did_not_get_through_is_not_repeated(rig: Rig) -> None:
    """The service asked us to wait, and meanwhile the film was taken down."""
    task = await _placed(rig)
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, S.SENDING, now=rig.clock.now())
    await rig.consent.take_down(rig.caller(BEN), task.id)
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, S.QUEUED, now=rig.clock.now())
    await rig.take(rig.submitter)

    assert await rig.state(task) is S.CANCELLED
    assert rig.provider.submitted == []
    assert await _held_and_released(rig, task)


async def test_a_send_that_the_service_put_off_ends_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken down while it was being sent: the credits do not wait for the service's pause."""
    task = await _placed(rig)

    async def press_meanwhile(_assignment: object) -> Sighting:
        await rig.consent.take_down(rig.caller(BEN), task.id)
        raise RateLimited("aivideomaker", timedelta(hours=1))

    monkeypatch.setattr(rig.provider, "submit", press_meanwhile)
    await rig.take(rig.submitter)
    ended = await rig.task(task)
    assert (ended.state, ended.failure) == (S.CANCELLED, Failure.WITHDRAWN)
    assert await _held_and_released(rig, task)


async def test_a_lost_create_is_not_sent_again(rig: Rig) -> None:
    """Even where a repeat would be safe; found, it ends without a film."""
    rig.provider.knows_repeats = True
    rig.provider.submit_error = OutcomeUnknown("aivideomaker")
    task = await _placed(rig, S.SUBMITTED)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    for _look in range(2):
        rig.clock.turn(timedelta(minutes=1))
        await rig.take(rig.search)
    assert (await rig.task(task)).given_up
    assert await _held_and_released(rig, task)

    rig.provider.found = Sighting("job-9", JobStatus.WAITING)
    rig.provider.now_is("job-9", JobStatus.DONE, result_url="https://cdn/film.mp4")
    rig.clock.turn(timedelta(minutes=11))
    await rig.take(rig.search, rig.poller, rig.courier)
    assert await rig.state(task) is S.CANCELLED
    assert len(rig.provider.submitted) == 1
    assert rig.mailbox.films == []
    assert await _held_and_released(rig, task)


async def test_a_posted_film_leaves_discord_and_the_disk(rig: Rig) -> None:
    """The film was made, so its credits stay spent; nothing of it is left."""
    task = await _delivered(rig)
    assert _files(rig, task)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.take(rig.eraser)

    after = await rig.task(task)
    assert rig.mailbox.removed == [(CHANNEL, task.film_message_id)]
    assert (after.state, after.film, after.picture) == (S.DELIVERED, None, None)
    assert after.film_message_id is None
    assert _files(rig, task) == []
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]
    assert rig.mailbox.cards[task.id][-1].task.withdrawn


async def test_a_kept_film_leaves_the_disk(rig: Rig) -> None:
    """What was never posted is handed out to nobody any more."""
    rig.mailbox.open_routes = []
    task = await _delivered(rig)
    assert task.state is S.KEPT
    await rig.consent.take_down(rig.caller(BEN), task.id)
    async with rig.desk.handout(await rig.task(task), max_bytes=10**9) as handout:
        assert handout is None
    await rig.take(rig.eraser)
    assert _files(rig, task) == []
    assert rig.mailbox.removed == []


async def test_discord_in_trouble_is_asked_again(rig: Rig) -> None:
    """A deletion that fails is due again; what is on the disk does not wait for it."""
    task = await _delivered(rig)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    rig.mailbox.errors = [Unreachable("500"), Unreachable("503")]
    for _try in range(3):
        await rig.take(rig.eraser)
        assert _files(rig, task) == []
        rig.clock.turn(timedelta(minutes=1))
    assert rig.mailbox.removed == [(CHANNEL, task.film_message_id)]
    assert (await rig.task(task)).film_message_id is None


async def test_where_the_film_cannot_be_reached_the_operator_is_told(rig: Rig) -> None:
    """A channel that is closed to us may open again: it is tried for ever, without haste."""
    task = await _delivered(rig)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    rig.mailbox.errors = [CannotPost("403")]
    await rig.take(rig.eraser)
    rig.clock.turn(CLOSED - timedelta(seconds=1))
    await rig.take(rig.eraser)
    assert rig.mailbox.removed == []
    assert (await rig.task(task)).flagged
    rig.clock.turn(timedelta(seconds=1))
    await rig.take(rig.eraser)
    assert rig.mailbox.removed == [(CHANNEL, task.film_message_id)]


async def test_a_crash_before_the_deletion_loses_nothing(rig: Rig) -> None:
    """The row says what is left, also to the next process."""
    task = await _delivered(rig)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.restart()
    await rig.take(rig.eraser)
    assert rig.mailbox.removed == [(CHANNEL, task.film_message_id)]
    await rig.restart()
    await rig.take(rig.eraser)
    assert len(rig.mailbox.removed) == 1


async def test_taken_down_while_it_is_fetched(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look before the upload sees it: nothing is posted, nothing stays on the disk."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    fetch = rig.provider.fetch

    async def press_meanwhile(*args: object) -> int:
        await rig.consent.take_down(rig.caller(BEN), task.id)
        return await fetch(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(rig.provider, "fetch", press_meanwhile)
    await rig.take(rig.courier, rig.eraser)
    assert rig.mailbox.films == []
    assert await rig.state(task) is S.CANCELLED
    assert _files(rig, task) == []
    assert await _held_and_released(rig, task)


async def test_taken_down_while_it_waits_for_its_turn_to_be_posted(rig: Rig) -> None:
    """In a burst that takes minutes: it is not posted, not even for a moment."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    rig.mailbox.open.clear()
    await rig.courier.step()
    await rig.mailbox.waited_for.wait()
    await rig.consent.take_down(rig.caller(BEN), task.id)
    rig.mailbox.open.set()
    await rig.courier.settled()
    assert rig.mailbox.films == []
    assert await rig.state(task) is S.CANCELLED
    assert await _held_and_released(rig, task)


async def test_taken_down_while_it_is_posted(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord had it already: the post is written down, and the film removed right after."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    post = rig.mailbox.post

    async def press_meanwhile(*args: object) -> Posted:
        await rig.consent.take_down(rig.caller(BEN), task.id)
        return await post(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(rig.mailbox, "post", press_meanwhile)
    await rig.take(rig.courier, rig.eraser)
    assert rig.mailbox.removed == [(CHANNEL, 1)]
    assert await rig.state(task) is S.DELIVERED
    assert _files(rig, task) == []


async def test_a_crash_after_an_upload_that_nobody_wants_any_more(rig: Rig) -> None:
    """The film got through, then we died: it is found where it stands, and removed."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    rig.mailbox.errors, rig.mailbox.slips = [Unreachable("reset")], True
    await rig.take(rig.courier)
    assert len(rig.mailbox.films) == 1
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.restart()
    rig.clock.turn(STILL_COMING)
    await rig.take(rig.courier, rig.eraser)
    assert rig.mailbox.films[0][:2] == (task.id, Route.REPLY)
    assert rig.mailbox.removed == [(CHANNEL, 1)]


async def test_an_upload_cut_short_may_still_appear(rig: Rig) -> None:
    """Discord makes the message a moment after it broke off: it is waited for, and removed."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    rig.mailbox.errors = [Unreachable("reset", timedelta(minutes=1))]
    await rig.take(rig.courier)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.take(rig.courier)
    rig.mailbox.films.append((task.id, Route.REPLY, b""))
    rig.clock.turn(STILL_COMING)
    await rig.take(rig.courier, rig.eraser)
    assert rig.mailbox.removed == [(CHANNEL, 1)]


async def test_a_small_copy_made_meanwhile_leaves_the_disk(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who asked for the film a moment before gets none, and nothing of it stays behind."""
    rig.provider.film = noisy_film(tmp_path / "large.mp4", seconds=1, noise=True).read_bytes()
    task = await _delivered(rig)
    held = asyncio.Event()

    def fit_slowly(_film: Path, fitted: Path, **_options: object) -> None:
        asyncio.run_coroutine_threadsafe(_erase(), loop).result()
        fitted.write_bytes(FILM)

    async def _erase() -> None:
        await rig.consent.take_down(rig.caller(BEN), task.id)
        await rig.take(rig.eraser)
        held.set()

    loop = asyncio.get_running_loop()
    for name in ("split", "split_anew"):
        monkeypatch.setattr(films, name, _cannot)
    monkeypatch.setattr(films, "fit", fit_slowly)
    with pytest.raises(Refused) as refused:
        async with rig.desk.handout(task, max_bytes=10_000):
            pytest.fail("it was taken down")
    assert held.is_set()
    assert refused.value.code is Refusal.TAKEN_DOWN
    assert _files(rig, task) == []


def _cannot(*_film: object, **_options: object) -> list[Path]:
    raise FilmTooLarge("in no way")


async def test_two_presses_at_once_are_one(rig: Rig) -> None:
    """The person and a moderator press in the same moment: the first counts, nobody is refused."""
    task = await _delivered(rig)
    await asyncio.gather(
        rig.consent.take_down(rig.caller(BEN), task.id),
        rig.consent.take_down(rig.caller(CY, manages=True), task.id),
    )
    await rig.take(rig.eraser)
    await rig.take(rig.eraser)
    assert len(rig.mailbox.removed) == 1
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]


@pytest.mark.parametrize("manages", [True, False])
async def test_who_may(rig: Rig, *, manages: bool) -> None:
    """Strangers may not; who manages messages may, and does not opt the person out by it."""
    task = await _delivered(rig)
    caller = rig.caller(CY, manages=manages)
    if manages:
        assert (await rig.consent.take_down(caller, task.id)).withdrawn_by == CY
    else:
        with pytest.raises(Refused) as refused:
            await rig.consent.take_down(caller, task.id)
        assert refused.value.code is Refusal.NOT_YOUR_PICTURE
        assert not (await rig.task(task)).withdrawn
    assert not await rig.consent.refuses(GUILD, BEN)


async def test_from_another_server_there_is_no_such_film(rig: Rig) -> None:
    """A moderator is one in their own server only."""
    task = await _delivered(rig)
    with pytest.raises(Refused) as refused:
        await rig.consent.take_down(Caller(GUILD + 1, CY, manages_messages=True), task.id)
    assert refused.value.code is Refusal.UNKNOWN_TASK
    assert not (await rig.task(task)).withdrawn


async def test_the_requester_is_told_that_nothing_comes(rig: Rig) -> None:
    """Who has waited for a while learns it by a message, whether the service cancelled or not."""
    called_off = await _placed(rig, S.SUBMITTED)
    rig.clock.turn(timedelta(minutes=5))
    await rig.consent.take_down(rig.caller(BEN), called_off.id)
    await rig.take(rig.poller)
    assert (await rig.task(called_off)).owes_news


async def test_the_requesters_way_is_to_cancel_until_the_film_is_there(rig: Rig) -> None:
    """What the service works on is paid for: only whose picture it is gets it back by this."""
    task = await _placed(rig, S.SUBMITTED, S.RUNNING)
    with pytest.raises(Refused) as refused:
        await rig.consent.take_down(rig.caller(ADA), task.id)
    assert refused.value.code is Refusal.TOO_LATE
    rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
    await rig.take(rig.poller, rig.courier)
    assert (await rig.consent.take_down(rig.caller(ADA), task.id)).withdrawn_by == ADA


async def test_the_requesters_press_in_the_queue_cancels(rig: Rig) -> None:
    """It is their own order: cancelled, and not taken down by anybody."""
    task = await _placed(rig)
    assert (await rig.consent.take_down(rig.caller(ADA), task.id)).failure is Failure.BY_MEMBER
    assert not (await rig.task(task)).withdrawn


async def test_who_said_no_is_not_animated_by_others(rig: Rig) -> None:
    """Nothing is held; their own pictures are theirs, and the choice can be taken back."""
    await rig.consent.choose(rig.caller(BEN), refuse=True)
    await rig.consent.choose(rig.caller(BEN), refuse=True)
    with pytest.raises(Refused) as refused:
        await rig.place(source=PICTURE)
    assert refused.value.code is Refusal.OPTED_OUT
    assert await rig.left() == 500
    assert (await rig.place(BEN, source=PICTURE)).source_member_id is None

    await rig.consent.choose(rig.caller(BEN), refuse=False)
    assert (await rig.place(source=PICTURE)).source_member_id == BEN


async def test_the_same_order_again_is_the_task_it_became(rig: Rig) -> None:
    """A no that comes between two deliveries of one event does not lose the first one's task."""
    order = rig.order(source=PICTURE)
    first = await rig.desk.place(order)
    await rig.consent.choose(rig.caller(BEN), refuse=True)
    assert (await rig.desk.place(order)).task.id == first.task.id


@pytest.mark.parametrize("goes_back_by", ["picture_of", "continues"])
async def test_nothing_more_is_made_from_what_was_taken_down(rig: Rig, goes_back_by: str) -> None:
    """Not even by an order that was on its way when the film was taken down."""
    task = await _delivered(rig)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    fields: dict[str, Any] = {goes_back_by: task.id}
    order = rig.order(source=PICTURE, **fields)
    with pytest.raises(Refused) as refused:
        await rig.desk.place(order)
    assert refused.value.code is Refusal.TAKEN_DOWN


@pytest.mark.parametrize("state", TaskState)
async def test_every_state_can_be_taken_down(rig: Rig, state: TaskState) -> None:
    """Wherever the task stands, the wish is written down, and the credits agree with the state."""
    task = await _placed(rig)
    async with rig.store.write(GUILD) as guild:
        for step in PATHS[state]:
            await guild.move(task.id, step, now=rig.clock.now())
    assert await rig.state(task) is state
    await rig.consent.take_down(rig.caller(BEN), task.id)
    after = await rig.task(task)
    assert after.withdrawn_by == BEN
    assert after.state is (S.CANCELLED if state is S.QUEUED else state)
    assert (after.state in SETTLED) == (("settle", 0) in await rig.ledger(task))
    await rig.take(rig.eraser)
    assert await rig.store.work.taken_down(now=rig.clock.now(), limit=5) == []


async def test_rate_limits_do_not_bring_a_film_back(rig: Rig) -> None:
    """A fetch that the service put off is not tried again for a film that nobody may see."""
    task = await _placed(rig, S.SUBMITTED, S.RENDERED)
    rig.provider.fetch_error = RateLimited("aivideomaker", timedelta(hours=1))
    await rig.take(rig.courier)
    await rig.consent.take_down(rig.caller(BEN), task.id)
    await rig.take(rig.courier)  # at once: nothing is waited for
    assert await rig.state(task) is S.CANCELLED
    assert len(rig.provider.fetched) == 1
