"""Judges a world after all its deaths: what may never happen, and the figures behind it.

It looks at three records that know nothing of each other: the bot's rows, the services' own books,
and what stands in Discord's channels. It never believes one of them alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.quota import LedgerEntry, LedgerKind, Standing
from bot.domain.task import SETTLED, Task, TaskState
from bot.store import Store
from sandbox.discord import Message
from sandbox.discord.world.messages import COMPONENTS_V2
from sandbox.services import Create, Phase
from sandbox.services.stand_in import StandIn
from tests.faults.crowd import WORDS, ended
from tests.faults.world import World

AIVIDEOMAKER, APIGO = "aivideomaker", "apigo"


@dataclass(frozen=True)
class Books:
    """What one service knows: its accepted creates, by what tells our tasks apart."""

    creates: dict[str, list[Create]]
    done: frozenset[str]
    """The ids of the jobs that became films."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all jobs."""
        return frozenset(create.id for creates in self.creates.values() for create in creates)


@dataclass
class Case:
    """All the evidence about one world."""

    tasks: list[Task]
    ledger: dict[str, list[LedgerEntry]]
    standing: Standing
    messages: list[Message]
    cards: list[Message]
    books: dict[str, Books]
    interrupted: frozenset[str]
    """The tasks whose create was in flight at a kill, or its answer swallowed."""


async def evidence(world: World, store: Store) -> Case:
    """Gather all that is known about a world."""
    tasks = await world.tasks(store)
    stage, guild_id = world.stage, world.crowd.guild.id
    async with store.read(guild_id) as guild:
        ledger = {task.id: await guild.ledger_of(task.id) for task in tasks}
        standing = await guild.standing(0, [], now=stage.aivideomaker.clock())
    return Case(
        tasks=tasks,
        ledger=ledger,
        standing=standing,
        messages=[message for message in stage.discord.messages if not message.deleted],
        cards=world.crowd.cards,
        books={AIVIDEOMAKER: _books(stage.aivideomaker), APIGO: _books(stage.apigo)},
        interrupted=frozenset(
            task.id
            for task in tasks
            if _sign(task) in world.weather.swallowed
            or any(task.id in death.sending for death in world.deaths)
        ),
    )


def settled(case: Case) -> bool:
    """Tell whether nothing more will happen: every task has ended, and every card says so."""
    if not all(task.ended or task.given_up for task in case.tasks):
        return False
    return not any(_old_cards(case))


def violations(case: Case) -> list[str]:
    """Return what must never happen, one line each; empty: all is well."""
    parts = (_stuck, _posted_twice, _lost_films, _bought_twice, _lost_jobs, _ledgers, _old_cards)
    return [line for part in parts for line in part(case)]


def given_up(case: Case, provider: str) -> list[Task]:
    """Return the tasks that a provider's lost answers cost."""
    return [task for task in case.tasks if task.given_up and task.provider == provider]


def interrupted(case: Case, provider: str) -> list[Task]:
    """Return the tasks whose create was not answered."""
    return [
        task for task in case.tasks if task.id in case.interrupted and task.provider == provider
    ]


def must_be_lost(case: Case, provider: str) -> int:
    """Return how many tasks must be given up: interrupted, and there is nothing to be found.

    Where the service has a list that is what it never made; else every lost answer.
    """
    lost = interrupted(case, provider)
    if provider == APIGO:
        return len(lost)
    return sum(_sign(task) not in case.books[provider].creates for task in lost)


def _stuck(case: Case) -> Iterator[str]:
    for task in case.tasks:
        if not (task.ended or task.given_up):
            yield f"stuck: {task.id} is {task.state} ({task.prompt!r}, due {task.due_at})"


def _posted_twice(case: Case) -> Iterator[str]:
    posted = _films(case)
    for task in case.tasks:
        expected = 1 if task.state is TaskState.DELIVERED else 0
        if posted[task.id] != expected:
            yield f"films: {task.id} is {task.state} and has {posted[task.id]} ({task.prompt!r})"
    for task_id in posted.keys() - {task.id for task in case.tasks}:
        yield f"films: {task_id} is no task, and has a film"


