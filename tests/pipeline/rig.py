"""The pipeline on a real database, its outsides doubled; it can be killed and rebuilt."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.catalog import Catalog, Door
from bot.domain.order import Caller, Order
from bot.domain.task import Task, TaskState
from bot.pipeline.accounts import Accounts
from bot.pipeline.cards import Cards
from bot.pipeline.consent import Consent
from bot.pipeline.courier import Courier
from bot.pipeline.crew import Crew
from bot.pipeline.desk import Desk
from bot.pipeline.durations import Durations
from bot.pipeline.encores import Encores
from bot.pipeline.eraser import Eraser
from bot.pipeline.fetcher import Fetcher
from bot.pipeline.films import Films
from bot.pipeline.line import Line
from bot.pipeline.moves import Moves
from bot.pipeline.openings import Openings
from bot.pipeline.pictures import Pictures
from bot.pipeline.poller import Poller
from bot.pipeline.recovery import Recovery
from bot.pipeline.repair import CardRepair
from bot.pipeline.schedule import QUICK
from bot.pipeline.search import Search
from bot.pipeline.shelf import Shelf
from bot.pipeline.submitter import Submitter
from bot.pipeline.tidy import Tidy
from bot.pipeline.worker import Worker
from bot.providers.base import JobStatus
from bot.store import Store
from tests.pipeline.doubles import FakeClock, FakeMailbox, FakeProvider

GUILD, CHANNEL, ADA, BEN = 10, 20, 30, 31


class Rig:
    """All steps of the story; each is taken by hand."""

    def __init__(
        self, store: Store, catalog: Catalog, root: Path, *, in_flight: int | None = None
    ) -> None:
        self.store = store
        self.catalog = catalog
        self.clock = FakeClock()
        self.provider = FakeProvider()
        self.mailbox = FakeMailbox()
        self.shelf = Shelf(root)
        self.shelf.prepare()
        self.in_flight = in_flight
        self.downloads: Any = None
        self.orders = 0
        self.build()

    def build(self) -> None:
        """Build the steps anew, as a restart does: only rows and files survive."""
        providers = {self.provider.name: self.provider}
        limits = {self.provider.name: self.in_flight}
        self.durations = Durations(self.store, self.clock)
        self.cards = Cards(self.store, self.mailbox, providers, self.clock, limits, self.durations)
        self.moved: list[Task] = []
        films = Films(self.shelf)
        moves = Moves(self.store, self.cards, self.clock, self.moved.append)
        common: dict[str, Any] = {"store": self.store, "clock": self.clock}
        self.accounts = Accounts(self.store, self.clock)
        self.encores = Encores(self.store)
        self.desk = Desk(
            catalog=self.catalog,
            providers=providers,
            openings=self._openings(films),
            shelf=self.shelf,
            films=films,
            cards=self.cards,
            wake=lambda _name: None,
            **common,
        )
        self.consent = Consent(desk=self.desk, cards=self.cards, wake=lambda _task: None, **common)
        self.eraser = Eraser(moves=moves, mailbox=self.mailbox, shelf=self.shelf, **common)
        self.submitter = Submitter(
            self.provider,
            catalog=self.catalog,
            shelf=self.shelf,
            moves=moves,
            in_flight=self.in_flight,
            hooks=None,
            wake_poller=lambda: None,
            line_moved=lambda: None,
            **common,
        )
        self.line = Line(self.provider.name, show=self.cards.show_place, **common)
        self.poller = Poller(
            self.provider,
            moves=moves,
            durations=self.durations,
            wake_courier=lambda: None,
            wake_submitter=lambda: None,
            **common,
        )
        self.fetcher = Fetcher(
            moves=moves, providers=providers, shelf=self.shelf, films=films, clock=self.clock
        )
        self.courier = Courier(
            moves=moves,
            fetcher=self.fetcher,
            mailbox=self.mailbox,
            shelf=self.shelf,
            films=films,
            wake_eraser=self.eraser.wake,
            **common,
        )
        self.search = Search(
            self.provider,
            moves=moves,
            catalog=self.catalog,
            wake_poller=lambda: None,
            wake_submitter=lambda: None,
            **common,
        )
        self.recovery = Recovery(
            moves=moves,
            cards=self.cards,
            repair=CardRepair(self.store, self.mailbox, self.cards, self.clock),
            providers=providers.keys(),
            tidy=Tidy(
                self.store, self.shelf, self.clock, life=timedelta(days=7), disk_megabytes=100
            ),
            **common,
        )

    def _openings(self, films: Films) -> Openings:
        return Openings(
            store=self.store,
            pictures=Pictures(self.downloads, self.shelf),
            films=films,
            shelf=self.shelf,
            mailbox=self.mailbox,
            downloads=self.downloads,
        )

    async def take(self, *workers: Worker) -> timedelta:
        """Let each worker take a step to its end; return the last one's rest.

        To the Poller as much time passes before it as makes a young job's next look due.
        """
        rest = timedelta(0)
        for worker in workers:
            if worker is self.poller:
                self.clock.turn(QUICK)
            rest = await worker.step()
            if isinstance(worker, Crew):
                await worker.settled()
        return rest

    async def restart(self) -> None:
        """Die and start again: only rows and files survive."""
        self.build()
        await self.recovery.take_up()

    def order(self, member: int = ADA, prompt: str = "a paper boat", **fields: Any) -> Order:
        self.orders += 1
        return Order(
            key=fields.pop("key", f"interaction:{self.orders}"),
            guild_id=GUILD,
            channel_id=CHANNEL,
            member_id=member,
            role_ids=frozenset(),
            door=Door.TEXT,
            prompts=(prompt,),
            **fields,
        )

    async def place(self, member: int = ADA, *, card: bool = True, **fields: Any) -> Task:
        self.clock.turn(timedelta(milliseconds=1))  # orders come one after the other
        view = await self.desk.place(self.order(member, **fields))
        if card:
            await self.desk.shown(view.task, message_id=1000 + self.orders)
        return view.task

    async def task(self, task: Task) -> Task:
        async with self.store.read(GUILD) as guild:
            found = await guild.task(task.id)
        assert found is not None
        return found

    async def state(self, task: Task) -> TaskState:
        return (await self.task(task)).state

    async def left(self) -> int:
        async with self.store.read(GUILD) as guild:
            standing = await guild.standing(ADA, frozenset(), now=self.clock.now())
        return standing.pool.left

    async def ledger(self, task: Task) -> list[tuple[str, int]]:
        async with self.store.read(GUILD) as guild:
            return [(row.kind.value, row.credits) for row in await guild.ledger_of(task.id)]

    async def finish(self, task: Task) -> None:
        """Let the service finish the task's job, and take the steps that follow."""
        upstream_id = (await self.task(task)).upstream_id
        assert upstream_id is not None
        self.provider.now_is(upstream_id, JobStatus.DONE, result_url="https://cdn/film.mp4")
        await self.take(self.poller, self.courier)

    def caller(self, member: int = ADA, *, manages: bool = False) -> Caller:
        return Caller(GUILD, member, frozenset(), manages)
