"""What others can see of the bot's health: figures, health report, and the listener for them.

Opened beside the pipeline; listens only where ``HTTP_PORT`` is set. Never changes anything; what
knocks is passed on to the Poller.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from bot.app.pipeline import Pipeline
from bot.app.resources import Resources
from bot.discord_ui.client import VideoBot
from bot.domain.task import Task, TaskState
from bot.pipeline.poller import Poller
from bot.providers.base import Provider
from bot.web import Counts, Health, Hooks, Listener, LoopLag, Metrics


class Watch:
    """Counts as the story goes, and shows it to who asks."""

    def __init__(self) -> None:
        self._lag = LoopLag()
        self._resources: Resources | None = None
        self._pollers: Mapping[str, Poller] = {}
        self.metrics = Metrics(self._counts, self._lag.take)

    def moved(self, task: Task) -> None:
        """Count a task that has moved, and how long its step took."""
        self.metrics.moved(task.state.value)
        if task.rendered_at is None:
            return
        if task.state is TaskState.RENDERED and task.submitted_at is not None:
            self.metrics.delay("render", task.rendered_at - task.submitted_at)
        if task.state is TaskState.DELIVERED and task.ended_at is not None:
            self.metrics.delay("deliver", task.ended_at - task.rendered_at)

    @asynccontextmanager
    async def listening(
        self, resources: Resources, client: VideoBot, pipeline: Pipeline
    ) -> AsyncIterator[Listener | None]:
        """Listen while the body runs, where a port is set.

        Raises:
            ConfigurationError: the port is taken.
        """
        settings, self._resources = resources.settings, resources
        self._pollers = pipeline.pollers
        if settings.http_port is None:
            yield None
            return
        listener = Listener(
            settings.http_host,
            settings.http_port,
            health=_health(resources, client),
            metrics=self.metrics,
            hooks=Hooks(pipeline.knows, pipeline.hint, resources.clock),
        )
        await listener.start()
        self._lag.start()
        try:
            yield listener
        finally:
            self._lag.stop()
            await listener.stop()

    async def _counts(self) -> Counts:
        if self._resources is None:
            return Counts()
        work = self._resources.store.work
        states = await work.counts()
        in_flight = {name: await work.in_flight(name) for name in self._resources.providers}
        tasks = {state.value: states.get(state, 0) for state in TaskState}
        queued = states.get(TaskState.QUEUED, 0)
        return Counts(
            tasks,
            in_flight,
            queued=queued,
            flagged=await work.count_flagged(),
            look_lag={name: poller.lag for name, poller in self._pollers.items()},
            heralded={name: int(poller.heralded) for name, poller in self._pollers.items()},
        )


def _health(resources: Resources, client: VideoBot) -> Health:
    return Health(
        connected=lambda: client.connected,
        ping=resources.store.ping,
        last_good_answers={
            name: partial(_last_good_answer, provider)
            for name, provider in resources.providers.items()
        },
        clock=resources.clock,
    )


def _last_good_answer(provider: Provider) -> datetime | None:
    return provider.last_good_answer
