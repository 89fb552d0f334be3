"""The line: round robin between servers and, inside a server, between members."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.domain.task import Task
from bot.domain.turns import TURN_COUNTS, Place
from bot.store import Store
from tests.store.building import NOW, S, place

A, B = "aivideomaker", "apigo"
STUDIO, CLUB = 11, 12
ADA, BEN, EVE = 1, 2, 3
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Line:
    """Members who order, and a service that takes who is next."""

    store: Store
    now: datetime = NOW
    sent: list[Task] = field(default_factory=list)

    async def order(self, guild: int, member: int, count: int = 1, **fields) -> list[Task]:
        """Order some films, a second apart."""
        return [await self._order(guild, member, fields) for _ in range(count)]

    async def _order(self, guild: int, member: int, fields: dict[str, Any]) -> Task:
        self.now += SECOND
        fields = {"card_message_id": 1, "member_id": member, **fields}
        async with self.store.write(guild) as opened:
            return await place(opened, now=self.now, **fields)

    async def send(self, count: int = 1) -> list[Task]:
        """Send those who are next, one after the other."""
        return [await self._send() for _ in range(count)]

    async def _send(self) -> Task:
        self.now += SECOND
        (task,) = await self.store.work.queued(A, now=self.now, limit=1)
        await self.move(task, S.SENDING, S.SUBMITTED)
        self.sent.append(task)
        return task

    async def move(self, task: Task, *steps: S) -> None:
        """Lead a task along."""
        async with self.store.write(task.guild_id) as guild:
            for step in steps:
                assert await guild.move(task.id, step, now=self.now)

    async def finish(self, task: Task) -> None:
        """Let the service end its job."""
        self.now += SECOND
        await self.move(task, S.FAILED)

    async def places(self) -> list[tuple[int, int, Place]]:
        """Return server, member and place of all who wait, next one first."""
        found = await self.store.work.places(A, now=self.now, first=1, last=1000)
        return [(each.task.guild_id, each.task.member_id, each.place) for each in found]

    async def order_of_service(self) -> list[tuple[int, int]]:
        """Return server and member of all who wait, next one first."""
        return [(guild, member) for guild, member, _ in await self.places()]


@pytest.fixture
def line(store: Store) -> Line:
    """Return the line of an empty database."""
    return Line(store)


async def test_servers_take_turns_and_members_inside_them(line: Line) -> None:
    """However many one orders first, the others are served in between."""
    await line.order(STUDIO, ADA, 3)
    await line.order(STUDIO, BEN, 2)
    await line.order(CLUB, EVE, 2)
    studio = [(STUDIO, ADA), (STUDIO, BEN), (STUDIO, ADA), (STUDIO, BEN), (STUDIO, ADA)]
    expected = [*studio[:1], (CLUB, EVE), *studio[1:2], (CLUB, EVE), *studio[2:]]
    assert await line.order_of_service() == expected

    sent = await line.send(len(expected))
    assert [(task.guild_id, task.member_id) for task in sent] == expected


async def test_who_has_nothing_in_the_making_comes_first(line: Line) -> None:
    """A film in the making is a turn that was taken, for its member and for their server."""
    await line.order(STUDIO, ADA, 4)
    await line.send(2)
    await line.order(STUDIO, BEN)
    await line.order(CLUB, EVE)
    assert await line.order_of_service() == [
        (CLUB, EVE),
        (STUDIO, BEN),
        (STUDIO, ADA),
        (STUDIO, ADA),
    ]


async def test_with_one_place_for_all_the_round_goes_on(line: Line) -> None:
    """Who was just served goes behind those who were not, although nothing of theirs is left."""
    await line.order(STUDIO, ADA, 3)
    await line.order(CLUB, EVE, 3)
    for _ in range(6):
        (task,) = await line.send()
        await line.finish(task)
    assert [task.guild_id for task in line.sent] == [STUDIO, CLUB] * 3


async def test_a_place_tells_why(line: Line) -> None:
    """Who is before it: members of the same server, the member's own, other servers."""
    await line.order(STUDIO, ADA, 3)
    await line.send()
    await line.order(STUDIO, BEN, 2)
    await line.order(STUDIO, EVE)
    await line.order(CLUB, EVE)
    assert await line.places() == [
        (CLUB, EVE, Place(1)),
        (STUDIO, BEN, Place(2, elsewhere=1)),
        (STUDIO, EVE, Place(3, members=1, elsewhere=1)),
        (STUDIO, ADA, Place(4, members=2, own=1, elsewhere=1)),
        (STUDIO, BEN, Place(5, members=2, own=1, elsewhere=1)),
        (STUDIO, ADA, Place(6, members=2, own=2, elsewhere=1)),
    ]


async def test_each_provider_has_a_line_of_its_own(line: Line) -> None:
    """What waits, or is in the making, elsewhere takes nobody's place."""
    await line.order(STUDIO, ADA, 2, provider=B)
    ((task,), _) = await line.order(STUDIO, ADA), await line.order(STUDIO, BEN, provider=B)
    assert await line.places() == [(STUDIO, ADA, Place(1))]
    assert await line.store.work.place(task, now=line.now) == Place(1)
    assert await line.store.work.waiting(A) == 1
    await line.send()
    assert await line.store.work.place(task, now=line.now) is None


async def test_any_part_of_the_line_can_be_seen(line: Line) -> None:
    """The head, and those behind it, with the same places."""
    await line.order(STUDIO, ADA, 5)
    found = await line.store.work.places(A, now=line.now, first=2, last=3)
    assert [each.place.number for each in found] == [2, 3]


async def test_only_what_can_be_sent_now_is_sent(line: Line) -> None:
    """One without a card, or that waits for its next try, holds up nobody, not even its member."""
    await line.order(STUDIO, ADA, card_message_id=None)
    await line.order(STUDIO, ADA, due_at=line.now + MINUTE)
    (ready,) = await line.order(STUDIO, ADA)
    assert await line.store.work.queued(A, now=line.now, limit=9) == [ready]


async def test_a_film_that_never_ends_costs_no_turn_for_ever(line: Line) -> None:
    """Newcomers cannot overtake for ever a member whose only film is stuck at the service."""
    await line.order(STUDIO, ADA)
    await line.send()
    (waiting,) = await line.order(STUDIO, ADA)
    for newcomer in range(1000, 1050):
        line.now += MINUTE
        guild = STUDIO if newcomer % 2 else newcomer
        await line.order(guild, newcomer)
        (sent,) = await line.send()
        if sent == waiting:
            break
        await line.finish(sent)
    assert line.sent[-1] == waiting
    assert len(line.sent) - 2 <= 2 * (TURN_COUNTS // MINUTE)


@pytest.mark.parametrize("seed", range(4))
async def test_nobody_starves(line: Line, seed: int) -> None:
    """Whatever newcomers and greedy members order meanwhile, every task has its turn.

    Two films at a time, one of which often never ends; somebody orders before every turn.
    """
    dice = Random(seed)  # noqa: S311 - it decides who orders
    crowd = [(guild, member) for guild in range(1, 5) for member in range(1, 4)]
    first = [task for who in crowd[:6] for task in await line.order(*who, dice.randrange(1, 4))]
    for _ in range(len(first) * len(crowd)):
        line.now += MINUTE
        await line.order(*dice.choice([*crowd, (dice.randrange(10**9), 1)]))
        (sent,) = await line.send()
        if dice.random() < 0.9:
            await line.finish(sent)
        if set(first) <= set(line.sent):
            return
    pytest.fail(f"{len(set(first) - set(line.sent))} still wait")
