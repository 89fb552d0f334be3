"""What one service is at work on, as the Poller keeps it in memory.

Serves step 4. The rows are the truth: they are read at the start and once a minute, and between the
list hears of every task that is written. A move is a compare-and-set in the store, so that a list
that is wrong does no more harm than a look too many. Never moves a task; never decides when one is
looked at (``agenda.py``).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.domain.task import Task
from bot.pipeline.durations import Durations, Kind
from bot.providers.base import Job, Provider
from bot.store import ON_WATCH, Store, Watched, watched

READ_AGAIN = timedelta(minutes=1)
"""So long the list may differ from the rows, should it ever miss a write."""
NO_TIME = timedelta(0)
NEVER = timedelta.max


@dataclass(slots=True, eq=False)
class Entry:
    """One task upstream, and when it is looked at. Instants are the clock's monotonic ones."""

    row: Watched
    kind: Kind
    job: Job | None = None
    """``None``: it cannot be seen, for it is being sent or was made with another key."""
    due: timedelta = NEVER
    """Not before then; when exactly is worked out when that is reached."""
    seen: timedelta = NO_TIME
    """When the look began that last showed it; at first, when it was submitted."""
    tried: timedelta | None = None
    """When the last look began that was to show it."""
    heard: timedelta | None = None
    """When its webhook last came, if what it told of is not known yet."""
    hint: timedelta | None = None
    """When it is due for that; ``None``: a look has shown it since, or never will."""


class Watchlist:
    """All entries of one provider."""

    def __init__(
        self, provider: Provider, *, store: Store, durations: Durations, clock: Clock
    ) -> None:
        self._provider = provider
        self._store = store
        self._durations = durations
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._by_upstream_id: dict[str, tuple[Entry, ...]] = {}
        self._by_hook: dict[str, Entry] = {}
        self._wishes: set[str] = set()
        self._strangers: set[str] = set()
        self._kinds: set[Kind] = set()
        self._read_at: timedelta | None = None
        self._written: set[str] = set()
        """The tasks heard of since the rows were last asked for."""
        store.tell(self._hear)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    @property
    def wishes(self) -> list[Watched]:
        """The tasks in sight that a member wants cancelled.

        One of another key is not: here its id may be that of somebody else's job.
        """
        wanted = (self._entries[task_id] for task_id in self._wishes)
        return [entry.row for entry in wanted if entry.job is not None]

    @property
    def strangers(self) -> list[Watched]:
        """The tasks made with another key that the operator was not told of yet."""
        return [self._entries[task_id].row for task_id in self._strangers]

    @property
    def kinds(self) -> Collection[Kind]:
        """The kinds of films that are, or were a minute ago, under way."""
        return self._kinds

    def of(self, upstream_id: str) -> tuple[Entry, ...]:
        """Return the tasks that wait for this job: one, as a rule."""
        return self._by_upstream_id.get(upstream_id, ())

    def by_hook(self, hook_hash: str) -> Entry | None:
        """Return the task that a webhook's secret, hashed, belongs to."""
        return self._by_hook.get(hook_hash)

    async def true_up(self) -> timedelta:
        """Read the rows if it is time; return how long until it is again.

        Raises:
            StoreUnavailable: they cannot be read now.
        """
        now = self._clock.monotonic()
        if self._read_at is None or now - self._read_at >= READ_AGAIN:
            await self._read()
            self._read_at = now
        return self._read_at + READ_AGAIN - now

    def doubt(self) -> None:
        """Read the rows the next time: something here was not true."""
        self._read_at = None

    async def _read(self) -> None:
        """Take over what the rows say, but of tasks written meanwhile: what was heard is newer."""
        self._written.clear()
        rows = await self._store.work.watched(self._provider.name)
        for row in rows:
            if row.id not in self._written:
                self._put(row)
        gone = self._entries.keys() - {row.id for row in rows} - self._written
        for task_id in gone:
            self._drop(task_id)
        self._kinds = {entry.kind for entry in self}

    def _hear(self, task: Task) -> None:
        if task.provider != self._provider.name:
            return
        self._written.add(task.id)
        if task.state in ON_WATCH:
            self._put(watched(task))
        else:
            self._drop(task.id)

    def _put(self, row: Watched) -> None:
        entry = self._entries.get(row.id)
        if entry is None:
            entry = Entry(row, self._durations.kind(row.model, row.duration))
        elif entry.row == row:
            return
        else:
            self._drop(row.id)
        self._entries[row.id] = entry
        self._kinds.add(entry.kind)
        entry.row = row
        if row.hook_hash is not None:
            self._by_hook[row.hook_hash] = entry
        if row.cancel_asked:
            self._wishes.add(row.id)
        self._bring_into_sight(entry)

    def _bring_into_sight(self, entry: Entry) -> None:
        row = entry.row
        strange = row.key_fingerprint not in (None, self._provider.key_fingerprint)
        if row.upstream_id is None or strange:
            entry.job, entry.due = None, NEVER
            if strange and not row.flagged:
                self._strangers.add(row.id)
            return
        self._by_upstream_id[row.upstream_id] = (*self.of(row.upstream_id), entry)
        if entry.job is None or entry.job.upstream_id != row.upstream_id:
            age = max(self._clock.now() - row.submitted_at, NO_TIME)
            entry.job = Job(row.upstream_id, row.submitted_at)
            entry.seen = entry.due = self._clock.monotonic() - age

    def _drop(self, task_id: str) -> None:
        entry = self._entries.pop(task_id, None)
        if entry is None:
            return
        row = entry.row
        self._wishes.discard(task_id)
        self._strangers.discard(task_id)
        if row.hook_hash is not None:
            self._by_hook.pop(row.hook_hash, None)
        if row.upstream_id is not None:
            left = tuple(other for other in self.of(row.upstream_id) if other is not entry)
            self._by_upstream_id.pop(row.upstream_id, None)
            if left:
                self._by_upstream_id[row.upstream_id] = left
