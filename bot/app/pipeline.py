"""Puts the rooms of the story together: Desk, Submitters, Pollers, Courier, Recovery.

The wiring between the steps is here and nowhere else: who wakes whom. Never opens a resource.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.app.resources import Resources
from bot.discord_ui.edits import GAP
from bot.domain.task import Task
from bot.pipeline.accounts import Accounts
from bot.pipeline.cards import Cards
from bot.pipeline.courier import GONE_PATIENCE, Courier
from bot.pipeline.desk import Desk
from bot.pipeline.films import Films
from bot.pipeline.moves import Moves
from bot.pipeline.pictures import Pictures
from bot.pipeline.poller import QUICKEST, Poller
from bot.pipeline.ports import Mailbox
from bot.pipeline.recovery import Recovery
from bot.pipeline.search import Search
from bot.pipeline.submitter import Submitter
from bot.pipeline.tidy import Tidy
from bot.pipeline.worker import Worker
from bot.providers.base import Provider


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the bot asks, edits and gives up; tests may be faster than the documents allow.

    ``query_interval`` of ``None`` is each provider's own.
    """

    query_interval: timedelta | None = None
    look_interval: timedelta = QUICKEST
    edit_gap: timedelta = GAP
    gone_patience: timedelta = GONE_PATIENCE


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps of the story, ready to start."""

    desk: Desk
    accounts: Accounts
    submitters: Mapping[str, Submitter]
    pollers: Mapping[str, Poller]
    searches: Mapping[str, Search]
    courier: Courier
    recovery: Recovery

    @property
    def workers(self) -> list[Worker]:
        """All loops, in the order of the story."""
        by_provider = [*self.submitters.values(), *self.searches.values(), *self.pollers.values()]
        return [*by_provider, self.courier, self.recovery]

    async def start(self) -> None:
        """Take up what the last run left, then start every loop."""
        await self.recovery.take_up()
        for worker in reversed(self.workers):
            worker.start()

    async def stop(self, grace: timedelta = timedelta(seconds=5)) -> None:
        """Finish what takes no longer than ``grace``; the rows keep the rest."""
        await asyncio.gather(*(worker.stop(grace) for worker in self.workers))

    def wake_poller(self, provider: str) -> None:
        """Look now: a webhook says that something happened."""
        if provider in self.pollers:
            self.pollers[provider].wake()

    def wake(self, provider: str) -> None:
        """There is something to send, to cancel or to look at."""
        if provider in self.submitters:
            self.submitters[provider].wake()
        self.wake_poller(provider)


class Wiring:
    """Builds the steps one by one; each may wake those that are built later."""

    def __init__(
        self,
        resources: Resources,
        mailbox: Mailbox,
        *,
        pace: Pace,
        on_move: Callable[[Task], None],
    ) -> None:
        """Take the resources, the way to Discord, and who is told of every move."""
        self._resources = resources
        self._mailbox = mailbox
        self._pace = pace
        settings = resources.settings
        self._limits = {
            "aivideomaker": settings.aivideomaker_in_flight,
            "apigo": settings.apigo_in_flight,
        }
        self._cards = Cards(
            resources.store, mailbox, resources.providers, resources.clock, self._limits
        )
        self._films = Films(resources.shelf)
        self._moves = Moves(resources.store, self._cards, resources.clock, on_move)

    def pipeline(self, on_error: Callable[[str], None]) -> Pipeline:
        """Build all steps; ``on_error`` is told the name of a loop that stumbled."""
        courier = self._courier()
        submitters: dict[str, Submitter] = {}
        pollers: dict[str, Poller] = {}
        searches: dict[str, Search] = {}
        for name, provider in self._resources.providers.items():
            pollers[name] = self._poller(provider, courier, partial(_wake, submitters, name))
            submitters[name] = self._submitter(provider, wake_poller=pollers[name].wake)
            searches[name] = self._search(
                provider, wake_poller=pollers[name].wake, wake_submitter=submitters[name].wake
            )

        def wake(name: str) -> None:
            pipeline.wake(name)

        pipeline = Pipeline(
            desk=self._desk(wake),
            accounts=Accounts(self._resources.store, self._resources.clock),
            submitters=submitters,
            pollers=pollers,
            searches=searches,
            courier=courier,
            recovery=self._recovery(wake),
        )
        for worker in pipeline.workers:
            worker.on_error = on_error
        return pipeline

    def _desk(self, wake: Callable[[str], None]) -> Desk:
        parts = self._resources
        return Desk(
            store=parts.store,
            catalog=parts.catalog,
            providers=parts.providers,
            pictures=Pictures(parts.downloads, parts.shelf),
            shelf=parts.shelf,
            films=self._films,
            cards=self._cards,
            clock=parts.clock,
            wake=wake,
        )

    def _submitter(self, provider: Provider, wake_poller: Callable[[], None]) -> Submitter:
        parts = self._resources
        base = parts.settings.webhook_url
        return Submitter(
            provider,
            store=parts.store,
            moves=self._moves,
            catalog=parts.catalog,
            shelf=parts.shelf,
            cards=self._cards,
            clock=parts.clock,
            in_flight=self._limits[provider.name],
            hooks=None if base is None else partial(_hook, base.rstrip("/")),
            wake_poller=wake_poller,
        )

    def _poller(
        self, provider: Provider, courier: Courier, wake_submitter: Callable[[], None]
    ) -> Poller:
        return Poller(
            provider,
            store=self._resources.store,
            moves=self._moves,
            clock=self._resources.clock,
            wake_courier=courier.wake,
            wake_submitter=wake_submitter,
            quickest=self._pace.look_interval,
        )

    def _search(
        self,
        provider: Provider,
        wake_poller: Callable[[], None],
        wake_submitter: Callable[[], None],
    ) -> Search:
        return Search(
            provider,
            store=self._resources.store,
            moves=self._moves,
            catalog=self._resources.catalog,
            clock=self._resources.clock,
            wake_poller=wake_poller,
            wake_submitter=wake_submitter,
        )

    def _courier(self) -> Courier:
        return Courier(
            store=self._resources.store,
            moves=self._moves,
            providers=self._resources.providers,
            mailbox=self._mailbox,
            shelf=self._resources.shelf,
            films=self._films,
            clock=self._resources.clock,
            gone_patience=self._pace.gone_patience,
        )

    def _recovery(self, wake: Callable[[str], None]) -> Recovery:
        parts = self._resources
        tidy = Tidy(
            parts.store,
            parts.shelf,
            parts.clock,
            life=timedelta(days=parts.settings.film_days),
            disk_megabytes=parts.settings.film_disk_mb,
        )
        return Recovery(
            store=parts.store,
            moves=self._moves,
            providers=parts.providers.keys(),
            cards=self._cards,
            tidy=tidy,
            clock=parts.clock,
            wake=wake,
        )


def _wake(submitters: Mapping[str, Submitter], name: str) -> None:
    submitters[name].wake()


def _hook(base: str, provider: str, secret: str) -> str:
    return f"{base}/hooks/{provider}/{secret}"