def _lost_films(case: Case) -> Iterator[str]:
    """What the service made and we know of must have come to its member."""
    for task in case.tasks:
        made = task.upstream_id in case.books[task.provider].done
        if made and task.state not in SETTLED:
            yield f"lost: {task.id} is {task.state}, and its film was made ({task.prompt!r})"
    for provider in case.books:
        lost, expected = len(given_up(case, provider)), must_be_lost(case, provider)
        if lost != expected:
            yield f"lost: {lost} given up at {provider}, and {expected} should be"


def _bought_twice(case: Case) -> Iterator[str]:
    asked = Counter((task.provider, _sign(task)) for task in case.tasks)
    for provider, books in case.books.items():
        for sign, creates in books.creates.items():
            if len(creates) > asked[provider, sign]:
                yield f"bought: {len(creates)} jobs for {asked[provider, sign]} × {sign!r}"
    owners = Counter(task.upstream_id for task in case.tasks if task.upstream_id)
    for upstream_id, count in owners.items():
        if count > 1:
            yield f"bought: {count} tasks say that {upstream_id} is theirs"


def _lost_jobs(case: Case) -> Iterator[str]:
    """What was bought must belong to a task, but for what could not be found."""
    owned = {task.upstream_id for task in case.tasks}
    for provider, books in case.books.items():
        strays = books.ids - owned
        allowed = must_be_lost(case, provider) if provider == APIGO else 0
        if len(strays) > allowed:
            yield f"lost: {len(strays)} jobs at {provider} are nobody's: {sorted(strays)}"


def _ledgers(case: Case) -> Iterator[str]:
    spent = 0
    for task in case.tasks:
        entries = case.ledger[task.id]
        kinds, total = Counter(entry.kind for entry in entries), sum(e.credits for e in entries)
        wanted = {LedgerKind.HOLD: 1}
        if task.state in SETTLED:
            wanted[LedgerKind.SETTLE] = 1
            spent += task.cost
        elif task.ended or task.given_up:
            wanted[LedgerKind.RELEASE] = 1
        expected = 0 if LedgerKind.RELEASE in wanted else -task.cost
        if dict(kinds) != wanted or total != expected:
            yield f"ledger: {task.id} is {task.state} with {dict(kinds)}, in all {total}"
    pool = case.standing.pool
    if (pool.spent, pool.held) != (spent, 0):
        yield f"ledger: {pool.spent} spent and {pool.held} held, and the films cost {spent}"


def _old_cards(case: Case) -> Iterator[str]:
    cards = {card.id: card for card in case.cards}
    for task in case.tasks:
        card = cards.pop(task.card_message_id or 0, None)
        expected = f"**{WORDS.states[task.shown_state]}**"
        if card is not None and expected not in card.text:
            yield f"card: {task.id} is {task.state}; its card says {card.text!r}"
    for card in cards.values():
        if not ended(card) and not card.loading:
            yield f"card: nobody's card says {card.text!r}"


def _films(case: Case) -> Counter[str]:
    """Count the films by the task ids in their names; what a layout or Discord hides is none."""
    names = (
        file.name
        for message in case.messages
        if message.only_for is None
        for file in message.attachments
        if not message.flags & COMPONENTS_V2 or str(file.id) in str(message.components)
    )
    return Counter(name[-16:-4] for name in names if name.endswith(".mp4"))


def _books(service: StandIn) -> Books:
    creates: dict[str, list[Create]] = {}
    for create in service.creates:
        sign = create.headers.get("Idempotency-Key") or str(create.fields.get("prompt"))
        creates.setdefault(sign, []).append(create)
    done = [job.id for job in service.jobs if service.phase(job.id) is Phase.DONE]
    return Books(creates, frozenset(done))


def _sign(task: Task) -> str:
    """Return what tells the task's create from others in its service's books."""
    return f"clapboard-{task.id}" if task.provider == AIVIDEOMAKER else task.prompt
