"""What every video service can do for the story, whatever it is called upstream.

The Submitter calls ``submit``, the Poller ``look`` and ``cancel``, Recovery ``find``, the Courier
``fetch``. Never moves a task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.domain.catalog import Model
from bot.errors import Failure


class JobStatus(StrEnum):
    """What became of an upstream job, in our words."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """The service used a word that nobody knows: not success, not failure; look again."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A prepared picture as bytes, with its exact MIME type."""

    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everything a service is told about one task."""

    task_id: str
    """Also the idempotency key: the same task is never two jobs where the service honours it."""
    model: Model
    prompts: tuple[str, ...]
    aspect: str | None
    duration: timedelta
    picture: Picture | None = None
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An upstream job that we wait for."""

    upstream_id: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class LostCreate:
    """A create whose answer was lost, and what it could be recognised by."""

    assignment: Assignment
    sent_at: datetime
    claimed: frozenset[str]
    """Upstream ids that other tasks of ours already own."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look showed of one upstream job."""

    upstream_id: str
    status: JobStatus
    word: str = ""
    """The service's own status word, for the log."""
    progress: int | None = None
    """Per cent, 0 to 100, only where the service sends it."""
    result_url: str | None = None
    """Where the film lies, if the answer said so; a hint for ``fetch``."""
    charged: int | None = None
    """Credits the service says it took for the job."""
    failure: Failure | None = None
    detail: str = ""
    """The service's own words about a failure, cleaned and short enough to show."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a service says that a film would cost."""

    duration: timedelta
    credits: int


@dataclass(frozen=True, slots=True)
class Review:
    """What a service that accepted our key told of itself; most services tell nothing."""

    balance: int | None = None
    """Credits left on the account."""
    offered: frozenset[str] | None = None
    """The names of the models on offer; ``None``: it does not say."""
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    """By model name, for the shortest film; models without an answer are left out."""


class Provider(Protocol):
    """One video service. Every error it raises is a ``ProviderError`` or ``DownloadError``."""

    @property
    def name(self) -> str:
        """``aivideomaker`` or ``apigo``: as in catalogue and tasks."""

    @property
    def can_cancel(self) -> bool:
        """Tell whether a job that is waiting upstream can be cancelled."""

    def recognises_repeats(self, model: Model) -> bool:
        """Tell whether the same create for ``model``, sent twice, is sure to be one job.

        ``False`` until the service itself has shown it, since the bot was started.
        """

    @property
    def key_fingerprint(self) -> str:
        """A keyed hash of the API key: tells keys apart and gives none away."""

    @property
    def last_good_answer(self) -> datetime | None:
        """When the service last answered sensibly, for ``/healthz``."""

    async def submit(self, assignment: Assignment) -> Sighting:
        """Create the job, once; never repeated inside.

        Raises:
            NotSent: no connection was made; the task can be sent again.
            RateLimited: refused before any work; the task can be sent again after the pause.
            Declined: refused for good.
            Unauthorised: the key is not accepted; no job exists.
            OutcomeUnknown: sent, and the answer was lost or made no sense.
        """

    def until_turn(self) -> timedelta:
        """Return how long a query would wait for its turn if it were asked for now.

        Who waits that long before he decides what to look at knows the latest.
        """

    async def look(self, due: Sequence[Job], also: Sequence[Job] = ()) -> Sequence[Sighting]:
        """Learn what became of the jobs that are ``due``, with as few queries as can be, paced.

        The first due are the most urgent. Jobs of ``also`` are in flight too, and are told of where
        they can be seen at no cost. What could not be seen this time (its turn has not come, a rate
        limit, trouble) is left out of the answer.

        Raises:
            RateLimited: nothing more may be asked before ``retry_after``.
            Unauthorised: the key is not accepted.
            Unavailable: the service is in trouble; nothing was learned.
        """

    async def find(self, lost: LostCreate) -> Sighting | None:
        """Search the service's list for a job whose create answer was lost; paced.

        Returns:
            The job, or ``None`` where it is not there or the service has no list.

        Raises:
            RateLimited, Unauthorised, Unavailable: the search itself failed; try again later.
        """

    async def cancel(self, upstream_id: str) -> Sighting:
        """Ask for the job to be cancelled and return what it is now; paced.

        Raises:
            JobNotFound, RateLimited, Unauthorised, Unavailable.
        """

    async def fetch(self, upstream_id: str, result_url: str | None, into: Path) -> int:
        """Download the film to the file ``into`` and return its size in bytes.

        The file appears only when it is whole and begins like an MP4.

        Raises:
            Gone: the film is no longer there, or not yet (403, 404, 410).
            Interrupted: try again.
            AddressRefused, TooLarge, WrongContent: this film cannot be had.
            RateLimited, Unauthorised, Unavailable: the service is in trouble.
        """

    async def review(self, models: Sequence[Model]) -> Review:
        """Learn whether the key is accepted and, where the service tells, its terms for ``models``.

        Asks free questions only, paced: nothing is made, nothing is spent.

        Raises:
            Unauthorised: the key is not accepted.
            RateLimited, Unavailable: the service could not be asked.
        """
