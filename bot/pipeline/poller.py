"""Step 4: the Poller learns what became of all running tasks of one provider.

It looks at those that are due (``agenda.py``) within the service's query limit, moves each along
(``sightings.py``), and carries out what members asked to cancel. Never downloads a film, and never
believes a webhook: that only makes a look due.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.errors import RateLimited, Unauthorised, Unavailable
from bot.pipeline.agenda import Agenda
from bot.pipeline.durations import Durations
from bot.pipeline.heralds import Heralds
from bot.pipeline.moves import Moves
from bot.pipeline.schedule import QUICK
from bot.pipeline.sightings import Sightings, ends, is_news
from bot.pipeline.watchlist import Entry, Watchlist
from bot.pipeline.wishes import Wishes
from bot.pipeline.worker import Worker
from bot.providers.base import JobStatus, Provider, Sighting
from bot.store import Store

log = logging.getLogger(__name__)

LONGEST_TROUBLE = timedelta(minutes=1)
LOCKED_OUT = timedelta(minutes=5)
NOTES_AT_ONCE = 40
"""Small news written down after one look, so that the next finished film does not wait for them.
What is put off is seen again by the next look."""
TOLD_OF = frozenset({JobStatus.DONE, JobStatus.FAILED})
"""The ends that a service's webhooks tell of."""
NO_TIME = timedelta(0)


class Poller(Worker):
    """Watches one provider's jobs."""

    def __init__(
        self,
        provider: Provider,
        *,
        store: Store,
        moves: Moves,
        durations: Durations,
        clock: Clock,
        wake_courier: Callable[[], None],
        wake_submitter: Callable[[], None],
        quick: timedelta = QUICK,
    ) -> None:
        """Take the parts; ``quick`` is the shortest time between two looks at one job."""
        super().__init__(f"poller:{provider.name}", clock)
        self._provider = provider
        self._moves = moves
        self._durations = durations
        self._quick = quick
        self._watchlist = Watchlist(provider, store=store, durations=durations, clock=clock)
        self._heralds = Heralds(clock)
        self._agenda = Agenda(self._watchlist, self._heralds, clock, quick=quick)
        self._sightings = Sightings(
            moves, clock, wake_courier=wake_courier, wake_submitter=wake_submitter
        )
        self._wishes = Wishes(provider, self._watchlist, self._sightings, clock)
        self._trouble = 0

    @property
    def lag(self) -> timedelta:
        """How late the most overdue look is."""
        return self._agenda.lag

    @property
    def heralded(self) -> bool:
        """Tell whether the service's webhooks arrive."""
        return self._heralds.trusted

    def knows(self, hook_hash: str) -> bool:
        """Tell whether a webhook's secret is one that we gave out, for a job under way."""
        return self._agenda.knows(hook_hash)

    def hint(self, hook_hash: str) -> None:
        """Take a webhook: look at its task at once, if its secret is one that we gave out."""
        if self._agenda.hint(hook_hash):
            self.wake()

    @override
    async def step(self) -> timedelta:
        """Look at what is due, and do what follows."""
        fresh = await self._watchlist.true_up()
        if await self._durations.learn(self._watchlist.kinds):
            self._agenda.reconsider()
        await self._flag_strangers()
        try:
            again = await self._wishes.carry_out()
            pause = await self._look()
        except RateLimited as error:
            log.warning("%s asks us to wait %s", self._provider.name, error.retry_after)
            return error.retry_after
        except Unauthorised:
            return self._in_trouble("does not accept the key", LOCKED_OUT)
        except Unavailable as error:
            pause = min(self._quick * 2**self._trouble, LONGEST_TROUBLE)
            return self._in_trouble(str(error), pause)
        return min(fresh, again, pause)

    async def _flag_strangers(self) -> None:
        """Tell the operator of tasks that only another key can see; here nobody looks at them."""
        for row in self._watchlist.strangers:
            log.error("it was ordered with another key", extra={"task": row.id})
            await self._moves.note_and_show(row, flagged=True)

    def _in_trouble(self, why: str, pause: timedelta) -> timedelta:
        if self._trouble == 0:  # the first failure and the recovery are logged, nothing between
            log.error("%s is in trouble: %s", self._provider.name, why)
            self.on_error(self.name)
        self._trouble = min(self._trouble + 1, 10)
        return pause

    async def _look(self) -> timedelta:
        """Look at what is due, if the service may be asked now; return how long nothing is."""
        due = self._agenda.due()
        if not due:
            return self._agenda.until_next()
        turn = self._provider.until_turn()
        if turn > NO_TIME:  # whatever becomes due until then is a part of the same look
            return turn
        began = self._clock.monotonic()
        jobs = [entry.job for entry in due if entry.job is not None]
        sightings = await self._provider.look(jobs, self._agenda.others(due))
        self._out_of_trouble()
        await self._take_in(sightings, began)
        self._agenda.looked(due, began)
        return self._agenda.until_next()

    async def _take_in(self, sightings: Iterable[Sighting], began: timedelta) -> None:
        """Write down what is news: ends first, the oldest job's first of all; then small news.

        A list tells of the newest first; of several films, those have waited the least. Of small
        news, that of jobs that were not seen for longest goes first.
        """
        news: list[tuple[Entry, Sighting]] = []
        for sighting in sightings:
            for entry in self._watchlist.of(sighting.upstream_id):
                if is_news(entry.row, sighting):
                    news.append((entry, sighting))
                else:
                    self._agenda.saw(entry, began, news=False)
        finished = [each for each in news if ends(each[1])]
        finished.sort(key=lambda each: each[0].row.submitted_at)
        small = [each for each in news if not ends(each[1])]
        small.sort(key=lambda each: each[0].seen)
        for entry, sighting in finished + small[:NOTES_AT_ONCE]:
            await self._apply(entry, sighting)
            self._agenda.saw(entry, began, news=True)

    async def _apply(self, entry: Entry, sighting: Sighting) -> None:
        row = entry.row
        if not await self._sightings.apply(row, sighting):
            self._watchlist.doubt()
        elif sighting.status in TOLD_OF:
            self._heralds.ended(row.hook_hash, entry.heard)

    def _out_of_trouble(self) -> None:
        if self._trouble:
            log.info("%s answers again", self._provider.name)
            self._trouble = 0
