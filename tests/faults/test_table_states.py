"""No task is ever in a state that no worker picks up: all states, all restarts, three days."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.domain.task import SETTLED, Task, TaskState
from bot.pipeline.ports import Route
from bot.providers.base import JobStatus, Sighting
from bot.providers.catalog import load
from bot.store import Store, engine
from tests.pipeline.doubles import FILM
from tests.pipeline.rig import GUILD, Rig

S = TaskState
UPSTREAM = (S.SUBMITTED, S.RUNNING)
PATHS: dict[TaskState, tuple[TaskState, ...]] = {
    S.QUEUED: (),
    S.SENDING: (S.SENDING,),
    S.UNCONFIRMED: (S.SENDING, S.UNCONFIRMED),
    S.SUBMITTED: (S.SENDING, S.SUBMITTED),
    S.RUNNING: (S.SENDING, S.SUBMITTED, S.RUNNING),
    S.RENDERED: (S.SENDING, S.SUBMITTED, S.RENDERED),
    S.DELIVERED: (S.SENDING, S.SUBMITTED, S.RENDERED, S.DELIVERED),
    S.KEPT: (S.SENDING, S.SUBMITTED, S.RENDERED, S.KEPT),
    S.REFUSED: (S.SENDING, S.REFUSED),
    S.FAILED: (S.SENDING, S.SUBMITTED, S.FAILED),
    S.CANCELLED: (S.CANCELLED,),
    S.EXPIRED: (S.SENDING, S.SUBMITTED, S.EXPIRED),
}
"""How each state is reached, by legal moves."""
THREE_DAYS = [
    *[timedelta(seconds=20)] * 6,
    *[timedelta(minutes=10)] * 3,
    *[timedelta(hours=1)] * 3,
    *[timedelta(hours=12)] * 6,
]
ROUNDS = 3
"""How often all loops come round before time goes on: some take one task at a time."""


@dataclass(frozen=True)
class Left:
    """What a death may leave of one task, and what becomes of its job.

    Attributes:
        card: it has one.
        known: its service has a key; without one the job is out of reach.
        own_key: it was made with the key of now.
        due: when it is to be tried again: at once, or in an hour.
        wish: somebody asked to cancel it.
        job: what the service says; None: nothing, it has forgotten the job.
        disk: its film: none yet, lies there, or was noted and is gone.
        post: the upload: not begun, begun, or come to its end without a note of it.
        doubt: it was sent again where the service knows repeats.
    """

    card: bool = True
    known: bool = True
    own_key: bool = True
    due: str = "now"
    wish: bool = False
    job: JobStatus | None = JobStatus.DONE
    disk: str = "none"
    post: str = "not begun"
    doubt: bool = False


JOBS = (JobStatus.DONE, JobStatus.FAILED, JobStatus.WAITING, JobStatus.RUNNING, None)
BOTH = (True, False)
DISKS = ("none", "there", "gone")
POSTS = ("not begun", "begun", "ended")


def _left(state: TaskState) -> Iterator[Left]:
    """Every plausible combination for a state."""
    if state in (S.QUEUED, S.SENDING, S.UNCONFIRMED):
        for known, due, doubt in product(BOTH, ("now", "later"), BOTH):
            yield Left(known=known, due=due, doubt=doubt)
        if state is S.QUEUED:  # what has no card is never sent
            yield from (Left(card=False), Left(card=False, known=False))
    elif state in UPSTREAM:
        for known, own_key, wish, job in product(BOTH, BOTH, BOTH, JOBS):
            yield Left(known=known, own_key=own_key, wish=wish, job=job)
    elif state is S.RENDERED:
        for known, disk, post in product(BOTH, DISKS, POSTS):
            yield Left(known=known, disk=disk, post=post)
        yield Left(due="later", disk="there", post="begun")
    elif state is S.DELIVERED:
        yield Left(disk="there", post="ended")
    else:
        yield Left()


@pytest.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """The pipeline, with credits for hundreds of tasks; nothing here dies with the power."""
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "synchronous = OFF"))
    url = f"sqlite+aiosqlite:///{tmp_path}/clapboard.db"
    store = await Store.open(url, default_credits=1_000_000)
    yield Rig(store, load(None), tmp_path / "data")
    await store.close()


async def _leave(rig: Rig, state: TaskState, left: Left) -> Task:
    """Leave a task behind as a death may have left it."""
    model = None if left.known else "sora-2"
    task = await rig.place(prompt=f"boat {rig.orders}", card=left.card, model=model)
    now = rig.clock.now()
    later = now + timedelta(hours=1)
    async with rig.store.write(GUILD) as guild:
        for step in PATHS[state]:
            await guild.move(task.id, step, now=now)
        await guild.note(task.id, due_at=later if left.due == "later" else None)
        await guild.note(task.id, key_fingerprint="fingerprint" if left.own_key else "an old one")
        if left.doubt:
            await guild.note(task.id, repeats=1, sending_at=now)
        if left.wish:
            await guild.note(task.id, cancel_asked_by=task.member_id)
        if state in (*UPSTREAM, S.RENDERED):
            await guild.note(task.id, upstream_id=f"left-{task.id}", result_url="https://cdn/f")
        if state is S.RENDERED:
            await guild.note(task.id, rendered_at=now)
    _put_upstream(rig, task, state, left)
    return await _film_and_post(rig, task, left)


def _put_upstream(rig: Rig, task: Task, state: TaskState, left: Left) -> None:
    if left.job is None:
        return
    upstream_id = f"left-{task.id}"
    sighting = Sighting(upstream_id, left.job, result_url="https://cdn/f")
    if state in (*UPSTREAM, S.RENDERED):
        rig.provider.jobs[upstream_id] = sighting


async def _film_and_post(rig: Rig, task: Task, left: Left) -> Task:
    path = rig.shelf.film(task.id)
    async with rig.store.write(GUILD) as guild:
        if left.disk != "none":
            await guild.note(task.id, film=path.name, film_bytes=len(FILM))
        if left.post != "not begun":
            await guild.note(task.id, delivering_since=rig.clock.now())
    if left.disk == "there":
        path.write_bytes(FILM)
    if left.post == "ended":
        rig.mailbox.films.append((task.id, Route.REPLY, FILM))
    return await rig.task(task)


async def _work_for_days(rig: Rig) -> None:
    """Let every loop take its steps, over three days."""
    loops = (rig.submitter, rig.search, rig.poller, rig.courier, rig.recovery)
    for length in THREE_DAYS:
        for _ in range(ROUNDS):
            await rig.take(*loops)
        rig.clock.turn(length)


CLOSED = [pytest.param(False, id="open"), pytest.param(True, id="closed", marks=pytest.mark.long)]


@pytest.mark.parametrize("closed", CLOSED)
async def test_every_task_comes_to_its_end(rig: Rig, *, closed: bool) -> None:
    """Whatever a death left behind: it ends, its credits spent or back, at most one film posted."""
    left = {}
    for state in TaskState:
        for each in _left(state):
            task = await _leave(rig, state, each)
            left[task.id] = (state, each)
    if closed:
        rig.mailbox.open_routes = []
    await rig.restart()
    await _work_for_days(rig)

    async with rig.store.read(GUILD) as guild:
        tasks = await guild.tasks_of(None, limit=1000)
    assert len(tasks) == len(left)
    sent = [assignment.task_id for assignment in rig.provider.submitted]
    assert len(sent) == len(set(sent))
    for task in tasks:
        assert task.ended or task.given_up, left[task.id]
        assert await _is_booked(rig, task), left[task.id]
        assert _films_of(rig, task) == (task.state is S.DELIVERED), left[task.id]


async def _is_booked(rig: Rig, task: Task) -> bool:
    """Tell whether the ledger has one hold, and one end that fits the state."""
    ledger = await rig.ledger(task)
    kinds = [kind for kind, _ in ledger]
    spent = -sum(credits for _, credits in ledger)
    end = "settle" if task.state in SETTLED else "release"
    owed = task.cost if task.state in SETTLED else 0
    return kinds.count("hold") == kinds.count(end) == 1 and spent == owed


def _films_of(rig: Rig, task: Task) -> int:
    return sum(task_id == task.id for task_id, _, _ in rig.mailbox.films)
