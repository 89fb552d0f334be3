"""What a card should show now, and the request to show it.

Every step that changes something visible calls ``refresh``. Never talks to Discord itself: the
Mailbox does, later, and skips what did not change.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.domain.turns import Place
from bot.pipeline.durations import Durations, Usual
from bot.pipeline.ports import CardView, Mailbox, Spot
from bot.providers.base import Provider
from bot.store import InLine, Store

SLOW_AT_LEAST = timedelta(minutes=10)


class Cards:
    """Knows what each card should say."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        providers: Mapping[str, Provider],
        clock: Clock,
        in_flight: Mapping[str, int | None],
        durations: Durations,
    ) -> None:
        """Take the parts; ``in_flight`` has each provider's limit of tasks at once, if any."""
        self._store = store
        self._mailbox = mailbox
        self._providers = providers
        self._clock = clock
        self._in_flight = in_flight
        self._durations = durations

    async def refresh(self, *tasks: Task) -> None:
        """Ask for the cards of these tasks to be brought up to date."""
        for task in tasks:
            if task.card_message_id is not None:
                self._mailbox.refresh(await self.view(task))

    async def find(self, task: Task) -> int | None:
        """Return the message id of a card that was shown but not written down, if there is one.

        Raises:
            Unreachable: nothing is known.
        """
        return await self._mailbox.find_card(task)

    async def show_place(self, waiting: InLine) -> None:
        """Ask for the card of a waiting task to tell its place."""
        if waiting.task.card_message_id is not None:
            self._mailbox.refresh(await self._view(waiting.task, waiting.place))

    async def view(self, task: Task) -> CardView:
        """Return all that the task's card should show now."""
        place = None
        if task.state is TaskState.QUEUED and self._in_flight.get(task.provider) is not None:
            place = await self._store.work.place(task, now=self._clock.now())
        return await self._view(task, place)

    async def _view(self, task: Task, place: Place | None) -> CardView:
        usual = None if task.ended else await self._durations.usual(task.model, task.duration)
        return CardView(
            task,
            place=place,
            usual=None if usual is None else (usual.early, usual.late),
            slow=self._is_slow(task, usual),
            can_cancel=self._can_cancel(task),
            service_pauses_until=_next_try(task),
            before=await film_before(self._store, task),
        )

    def _can_cancel(self, task: Task) -> bool:
        if task.state is TaskState.SUBMITTED:
            provider = self._providers.get(task.provider)
            return task.cancel_asked_by is None and provider is not None and provider.can_cancel
        return task.state is TaskState.QUEUED and not task.in_doubt

    async def slow_after(self, model: str, duration: timedelta) -> timedelta:
        """Return how long a film may be in the making before its card calls it slow."""
        return _patience(await self._durations.usual(model, duration))

    def _is_slow(self, task: Task, usual: Usual | None) -> bool:
        if task.state not in (TaskState.SUBMITTED, TaskState.RUNNING) or task.submitted_at is None:
            return False
        return self._clock.now() - task.submitted_at >= _patience(usual)


def _patience(usual: Usual | None) -> timedelta:
    return SLOW_AT_LEAST if usual is None else max(SLOW_AT_LEAST, usual.late * 1.5)


async def film_before(store: Store, task: Task) -> Spot | None:
    """Return where the film is that the task's film goes on from.

    Its card, where the film is in nobody's sight; ``None``: there is none, or it was taken down.
    """
    if task.continues is None:
        return None
    async with store.read(task.guild_id) as guild:
        before = await guild.task(task.continues)
    if before is None or before.withdrawn:
        return None
    in_channel = before.film_channel_id == before.channel_id
    message_id = before.film_message_id if in_channel else before.card_message_id
    return Spot(before.channel_id, message_id) if message_id is not None else None


def _next_try(task: Task) -> datetime | None:
    """Return when a task is sent again that its service could not take."""
    return task.due_at if task.state is TaskState.QUEUED else None
