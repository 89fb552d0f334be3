"""What a card should show now, and the request to show it.

Every step that changes something visible calls ``refresh``. Never talks to Discord itself: the
Mailbox does, later, and skips what did not change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.task import Task, TaskState
from bot.pipeline.ports import CardView, Mailbox
from bot.providers.base import Provider
from bot.store import Store

PLACES_SHOWN = 25
"""So many cards at the head of a queue are kept up to date; those behind learn later."""
SLOW_AT_LEAST = timedelta(minutes=10)
ENOUGH_HISTORY = 5
HISTORY_AGE = timedelta(minutes=1)
DECILES = 10


@dataclass(frozen=True, slots=True)
class _Usual:
    window: tuple[timedelta, timedelta] | None
    learned_at: datetime


class Cards:
    """Knows what each card should say."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        providers: Mapping[str, Provider],
        clock: Clock,
        in_flight: Mapping[str, int | None],
    ) -> None:
        """Take the parts; ``in_flight`` has each provider's limit of tasks at once, if any."""
        self._store = store
        self._mailbox = mailbox
        self._providers = providers
        self._clock = clock
        self._in_flight = in_flight
        self._usual: dict[tuple[str, timedelta], _Usual] = {}

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

    async def refresh_queue(self, provider: str) -> None:
        """Bring the places at the head of a provider's queue up to date."""
        if self._in_flight.get(provider) is None:
            return
        places = await self._store.work.places(provider)
        waiting = await self._store.work.queued(provider, now=self._clock.now(), limit=PLACES_SHOWN)
        for task in waiting:
            if task.id in places:
                self._mailbox.refresh(await self._view(task, places.index(task.id) + 1))

    async def view(self, task: Task) -> CardView:
        """Return all that the task's card should show now."""
        place = None
        if task.state is TaskState.QUEUED and self._in_flight.get(task.provider) is not None:
            places = await self._store.work.places(task.provider)
            place = places.index(task.id) + 1 if task.id in places else None
        return await self._view(task, place)

    async def _view(self, task: Task, place: int | None) -> CardView:
        usual = await self._usual_time(task)
        return CardView(
            task,
            place=place,
            usual=usual,
            slow=self._is_slow(task, usual),
            can_cancel=self._can_cancel(task),
            service_pauses_until=_next_try(task),
        )

    def _can_cancel(self, task: Task) -> bool:
        if task.state is TaskState.SUBMITTED:
            provider = self._providers.get(task.provider)
            return task.cancel_asked_by is None and provider is not None and provider.can_cancel
        return task.state is TaskState.QUEUED and not task.in_doubt

    def _is_slow(self, task: Task, usual: tuple[timedelta, timedelta] | None) -> bool:
        if task.state not in (TaskState.SUBMITTED, TaskState.RUNNING) or task.submitted_at is None:
            return False
        expected = max(SLOW_AT_LEAST, usual[1] * 1.5 if usual else SLOW_AT_LEAST)
        return self._clock.now() - task.submitted_at > expected

    async def _usual_time(self, task: Task) -> tuple[timedelta, timedelta] | None:
        """From the bot's own history: between the second and the ninth tenth of such films."""
        if task.ended:
            return None
        now, key = self._clock.now(), (task.model, task.duration)
        known = self._usual.get(key)
        if known is None or now - known.learned_at > HISTORY_AGE:
            times = sorted(await self._store.work.durations(task.model, task.duration))
            known = _Usual(_window(times), now)
            self._usual[key] = known
        return known.window


def _next_try(task: Task) -> datetime | None:
    """Return when a task is sent again that its service could not take."""
    return task.due_at if task.state is TaskState.QUEUED else None


def _window(times: list[timedelta]) -> tuple[timedelta, timedelta] | None:
    if len(times) < ENOUGH_HISTORY:
        return None
    return times[len(times) // DECILES], times[len(times) * 9 // DECILES]


class CardLog:
    """Remembers in the row what a member was shown and told, so that nothing is said twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def shown(self, guild_id: int, task_id: str, digest: str) -> None:
        """Note that the task's card now shows what ``digest`` stands for."""
        async with self._store.write(guild_id) as guild:
            await guild.note(task_id, card_shown=digest)

    async def told(self, guild_id: int, task_id: str) -> None:
        """Note that the task's member needs no message about its failure any more."""
        async with self._store.write(guild_id) as guild:
            await guild.note(task_id, told=True)
