"""A world that has been running for a while: films under way, some done, an old list behind them.

Serves one lane. What is under way is the same for every contender: jobs at the service, cards in
the channels. What the bot knows of them is another's to write down. Never starts a bot.
"""

import secrets
import socket
from datetime import UTC, datetime
from itertools import count, takewhile
from pathlib import Path

from aiohttp import ClientSession

from bench.cases import Case, Service
from bench.scene.gate import Gate
from bench.scene.house import House
from bench.scene.plan import Plan
from bench.scene.rows import Film
from bench.scene.services import Script, Scripted, ScriptedAiVideoMaker, ScriptedOpenAiVideos
from sandbox.discord import Discord, Message
from sandbox.stage import AIVIDEOMAKER_KEY, APIGO_KEY, DISCORD_TOKEN, Stage

LASTING = "a long film"
"""The prompt of a film that the plan does not know."""
REMEMBERED = 150
"""Films that a bot with a history has made before."""


class World:
    """Discord, the services, and what happened before; `async with` opens and closes it.

    Attributes:
        begun: the films under way that the plan knows, by number.
        lasting: those that are not done while the case lasts.
        past: the films of the bot's history.
    """

    def __init__(self, case: Case, plan: Plan, folder: Path, film: bytes) -> None:
        self.case = case
        self.plan = plan
        script = Script(plan, film)
        self._avm = ScriptedAiVideoMaker(AIVIDEOMAKER_KEY, script)
        self._apigo = ScriptedOpenAiVideos(APIGO_KEY, script)
        self.discord = Discord(DISCORD_TOKEN)
        self.port = _free_port()
        self.stage = Stage(folder, discord=self.discord, aivideomaker=self._avm, apigo=self._apigo)
        self.house = House(self.discord, case.channels)
        self.gate = Gate(self.discord, film)
        self.begun: dict[int, Film] = {}
        self.lasting: list[Film] = []
        self.past: list[Film] = []

    @property
    def under_way(self) -> list[Film]:
        """All films under way."""
        return [*self.begun.values(), *self.lasting]

    @property
    def service(self) -> Scripted:
        """The service that the films are ordered from."""
        return self._avm if self.case.service is Service.AIVIDEOMAKER else self._apigo

    @property
    def hooks(self) -> str:
        """The address that the service calls back, but for the secret."""
        return f"http://127.0.0.1:{self.port}/hooks/{self.case.service.value}"

    def fill(self) -> None:
        """Bring about everything that happened before now; the stage is open."""
        now = datetime.now(UTC)
        self._avm.quirks.history = self.case.listed
        if self.case.history:
            self.past = [self._done(number) for number in _latest(self.plan, now)]
        may_be = takewhile(lambda number: self._may_be_begun(number, now), count())
        for number in may_be:
            begins = self.plan.begins(number)
            if begins < now:
                card = self.house.card(f"film {number}", number)
                self.gate.expect(card, number)
                self.begun[number] = self._under_way(f"film {number}", number, begins, card)
        for number in range(self.case.lasting):
            begins = now - self.plan.life * number / self.case.lasting
            card = self.house.card(LASTING, number)
            self.lasting.append(self._under_way(LASTING, number, begins, card))

    async def listed(self) -> int:
        """Read the service's whole list, as nobody should; return how many bytes it has."""
        url, headers = f"{self._avm.url}/api/v1/tasks", {"key": AIVIDEOMAKER_KEY}
        async with ClientSession() as client, client.get(url, headers=headers) as answer:
            return sum([len(piece) async for piece in answer.content.iter_any()])

    def _may_be_begun(self, number: int, now: datetime) -> bool:
        if self.plan.flows:
            return self.plan.earliest(number) < now
        return number < self.case.in_flight

    def _done(self, number: int) -> Film:
        place = self.house.place(number)
        return Film(
            prompt=f"film {number}",
            upstream_id=secrets.token_hex(12),
            guild_id=place.guild.id,
            channel_id=place.channel.id,
            member_id=place.member.id,
            card_id=None,
            begun=self.plan.begins(number),
            done=self.plan.ends(number),
        )

    def _under_way(self, prompt: str, number: int, begins: datetime, card: Message) -> Film:
        place = self.house.place(number)
        secret = secrets.token_urlsafe(24) if self.case.hooked else None
        hook = None if secret is None else f"{self.hooks}/{secret}"
        return Film(
            prompt=prompt,
            upstream_id=self.service.begun(prompt, begins, hook),
            guild_id=place.guild.id,
            channel_id=place.channel.id,
            member_id=place.member.id,
            card_id=card.id,
            begun=begins,
            secret=secret,
        )


def _latest(plan: Plan, now: datetime) -> range:
    """Return the numbers of the latest films that were done by `now`."""
    last = (now - plan.start) // plan.rhythm - 1
    return range(min(last, 0) - REMEMBERED, min(last, 0))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
