"""Bad weather on all wires while the bot lives: answers lost, connections cut, pages for JSON.

It never hides from the judge: whoever's create it swallowed stands in ``swallowed``.
"""

from dataclasses import dataclass, field
from random import Random

from aiohttp import web

from sandbox.discord import Answer
from sandbox.discord import Fault as DiscordFault
from sandbox.discord import Reset as DiscordReset
from sandbox.discord.faults import Action as DiscordAction
from sandbox.services import BAD_GATEWAY, CHALLENGE, Action, Cut, Fault, Reset
from sandbox.services.actions import Proceed
from sandbox.services.journal import seen
from sandbox.services.stand_in import StandIn
from sandbox.stage import Stage
from tests.faults.steps import BY_TOKEN, CARD, SEND


@dataclass
class Weather:
    """Makes trouble, one request at a time.

    Attributes:
        swallowed: what tells the creates apart whose answers were lost (see ``sign_of``).
    """

    stage: Stage
    dice: Random
    swallowed: list[str] = field(default_factory=list)

    def worsen(self) -> None:
        """Let the next request of some kind go wrong."""
        self.dice.choice([self._lose_a_create, self._lose_a_query, self._trouble_discord])()

    def _lose_a_create(self) -> None:
        swallow = Swallow(self.swallowed, after=self.dice.random() < 2 / 3)
        if self.dice.random() < 1 / 2:
            self.stage.aivideomaker.faults.add(Fault("POST", "/api/v1/generate/*", swallow))
        else:
            self.stage.apigo.faults.add(Fault("POST", "/v1/videos", swallow))

    def _lose_a_query(self) -> None:
        actions: list[Action] = [Reset(), BAD_GATEWAY, CHALLENGE, Cut()]
        services: list[StandIn] = [self.stage.aivideomaker, self.stage.apigo]
        service = self.dice.choice(services)
        faults = self.dice.choice([service.faults, service.file_faults])
        faults.add(Fault("GET", "*", self.dice.choice(actions)))

    def _trouble_discord(self) -> None:
        after = self.dice.random() < 1 / 2
        actions: list[DiscordAction] = [
            Answer(502, after_effect=after),
            Answer(503),
            DiscordReset(after_effect=after),
        ]
        method, route = self.dice.choice(
            [("POST", SEND), ("GET", SEND), ("PATCH", CARD), ("PATCH", BY_TOKEN)]
        )
        self.stage.discord.faults.add(DiscordFault(method, route, self.dice.choice(actions)))


@dataclass(frozen=True)
class Swallow:
    """Loses the answer to a create, after its effect or before."""

    signs: list[str]
    after: bool

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Write down whose answer it was, and cut the connection."""
        self.signs.append(_sign_in(request))
        return await Reset(after=self.after)(request, proceed)


def _sign_in(request: web.Request) -> str:
    """Return what tells a create from others: its idempotency key, else its prompt."""
    asked = seen(request)
    prompts = [part.data.decode() for part in asked.form or () if part.name == "prompt"]
    return asked.headers.get("Idempotency-Key") or "".join(prompts)
