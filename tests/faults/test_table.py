"""The fault table, row by row: each is played, and what came of it compared in every respect."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina

from bot.domain.quota import LedgerKind
from bot.domain.task import RELEASED, Task, TaskState
from sandbox.discord import Message
from sandbox.services import Films
from tests.faults.table import ROWS
from tests.faults.table_row import Film, Row
from tests.faults.table_scene import PATIENCE, Scene, open_scene
from tests.story.world import FULL_POOL

LONG_ENOUGH = timedelta(minutes=2)
"""In which nothing more may happen: Recovery and all other loops come round."""
AFTERWARDS = 240
"""How fast that time passes."""


@pytest.fixture(scope="session")
def films() -> Iterator[Films]:
    """Render small films, each only once in the whole run."""
    studio = Films(longest_side=240, frame_rate=6, most_frames=60)
    yield studio
    studio.close()


@pytest.fixture(autouse=True)
def _repeat_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


PARAMS = [
    pytest.param(row, id=row.name, marks=() if row.suite else (pytest.mark.long,)) for row in ROWS
]


@pytest.mark.parametrize("row", PARAMS)
async def test_row(row: Row, tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the member sees, what it cost, what was ordered upstream: as the table says."""
    async with open_scene(row, tmp_path, films, monkeypatch) as scene:
        await row.play(scene)
        await _ended(scene)
        scene.earth.hurry(1)

        await _has_the_film(scene)
        _read_the_cards(scene)
        await _was_told(scene)
        await _was_charged(scene)
        world = scene.world
        assert _faults_left(scene) == []
        assert world.creates == row.sent
        assert len(world.aivideomaker.creates) + len(world.apigo.creates) == row.made


def _faults_left(scene: Scene) -> list[object]:
    """Return the planned faults that never happened: a row must not pass without its fault."""
    left: list[object] = list(scene.world.discord.faults.idle)
    for service in (scene.world.aivideomaker, scene.world.apigo):
        left += [*service.faults.idle, *service.file_faults.idle]
    return left


async def _ended(scene: Scene) -> None:
    """Wait for the end, and a while longer for what must not happen after it."""
    row = scene.row
    if row.task:
        await scene.until_rows(lambda tasks: tasks and all(_is_at_its_end(row, t) for t in tasks))
        for card in scene.cards:
            await card.until(lambda shown: shown.deleted or (row.card or "") in shown.text)
    scene.earth.hurry(AFTERWARDS)
    end = scene.earth.elapsed + LONG_ENOUGH
    while scene.earth.elapsed < end:
        await scene.earth.wait(end - scene.earth.elapsed)
    if row.task:
        assert all(_is_at_its_end(row, task) for task in await scene.tasks())
    else:
        assert await scene.tasks() == []


def _is_at_its_end(row: Row, task: Task) -> bool:
    at_rest = task.given_up if row.state is TaskState.UNCONFIRMED else task.ended
    return task.state is row.state and at_rest and task.flagged is row.flagged


async def _has_the_film(scene: Scene) -> None:
    """Exactly as many films as the row says, exactly where it says."""
    row, films = scene.row, scene.films
    if row.film in (Film.NONE, Film.KEPT):
        assert films == []
        if row.film is Film.KEPT:
            (task,) = await scene.tasks()
            shown = await scene.world.shown(scene.world.ada, task.id)
            assert [file.name[-4:] for file in shown.private[0].attachments] == [".mp4"]
        return
    assert len(films) == row.films
    for film in films:
        _is_in_its_place(scene, film)


def _is_in_its_place(scene: Scene, film: Message) -> None:
    cards = [card for card in scene.cards if not card.deleted]
    match scene.row.film:
        case Film.CHANNEL:
            assert film.channel is scene.cards[0].channel
            assert film.pings == [scene.world.ada.user]
            assert not cards or film.reply_to in cards
        case Film.CARD:
            assert film in cards
        case _:
            assert film.channel is scene.world.ada.dm


def _read_the_cards(scene: Scene) -> None:
    row = scene.row
    if row.card is None:
        return
    assert scene.cards, f"there is no card, only {scene.calls}"
    for card in scene.cards:
        assert row.card in card.text
        if row.seen is not None:
            assert any(row.seen in text for _, text in card.edits), card.edits


async def _was_told(scene: Scene) -> None:
    assert any(call.failed for call in scene.calls) is scene.row.unanswered
    told = scene.row.told
    if told is not None:
        call = scene.calls[-1]
        await call.until(lambda seen: any(told in each.text for each in seen.private), PATIENCE)


async def _was_charged(scene: Scene) -> None:
    """The sum, and for each task one hold that was settled or released in the end."""
    row, world, app = scene.row, scene.world, scene.app
    assert FULL_POOL - await world.left(app) == row.spent
    ledger = await world.ledger(app)
    assert -sum(entry.credits for entry in ledger) == row.spent
    released = row.state in RELEASED | {TaskState.UNCONFIRMED} if row.task else False
    end = LedgerKind.RELEASE if released else LedgerKind.SETTLE
    for task in await scene.tasks():
        kinds = [entry.kind for entry in ledger if entry.task_id == task.id]
        assert kinds.count(LedgerKind.HOLD) == 1
        assert kinds.count(end) == 1
