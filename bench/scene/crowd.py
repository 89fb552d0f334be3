"""The members: they order a new film whenever one is done, and use other commands meanwhile.

Never waits for an answer before the next command is due: a slow bot is not spared.
"""

import asyncio
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count, cycle

from bench.scene.gate import Gate
from bench.scene.house import House, Place
from bench.scene.plan import Plan
from sandbox.discord import Call, Unanswered

NOT_FASTER = timedelta(milliseconds=20)
"""Between two orders that are overdue when the bot is ready."""
MIX = ("credits", "list", "model menu", "refusal", "credits") * 2
"""What members do beside ordering: nine of ten commands; the tenth is an order."""


class Crowd:
    """The members of one house.

    Attributes:
        answers: the time to the first answer of each command, by what it was.
        unanswered: how many got none in time.
    """

    def __init__(self, house: House, gate: Gate, plan: Plan, model: str) -> None:
        self._house = house
        self._gate = gate
        self._plan = plan
        self._model = model
        self._acts: set[asyncio.Task[None]] = set()
        self.answers: dict[str, list[timedelta]] = {}
        self.unanswered = 0

    async def keep_filled(self, begun: Container[int]) -> None:
        """Order every film that is neither begun nor done, when its time has come; for ever."""
        for number in count():
            if number in begun or self._plan.ends(number) < datetime.now(UTC):
                continue
            wait = self._plan.earliest(number) - datetime.now(UTC)
            await asyncio.sleep(max(wait, NOT_FASTER).total_seconds())
            self._begin(self._order(number))

    async def chat(self, a_second: int) -> None:
        """Use so many commands a second, in a fixed mix; for ever."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number, kind in enumerate(cycle((*MIX[:-1], "order"))):
            await asyncio.sleep(begun + number / a_second - loop.time())
            self._begin(self._use(kind, self._house.place(number)))

    async def settle(self) -> None:
        """Return once everything that was begun has been answered."""
        await asyncio.gather(*self._acts)

    def _begin(self, act: Awaitable[None]) -> None:
        task = asyncio.ensure_future(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _order(self, number: int) -> None:
        wait = self._plan.begins(number) - datetime.now(UTC)
        await asyncio.sleep(max(0.0, wait.total_seconds()))
        place = self._house.place(number)
        call = await place.member.slash(
            place.channel, "video text", prompt=f"film {number}", model=self._model
        )
        if call.message is not None:
            self._gate.expect(call.message, number)

    async def _use(self, kind: str, place: Place) -> None:
        who, channel = place.member, place.channel
        acts: dict[str, Callable[[], Awaitable[Call]]] = {
            "credits": lambda: who.slash(channel, "video credits"),
            "list": lambda: who.slash(channel, "video list"),
            "refusal": lambda: who.slash(channel, "video text", prompt="a boat", model="nobody's"),
            "order": lambda: who.slash(channel, "video text", prompt="a boat", model=self._model),
        }
        if kind == "model menu":
            await self._type(place)
            return
        call = await acts[kind]()
        self._note(kind, call.took)
        self.unanswered += call.failed

    async def _type(self, place: Place) -> None:
        begun = datetime.now(UTC)
        with suppress(Unanswered):
            await place.member.autocomplete(place.channel, "video text", focused="model", model="t")
            self._note("model menu", datetime.now(UTC) - begun)
            return
        self.unanswered += 1

    def _note(self, kind: str, took: timedelta) -> None:
        self.answers.setdefault(kind, []).append(took)
