"""Doubles for the pipeline's two outsides: a video service and Discord, and a clock to turn."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import av

from bot.domain.catalog import Model
from bot.domain.task import Task
from bot.errors import ClapboardError
from bot.pipeline.ports import CardView, Mailbox, Posted, Route
from bot.providers.base import Assignment, Job, JobStatus, LostCreate, Provider, Review, Sighting


def _film() -> bytes:
    """A real film, as small as they come."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        track = out.add_stream("libx264", rate=2)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        frame = av.VideoFrame(64, 64, "yuv420p")
        for packet in (*track.encode(frame), *track.encode(None)):
            out.mux(packet)
    return buffer.getvalue()


FILM = _film()


class FakeClock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> timedelta:
        return self._now - datetime(2026, 11, 20, tzinfo=UTC)

    async def sleep(self, duration: timedelta) -> None:
        self.turn(duration)
        await asyncio.sleep(0)

    def turn(self, duration: timedelta) -> None:
        self._now += duration


class FakeProvider(Provider):
    """A service that does what the test says and remembers what it was asked."""

    def __init__(self, name: str = "aivideomaker", *, can_cancel: bool = True) -> None:
        self._name = name
        self._can_cancel = can_cancel
        self.submitted: list[Assignment] = []
        self.cancelled: list[str] = []
        self.fetched: list[str] = []
        self.looks = 0
        self.searched: list[LostCreate] = []
        self.cancel_error: ClapboardError | None = None
        self.submit_error: ClapboardError | None = None
        self.look_error: ClapboardError | None = None
        self.fetch_error: ClapboardError | None = None
        self.find_error: ClapboardError | None = None
        self.found: Sighting | None = None
        self.jobs: dict[str, Sighting] = {}
        self.film = FILM
        self.bug_at: str | None = None
        self.hanging: set[str] = set()
        self.fetching = asyncio.Event()
        self.after_cancel = JobStatus.CANCELLED
        self.knows_repeats = False
        self.turn_in = timedelta(0)
        self.looked_at: list[tuple[list[str], list[str]]] = []
        """Of each look: the ids that were due, and the others."""

    @property
    def name(self) -> str:
        return self._name

    @property
    def can_cancel(self) -> bool:
        return self._can_cancel

    def recognises_repeats(self, model: Model) -> bool:
        return self.knows_repeats

    @property
    def key_fingerprint(self) -> str:
        return "fingerprint"

    @property
    def last_good_answer(self) -> datetime | None:
        return None

    async def submit(self, assignment: Assignment) -> Sighting:
        self.submitted.append(assignment)
        if self.bug_at in assignment.prompts:
            raise RuntimeError(self.bug_at)
        if self.submit_error is not None:
            raise self.submit_error
        upstream_id = f"job-{len(self.submitted)}"
        self.jobs[upstream_id] = Sighting(upstream_id, JobStatus.WAITING)
        return self.jobs[upstream_id]

    def now_is(self, upstream_id: str, status: JobStatus, **fields: object) -> None:
        """Let the next look see this."""
        self.jobs[upstream_id] = Sighting(upstream_id, status, **fields)  # type: ignore[arg-type] # test input

    def until_turn(self) -> timedelta:
        return self.turn_in

    async def look(self, due: Sequence[Job], also: Sequence[Job] = ()) -> Sequence[Sighting]:
        self.looks += 1
        self.looked_at.append(([job.upstream_id for job in due], [job.upstream_id for job in also]))
        if self.look_error is not None:
            raise self.look_error
        jobs = (*due, *also)
        return [self.jobs[job.upstream_id] for job in jobs if job.upstream_id in self.jobs]

    async def find(self, lost: LostCreate) -> Sighting | None:
        if self.find_error is not None:
            raise self.find_error
        self.searched.append(lost)
        return self.found

    async def cancel(self, upstream_id: str) -> Sighting:
        self.cancelled.append(upstream_id)
        if self.cancel_error is not None:
            raise self.cancel_error
        self.now_is(upstream_id, self.after_cancel)
        return self.jobs[upstream_id]

    async def fetch(self, upstream_id: str, result_url: str | None, into: Path) -> int:
        self.fetched.append(upstream_id)
        self.fetching.set()
        if self.fetch_error is not None:
            raise self.fetch_error
        if upstream_id in self.hanging:
            await asyncio.Event().wait()
        into.write_bytes(self.film)
        return len(self.film)

    async def review(self, models: Sequence[Model]) -> Review:
        return Review()

    async def fetched_all(self, count: int) -> None:
        """Return once so many downloads have begun."""
        while len(self.fetched) < count:
            await self.fetching.wait()
            self.fetching.clear()


class FakeMailbox(Mailbox):
    """A Discord that keeps what it was given."""

    def __init__(self) -> None:
        self.cards: dict[str, list[CardView]] = {}
        self.given_up: list[str] = []
        """Ids of the tasks whose cards could not be shown."""
        self.shown_cards: dict[str, int] = {}
        """Cards in the channel, by task id, whose confirmation was lost."""
        self.trouble: ClapboardError | None = None
        """Raised by every search for a card."""
        self.films: list[tuple[str, Route, bytes]] = []
        self.open_routes = [Route.REPLY, Route.CARD, Route.DIRECT]
        self.limit = 10_000_000
        self.errors: list[ClapboardError] = []
        """Raised by the next posts, one each; the film gets through where ``slips`` says so."""
        self.slips = False
        self.posted = asyncio.Event()
        self.open = asyncio.Event()
        """It is nobody's turn to post while it is not set."""
        self.waited_for = asyncio.Event()
        """Somebody wanted a turn."""
        self.open.set()
        self.film_urls: dict[str, str] = {}
        """Where a posted film can be had, by task id."""
        self.removed: list[tuple[int, int]] = []
        """Channel and message of every film that was taken out of Discord."""

    def refresh(self, view: CardView) -> None:
        self.cards.setdefault(view.task.id, []).append(view)

    def unshown(self) -> list[str]:
        given_up, self.given_up = self.given_up, []
        return given_up

    async def find_card(self, task: Task) -> int | None:
        if self.trouble is not None:
            raise self.trouble
        return self.shown_cards.get(task.id)

    async def routes(self, task: Task) -> list[Route]:
        return list(self.open_routes)

    async def find(self, task: Task, since: datetime) -> Posted | None:
        for number, (task_id, route, _data) in enumerate(self.films, 1):
            if task_id == task.id:
                return Posted(task.channel_id, number, route)
        return None

    def size_limit(self, task: Task, route: Route) -> int:
        return self.limit

    async def film_url(self, task: Task) -> str | None:
        return self.film_urls.get(task.id)

    async def posted_all(self, count: int) -> None:
        """Return once so many films have been posted."""
        while len(self.films) < count:
            await self.posted.wait()
            self.posted.clear()

    @asynccontextmanager
    async def turn(self, task: Task) -> AsyncIterator[None]:
        self.waited_for.set()
        await self.open.wait()
        yield

    async def post(self, task: Task, film: Path, route: Route) -> Posted:
        if self.errors:
            error = self.errors.pop(0)
            if self.slips:
                self.films.append((task.id, route, film.read_bytes()))
            raise error
        self.films.append((task.id, route, film.read_bytes()))
        self.posted.set()
        return Posted(task.channel_id, len(self.films), route)

    async def remove_film(self, task: Task) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.removed.append((task.film_channel_id or 0, task.film_message_id or 0))
