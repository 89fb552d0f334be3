"""What one run has shown, and the arithmetic of it: percentiles that never leave out the late.

A film that had not come when the run ended counts as later than every one that had: a contender
that drowns cannot look quick by the few films it brought. Never measures anything itself.
"""

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

OK = 200
LISTS = ("GET /api/v1/tasks", "GET /v1/videos")


@dataclass(frozen=True)
class Query:
    """One question that a video service was asked.

    Attributes:
        route: method and path, ids left out.
        status: as answered.
        bytes: of the answer's body that were really sent.
        took: until the answer was complete, or the client hung up.
    """

    route: str
    status: int
    bytes: int
    took: timedelta

    @property
    def is_list(self) -> bool:
        """Whether it asked for the list of tasks."""
        return self.route in LISTS


@dataclass(frozen=True)
class Load:
    """What a process used while it was watched.

    Attributes:
        cpu: share of one core, 0 to 1 (more with threads).
        memory: resident bytes at the end.
        peak: the most resident bytes since its start.
    """

    cpu: float
    memory: int
    peak: int


@dataclass
class Outcome:
    """What one case has shown; lanes are added together.

    Attributes:
        delays: for each measured film, from done upstream to seen in the channel.
        missing: for those that had not come, how long they had been done at the end.
        repeated: films that came twice.
        lasted: the time that queries and load are counted over, summed over the lanes.
        queries: what the video service was asked, creates and films apart.
        discord: answers of Discord by status.
        answers: time to the first answer, by what the member did.
        unanswered: commands that got none in time.
        ready: from the start of the process until members could use it.
        asked: from the start of the process until it asked the service how a job is.
        redrawn: cards that were edited before the first film was done.
        listed_bytes: what the service's whole list was at the end, where it is long.
        bot: what the contender's process used.
        sandbox: the share of one core that the instrument itself used.
        lag: the instrument's own worst delay of its event loop, p99.
    """

    delays: list[timedelta] = field(default_factory=list)
    missing: list[timedelta] = field(default_factory=list)
    repeated: int = 0
    lasted: timedelta = timedelta(0)
    queries: list[Query] = field(default_factory=list)
    discord: Counter[int] = field(default_factory=Counter)
    answers: dict[str, list[timedelta]] = field(default_factory=dict)
    unanswered: int = 0
    ready: list[timedelta] = field(default_factory=list)
    asked: list[timedelta] = field(default_factory=list)
    redrawn: int = 0
    listed_bytes: int = 0
    bot: list[Load] = field(default_factory=list)
    sandbox: float = 0.0
    lag: timedelta = timedelta(0)

    @property
    def films(self) -> int:
        """How many films were measured, late ones included."""
        return len(self.delays) + len(self.missing)

    def delay(self, share: float) -> timedelta | None:
        """Return the delay that this share of the films kept to; None: not within the run."""
        return percentile(self.delays, share, of=self.films)

    @property
    def at_least(self) -> timedelta:
        """How late the films that never came were by then, at the least."""
        return min(self.missing, default=timedelta(0))

    @property
    def per_minute(self) -> float:
        """Queries a minute, of one bot."""
        minutes = self.lasted / timedelta(minutes=1)
        return len(self.queries) / minutes if minutes else 0.0

    def count(self, status: int) -> int:
        """How many queries were answered with this status."""
        return sum(query.status == status for query in self.queries)

    @property
    def looks(self) -> list[Query]:
        """The looks at the list that were answered."""
        return [query for query in self.queries if query.is_list and query.status == OK]

    @property
    def bytes(self) -> int:
        """Bytes of all answers to queries."""
        return sum(query.bytes for query in self.queries)


def percentile(values: list[timedelta], share: float, of: int | None = None) -> timedelta | None:
    """Return the smallest value that this share of `of` (default: all) values kept to.

    None: there are not so many values.
    """
    whole = len(values) if of is None else of
    place = max(1, math.ceil(share * whole))
    return sorted(values)[place - 1] if 0 < place <= len(values) else None


def added(outcomes: list[Outcome]) -> Outcome:
    """Return what several lanes of one case have shown together."""
    whole = Outcome()
    for each in outcomes:
        whole.delays += each.delays
        whole.missing += each.missing
        whole.repeated += each.repeated
        whole.lasted += each.lasted
        whole.queries += each.queries
        whole.discord += each.discord
        for kind, took in each.answers.items():
            whole.answers.setdefault(kind, []).extend(took)
        whole.unanswered += each.unanswered
        whole.ready += each.ready
        whole.asked += each.asked
        whole.redrawn += each.redrawn
        whole.listed_bytes += each.listed_bytes
        whole.bot += each.bot
    return whole
