"""The database of a bot that has been running for a while: tasks under way, and some done before.

Written with the bot's own tables, types and painter before the bot is started, so that thousands in
flight need no thousand commands. What a card shows is written down as the bot would have, or it
would redraw them all at the start. Never touches the file while a bot has it open.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, insert

from bot.discord_ui.cards import Painter
from bot.domain.quota import LedgerKind
from bot.domain.task import Task, TaskState, new_task_id
from bot.pipeline.ports import CardView
from bot.providers.catalog import load
from bot.store.migrate import database_url, migrate
from bot.store.schema import ledger, tasks
from bot.store.task_rows import row_of

LATEST = 100
"""So many films the bot learns from; the card says between which tenths of them the others lie."""
Usual = tuple[timedelta, timedelta] | None


@dataclass(frozen=True)
class Film:
    """A film that was ordered before the bot was started.

    Attributes:
        prompt: as ordered.
        upstream_id: the service's id.
        guild_id, channel_id, member_id: where, and by whom.
        card_id: the message that shows it; None: none that the bot still looks after.
        begun: when the service accepted it.
        done: when it was rendered; None: it is being made.
        secret: the last part of the address that the service calls back, if any.
    """

    prompt: str
    upstream_id: str
    guild_id: int
    channel_id: int
    member_id: int
    card_id: int | None
    begun: datetime
    done: datetime | None = None
    secret: str | None = None


class Rows:
    """Rows for films of one model."""

    def __init__(self, model: str) -> None:
        catalog = load(None)
        found = catalog.get(model)
        if found is None:
            raise ValueError(f"the catalogue has no {model}")
        self._model = found
        self._duration = found.durations[0]
        self._painter = Painter(catalog)

    def write(self, file: Path, films: Sequence[Film]) -> None:
        """Make a database of these films at `file`, which must not exist."""
        url = database_url(f"sqlite+aiosqlite:///{file}")
        migrate(url)
        usual = _usual(films)
        rows = [self._task(film, usual) for film in films]
        engine = create_engine(url.set(drivername="sqlite"))
        try:
            with engine.begin() as connection:
                connection.execute(insert(tasks), [row_of(task) for task in rows])
                connection.execute(insert(ledger), list(_facts(rows)))
        finally:
            engine.dispose()

    def _task(self, film: Film, usual: Usual) -> Task:
        task_id = new_task_id()
        order = Task(
            guild_id=film.guild_id,
            id=task_id,
            order_key=f"bench:{task_id}",
            channel_id=film.channel_id,
            member_id=film.member_id,
            model=self._model.name,
            provider=self._model.provider,
            door="text",
            prompts=(film.prompt,),
            aspect=self._model.aspects[0],
            duration=self._duration,
            cost=self._model.price.of(self._duration),
            state=TaskState.RUNNING,
            created_at=film.begun,
            card_message_id=film.card_id,
            upstream_id=film.upstream_id,
            hook_hash=film.secret and hashlib.sha256(film.secret.encode()).hexdigest(),
            sending_at=film.begun,
            submitted_at=film.begun,
        )
        if film.done is not None:
            end = TaskState.DELIVERED
            return replace(order, state=end, rendered_at=film.done, ended_at=film.done)
        return replace(order, card_shown=self._painter.digest(CardView(order, usual=usual)))


def _usual(films: Sequence[Film]) -> Usual:
    """Return how long films usually take, as the bot will find and say."""
    done = sorted((film.done, film.done - film.begun) for film in films if film.done is not None)
    times = sorted(took for _, took in done[-LATEST:])
    return (times[len(times) // 10], times[len(times) * 9 // 10]) if times else None


def _facts(rows: Sequence[Task]) -> Iterator[dict[str, object]]:
    """Yield what the ledger says: each task's credits are held, and settled once it is done."""
    numbers: Counter[int] = Counter()
    for task in rows:
        kinds = [LedgerKind.HOLD, *([LedgerKind.SETTLE] if task.ended else [])]
        for kind in kinds:
            numbers[task.guild_id] += 1
            yield {
                "guild_id": task.guild_id,
                "seq": numbers[task.guild_id],
                "kind": kind,
                "credits": -task.cost if kind is LedgerKind.HOLD else 0,
                "pool_grants": 0,
                "member_grants": 0,
                "member_id": task.member_id,
                "task_id": task.id,
                "actor_id": task.member_id if kind is LedgerKind.HOLD else None,
                "at": task.ended_at if kind is LedgerKind.SETTLE else task.created_at,
                "counted_at": task.created_at,
            }
