"""One bot in a world of its own: the world built, the bot started, its films measured.

Discord, the service and the members are in this process; the bot is a child process. Nothing is
measured before the bot has been ready for a moment. Never judges.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.cases import Case, Service
from bench.contenders.processes import bot_for
from bench.figures import Outcome
from bench.meter import Meter
from bench.scene.crowd import Crowd
from bench.scene.plan import Plan
from bench.scene.world import World
from sandbox.bot_process import BotProcess

SETTLED = timedelta(seconds=2)
"""So long a bot has been ready before its films are measured."""
RESTED = timedelta(seconds=10)
"""The same where what is measured is how little it does."""
START_PATIENCE = timedelta(minutes=2)


class Lane:
    """One lane of a case; `async with` builds its world and takes it down.

    Args:
        case: the situation.
        plan: when the films are done.
        folder: an empty one.
        film: what is delivered.
        profile: where the bot's hot paths are written to, if at all.
    """

    def __init__(
        self, case: Case, plan: Plan, folder: Path, film: bytes, profile: Path | None = None
    ) -> None:
        self._case = case
        self._plan = plan
        self._profile = profile
        self._world = World(case, plan, folder, film)
        self._crowd = Crowd(self._world.house, self._world.gate, plan, case.service.model)
        self._open = AsyncExitStack()
        self._bot: BotProcess | None = None
        self._started = self._ready = datetime.now(UTC)

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._world.stage)
        self._world.fill()
        self._bot = bot_for(self._world, self._profile)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()
        await self._open.aclose()

    async def play(self) -> Outcome:
        """Start the bot, measure, and return what was seen.

        Raises:
            TimeoutError: the bot was not ready in time; the text has the end of its log.
        """
        bot = await self._start()
        first = self._first()
        begins = self._plan.ends(first) if self._case.gap is not None else self._ready + RESTED
        wanted = range(first, first + self._case.films_a_lane)
        async with asyncio.TaskGroup() as group:
            life = [group.create_task(each) for each in self._life()]
            await _until(begins)
            outcome = await self._measure(Meter(bot.pid), wanted)
            for task in life:
                task.cancel()
        return outcome

    async def _stop(self) -> None:
        if self._bot is not None and self._bot.running:
            await self._bot.stop()

    async def _start(self) -> BotProcess:
        """Start the bot and wait until members can use it."""
        bot = self._bot
        if bot is None:
            raise RuntimeError("the lane is not open")
        self._started = datetime.now(UTC)
        await bot.start()
        ready = asyncio.create_task(self._world.discord.bot_ready(START_PATIENCE))
        ended = asyncio.create_task(bot.ended())
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not ready.done() or ready.exception() is not None:
            ready.cancel()
            raise TimeoutError(f"the bot is not ready; its log ends with:\n{bot.tail()}")
        self._ready = datetime.now(UTC)
        return bot

    def _first(self) -> int:
        """Return the number of the first film that is measured."""
        if not self._plan.flows:
            return 0
        since = self._ready + max(SETTLED, self._case.warm)
        return next(number for number in count() if self._plan.ends(number) >= since)

    def _life(self) -> list[Coroutine[Any, Any, None]]:
        """Return what goes on while the lane plays."""
        case, crowd = self._case, self._crowd
        life = [self._world.gate.watch()]
        if case.gap:
            life.append(crowd.keep_filled(self._world.begun))
        if case.commands:
            life.append(crowd.chat(case.commands))
        return life

    async def _measure(self, meter: Meter, wanted: range) -> Outcome:
        world, case = self._world, self._case
        log, redrawn = len(world.discord.requests), self._redrawn()
        tally, begun = world.service.tally, datetime.now(UTC)
        meter.begin()
        tally.begin()
        await (_until(begun + case.lasts) if case.lasts else self._all_came(wanted))
        tally.end()
        lasted, load = datetime.now(UTC) - begun, meter.load()
        await self._all_came(wanted)
        now, came = datetime.now(UTC), world.gate.came
        if case.listed:
            await self._stop()
        return Outcome(
            delays=[came[each] - self._plan.ends(each) for each in wanted if each in came],
            missing=[now - self._plan.ends(each) for each in wanted if each not in came],
            repeated=world.gate.repeated,
            lasted=lasted,
            queries=tally.queries,
            discord=Counter(each.status for each in world.discord.requests[log:]),
            answers=self._crowd.answers,
            unanswered=self._crowd.unanswered,
            ready=[self._ready - self._started],
            asked=[tally.first_asked - self._started] if tally.first_asked else [],
            redrawn=redrawn,
            listed_bytes=await world.listed() if case.listed else 0,
            bot=[load],
        )

    async def _all_came(self, wanted: range) -> None:
        """Return once all films have come, or patience is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._case.patience.total_seconds()):
                await self._world.gate.all_of(wanted)

    def _redrawn(self) -> int:
        """Count the cards of films under way that were edited before anything was done.

        Where the service tells its progress, cards are redrawn all the time.
        """
        if self._case.service is Service.APIGO:
            return 0
        cards = {film.card_id for film in self._world.under_way}
        return sum(bool(each.edits) for each in self._world.discord.messages if each.id in cards)


async def _until(instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))
