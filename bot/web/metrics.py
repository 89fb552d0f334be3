"""What the bot has done, in numbers, for Prometheus. The answer behind ``/metrics``.

The steps of the story are handed its methods as plain callables and know nothing of Prometheus.
Never labels anything with a server, a member or a task: those are no one's business and never end.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_SECONDS = (1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Counts:
    """How things stand at this moment: tasks in each state, and upstream at each provider.

    ``flagged`` are the tasks that the operator should look at: ``python -m bot check`` names them.
    ``look_lag`` is how late the most overdue look at a job is, at each provider; ``heralded`` is 1
    where webhooks arrive.
    """

    tasks: Mapping[str, int] = field(default_factory=dict)
    in_flight: Mapping[str, int] = field(default_factory=dict)
    queued: int = 0
    flagged: int = 0
    look_lag: Mapping[str, timedelta] = field(default_factory=dict)
    heralded: Mapping[str, int] = field(default_factory=dict)


class Metrics:
    """Counts as the story goes, and asks how things stand when it is read.

    Args:
        counts: asks the database how things stand.
        lag: returns the event loop's worst delay since it was last asked.
    """

    def __init__(
        self, counts: Callable[[], Awaitable[Counts]], lag: Callable[[], timedelta]
    ) -> None:
        self._counts = counts
        self._lag = lag
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._queries = Counter(
            "clapboard_queries",
            "Queries to the video services, by what came of them.",
            ["provider", "route", "outcome"],
            registry=registry,
        )
        self._moves = Counter(
            "clapboard_task_moves", "Moves of tasks into a state.", ["state"], registry=registry
        )
        self._delays = Histogram(
            "clapboard_delay_seconds",
            "How long a step took: render is submitted to rendered, deliver rendered to delivered.",
            ["step"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._errors = Counter(
            "clapboard_errors",
            "Errors, by where they were met.",
            ["where"],
            registry=registry,
        )
        self._tasks = Gauge("clapboard_tasks", "Tasks in each state.", ["state"], registry=registry)
        self._in_flight = Gauge(
            "clapboard_in_flight", "Tasks upstream.", ["provider"], registry=registry
        )
        self._queue = Gauge("clapboard_queue_length", "Tasks that wait here.", registry=registry)
        self._flagged = Gauge(
            "clapboard_flagged_tasks",
            "Tasks that the operator should look at; python -m bot check names them.",
            registry=registry,
        )
        self._look_lag = Gauge(
            "clapboard_look_lag_seconds",
            "How late the most overdue look at a job is.",
            ["provider"],
            registry=registry,
        )
        self._heralded = Gauge(
            "clapboard_webhooks_arrive",
            "1 where webhooks tell of finished films, so that looks are fewer.",
            ["provider"],
            registry=registry,
        )
        self._loop_lag = Gauge(
            "clapboard_event_loop_lag_seconds",
            "The event loop's worst delay since the last scrape.",
            registry=registry,
        )

    def query(self, provider: str, route: str, outcome: str) -> None:
        """A video service was asked something."""
        self._queries.labels(provider, route, outcome).inc()

    def moved(self, state: str) -> None:
        """A task moved to ``state``."""
        self._moves.labels(state).inc()

    def delay(self, step: str, duration: timedelta) -> None:
        """A task took ``duration`` for a step: ``render`` or ``deliver``."""
        self._delays.labels(step).observe(max(0.0, duration.total_seconds()))

    def error(self, where: str) -> None:
        """Something went wrong in a worker or at a door."""
        self._errors.labels(where).inc()

    async def text(self) -> bytes:
        """Return everything in Prometheus' text format.

        Raises:
            StoreUnavailable: nobody can tell how things stand now.
        """
        counts = await self._counts()
        _show(self._tasks, counts.tasks)
        _show(self._in_flight, counts.in_flight)
        _show(self._look_lag, {key: lag.total_seconds() for key, lag in counts.look_lag.items()})
        _show(self._heralded, counts.heralded)
        self._queue.set(counts.queued)
        self._flagged.set(counts.flagged)
        self._loop_lag.set(self._lag().total_seconds())
        return generate_latest(self._registry)


def _show(gauge: Gauge, values: Mapping[str, float]) -> None:
    gauge.clear()  # what is no longer mentioned is gone, not unchanged
    for label, value in values.items():
        gauge.labels(label).set(value)
