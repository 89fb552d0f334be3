"""Tasks of one guild: added whole, moved legally and once, seen by nobody else."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.domain.quota import Draw
from bot.domain.task import ENDED, Task, TaskState, may_move
from bot.errors import BrokenInvariant, Failure
from bot.store import Store
from bot.store.task_rows import Changes
from tests.store.building import GUILD, MEMBER, NOW, PATHS, S, make_task, place

LATER = NOW + timedelta(minutes=3)


async def test_every_field_of_a_task_comes_back(store: Store) -> None:
    """What was recorded is what is read, to the last field."""
    task = make_task(
        prompts=("a cat", "„ein Hund“ 🐶\nzwei"),
        aspect=None,
        picture="a.jpg",
        locale="de",
        card_message_id=2**63 - 1,
        card_shown="digest",
        token="secret",
        token_expires_at=LATER,
        upstream_id="job/1",
        key_fingerprint="f",
        hook_hash="h",
        charged=7,
        progress=40,
        result_url="https://example.org/a.mp4",
        failure=Failure.CONTENT,
        detail="no",
        flagged=True,
        cancel_asked_by=5,
        sending_at=NOW,
        submitted_at=NOW + timedelta(microseconds=1),
        rendered_at=NOW,
        ended_at=NOW,
        due_at=LATER,
        attempts=3,
        delivering_since=LATER,
        film="a.mp4",
        film_channel_id=1,
        film_message_id=2,
        film_bytes=3,
        film_fitted=True,
        told=True,
        repeats=1,
        source_member_id=11,
        source_message_id=12,
        continues="ba9876543210",
        withdrawn_by=13,
        withdrawn_at=LATER,
    )
    assert all(getattr(task, field.name) != field.default for field in fields(Task))
    async with store.write(GUILD) as guild:
        await guild.add(task, Draw(5, 0, 0), now=NOW)
        assert await guild.task(task.id) == task


def test_changes_name_columns_of_a_task() -> None:
    """Whatever may change is a field of the task, and what a move decides is not among it."""
    names = {field.name for field in fields(Task)}
    assert names > set(Changes.__annotations__)
    assert not {"guild_id", "id", "order_key", "state", "cost", "ended_at"} & set(
        Changes.__annotations__
    )


async def test_a_task_is_found_by_id_order_and_card(store: Store) -> None:
    """Doors know the order, buttons the id, Discord's events the card's message."""
    async with store.write(GUILD) as guild:
        task = await place(guild, card_message_id=77)
        await place(guild, card_message_id=78)
        assert await guild.task(task.id) == task
        assert await guild.task_by_order(task.order_key) == task
        assert await guild.task_by_card(77) == task
        assert await guild.task("unknown") is None
        assert await guild.task_by_order("interaction:0") is None
        assert await guild.task_by_card(0) is None


async def test_another_guilds_rows_are_out_of_reach(store: Store) -> None:
    """Whatever is asked or moved, a guild sees and touches its own rows only."""
    async with store.write(GUILD) as guild:
        task = await place(guild, card_message_id=77)
        await guild.grant(credits=50, member_id=None, actor_id=1, now=NOW)
    async with store.write(GUILD + 1) as stranger:
        assert await stranger.task(task.id) is None
        assert await stranger.task_by_order(task.order_key) is None
        assert await stranger.task_by_card(77) is None
        assert await stranger.tasks_of(None, limit=10) == []
        assert await stranger.history(limit=10) == []
        assert await stranger.ledger_of(task.id) == []
        assert await stranger.rules() == []
        assert await stranger.move(task.id, S.SENDING, now=NOW) is None
        assert await stranger.note(task.id, progress=1) is None
        assert await stranger.write_off(task.id, now=NOW, failure=Failure.LOST) is None
        purse = (await stranger.standing(MEMBER, (), now=NOW)).pool
        assert (purse.spent, purse.held, purse.granted) == (0, 0, 0)
        with pytest.raises(BrokenInvariant):
            await stranger.add(make_task(), Draw(5, 0, 0), now=NOW)
    async with store.read(GUILD) as guild:
        assert await guild.task(task.id) == task


async def test_the_same_order_key_may_occur_in_two_guilds(store: Store) -> None:
    """Order keys are unique in a guild, not beyond."""
    for guild_id in (GUILD, GUILD + 1):
        async with store.write(guild_id) as guild:
            await place(guild, order_key="message:1")
            assert await guild.task_by_order("message:1") is not None


async def test_an_order_cannot_become_two_tasks(store: Store) -> None:
    """Should everything above fail: the same order twice is an error, and holds nothing."""
    async with store.write(GUILD) as guild:
        await place(guild, order_key="message:1")
    with pytest.raises(BrokenInvariant):
        async with store.write(GUILD) as guild:
            await place(guild, order_key="message:1")
    async with store.read(GUILD) as guild:
        assert len(await guild.history(limit=10)) == 1


@pytest.mark.parametrize(
    ("task", "draw"),
    [(make_task(state=S.SENDING), Draw(5, 0, 0)), (make_task(cost=6), Draw(5, 0, 0))],
)
async def test_only_new_tasks_at_their_price_are_added(
    store: Store, task: Task, draw: Draw
) -> None:
    """A task starts QUEUED with exactly its price held."""
    with pytest.raises(BrokenInvariant):
        async with store.write(GUILD) as guild:
            await guild.add(task, draw, now=NOW)
    async with store.read(GUILD) as guild:
        assert await guild.task(task.id) is None


async def test_tasks_of_a_member_newest_first(store: Store) -> None:
    """``/video list`` shows a member's latest tasks; without a member, everybody's."""
    async with store.write(GUILD) as guild:
        placed = [
            await place(guild, now=NOW + timedelta(minutes=n), member_id=MEMBER + n % 2)
            for n in range(6)
        ]
        assert await guild.tasks_of(MEMBER, limit=2) == [placed[4], placed[2]]
        assert await guild.tasks_of(None, limit=10) == placed[::-1]


@pytest.mark.parametrize("start", TaskState)
async def test_moves_only_where_the_table_allows(store: Store, start: TaskState) -> None:
    """From each state to each: a legal move happens, another changes no column and no balance."""
    async with store.write(GUILD) as guild:
        for to in TaskState:
            task = await place(guild, start)
            facts = await guild.ledger_of(task.id)
            moved = await guild.move(task.id, to, now=LATER, detail="moved")
            if may_move(start, to):
                assert moved is not None
                assert (moved.state, moved.detail) == (to, "moved")
                assert moved.ended_at == (LATER if to in ENDED else None)
                assert moved == await guild.task(task.id)
            else:
                assert moved is None
                assert await guild.task(task.id) == task
                assert await guild.ledger_of(task.id) == facts


async def test_the_second_worker_is_told_that_it_was_late(store: Store) -> None:
    """Two workers that saw the same row: one moves it, the other gets None."""
    async with store.write(GUILD) as guild:
        task = await place(guild)
    async with store.write(GUILD) as first:
        assert await first.move(task.id, S.SENDING, now=NOW) is not None
    async with store.write(GUILD) as second:
        assert await second.move(task.id, S.SENDING, now=NOW) is None


async def test_a_move_may_ask_for_a_certain_start(store: Store) -> None:
    """To cancel what waits must not hit what the service is at work on by now."""
    async with store.write(GUILD) as guild:
        waiting, running = await place(guild), await place(guild, S.RUNNING)
        cancelled = await guild.move(waiting.id, S.CANCELLED, now=LATER, start=S.QUEUED)
        assert cancelled is not None
        assert await guild.move(running.id, S.CANCELLED, now=LATER, start=S.QUEUED) is None
        assert await guild.task(running.id) == running
        assert await guild.move(running.id, S.QUEUED, now=LATER, start=S.RUNNING) is None


async def test_a_task_without_a_card_is_cancelled(store: Store) -> None:
    """Its member saw an error: the credits go back."""
    async with store.write(GUILD) as guild:
        task = await place(guild)
        cancelled = await guild.cancel_cardless(task.id, now=LATER, failure=Failure.NO_CARD)
        expected = replace(task, state=S.CANCELLED, failure=Failure.NO_CARD, ended_at=LATER)
        assert cancelled == expected
        assert [entry.credits for entry in await guild.ledger_of(task.id)] == [-5, 5]
        assert await guild.cancel_cardless(task.id, now=LATER, failure=Failure.NO_CARD) is None


@pytest.mark.parametrize(("state", "card"), [(S.QUEUED, 77), (S.SENDING, None), (S.RUNNING, None)])
async def test_a_task_whose_card_appeared_meanwhile_goes_on(
    store: Store, state: TaskState, card: int | None
) -> None:
    """Found without a card, shown or sent a moment later: it is not cancelled."""
    async with store.write(GUILD) as guild:
        task = await place(guild, state, card_message_id=card)
        assert await guild.cancel_cardless(task.id, now=LATER, failure=Failure.NO_CARD) is None
        assert await guild.task(task.id) == task


@pytest.mark.parametrize("state", [S.SENDING, S.SUBMITTED, S.RENDERED])
async def test_a_move_remembers_when(store: Store, state: TaskState) -> None:
    """Sending, submitted and rendered are dated by the move, or as the caller knows better."""
    column = f"{state.value.lower()}_at"
    before = PATHS[state][-2] if len(PATHS[state]) > 1 else S.QUEUED
    async with store.write(GUILD) as guild:
        one, two = await place(guild, before), await place(guild, before)
        dated = await guild.move(one.id, state, now=LATER)
        told = await guild.move(two.id, state, now=LATER, **{column: NOW})  # type: ignore[arg-type] # one of three columns
    assert getattr(dated, column) == LATER
    assert getattr(told, column) == NOW


async def test_what_expired_is_flagged(store: Store) -> None:
    """A film that was gone before it could be fetched is something the operator should see."""
    async with store.write(GUILD) as guild:
        expired, failed = await place(guild, S.EXPIRED), await place(guild, S.FAILED)
    assert (expired.flagged, failed.flagged) == (True, False)


async def test_note_changes_columns_and_nothing_else(store: Store) -> None:
    """Progress, the card and the like change without a move."""
    async with store.write(GUILD) as guild:
        task, other = await place(guild, S.RUNNING), await place(guild, S.RUNNING)
        noted = await guild.note(task.id, progress=40, card_shown="x", due_at=LATER)
        assert noted == replace(task, progress=40, card_shown="x", due_at=LATER)
        assert await guild.note(task.id) == noted
        assert await guild.task(other.id) == other
        assert await guild.note("unknown", progress=1) is None


async def test_a_written_off_task_waits_on_and_is_flagged(store: Store) -> None:
    """UNCONFIRMED and not found: told to the member, flagged, and only once."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.UNCONFIRMED)
        lost = await guild.write_off(task.id, now=LATER, failure=Failure.LOST)
        assert lost == replace(task, flagged=True, failure=Failure.LOST, ended_at=LATER)
        assert await guild.write_off(task.id, now=LATER, failure=Failure.LOST) is None


@pytest.mark.parametrize("state", [state for state in TaskState if state is not S.UNCONFIRMED])
async def test_only_unconfirmed_tasks_are_written_off(store: Store, state: TaskState) -> None:
    """A task whose fate is known is not written off."""
    async with store.write(GUILD) as guild:
        task = await place(guild, state)
        assert await guild.write_off(task.id, now=LATER, failure=Failure.LOST) is None
        assert await guild.task(task.id) == task


async def test_a_written_off_task_that_turns_up_goes_on(store: Store) -> None:
    """Found later, it is no failure any more and not ended; the flag stays."""
    async with store.write(GUILD) as guild:
        task = await place(guild, S.UNCONFIRMED)
        await guild.write_off(task.id, now=NOW, failure=Failure.LOST)
        found = await guild.move(task.id, S.SUBMITTED, now=LATER, upstream_id="job-1")
    assert found is not None
    assert (found.failure, found.ended_at, found.flagged) == (None, None, True)
