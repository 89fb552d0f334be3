"""The members of a server: they order all kinds of films, change their minds, and make trouble.

They do it with their hands, while the bot lives and while it does not. They never look into it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random

from aiohttp import web
from PIL import Image

from bot.discord_ui.words import Say, words_for
from bot.domain.task import ENDED, TaskState
from sandbox.discord import Call, Channel, Member, Message, Permissions, Unplayable, Upload
from sandbox.discord.world.messages import COMPONENTS_V2
from sandbox.services import Reply, Scenario
from sandbox.services.actions import Proceed
from sandbox.stage import Stage

WORDS = words_for("en-US")
END_WORDS = tuple(f"**{WORDS.states[state]}**" for state in ENDED)
"""How a card says that nothing more will happen."""
PLAIN = ("", "", "", "", "[fast]", "[fail]", "[cancel]", "[reject]", "[late]", "[trap]", "shy")
"""What stands behind a prompt: a marker, or the word that makes its film shy."""
SHY = "shy"
SECOND_THOUGHTS = timedelta(seconds=5)
NOT_THERE = Reply(404, "<Error><Code>NoSuchKey</Code></Error>")


def ended(card: Message) -> bool:
    """Tell whether a card shows that nothing more will happen."""
    return any(word in card.text for word in END_WORDS)


@dataclass(frozen=True)
class Shy:
    """Answers every second request for a film, or so, as if there were none."""

    dice: Random

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Answer, or not."""
        return NOT_THERE.response() if self.dice.random() < 1 / 2 else await proceed()


class Crowd:
    """Ada and Ben, in a channel for films and in one where the bot may not write."""

    def __init__(self, stage: Stage, dice: Random, fates: Sequence[str] = PLAIN) -> None:
        self._stage = stage
        self._dice = dice
        self._fates = fates
        self._number = 0
        self.guild = stage.discord.add_guild("Paper Boat Studio")
        self._films, self._closed = (self.guild.add_channel(name) for name in ("films", "closed"))
        self._closed.set_permissions(self.guild.everyone, deny=Permissions.SEND_MESSAGES)
        self._ada, self._ben = self.guild.add_member("Ada"), self.guild.add_member("Ben")
        for service in (stage.aivideomaker, stage.apigo):
            service.script(Scenario(file=Shy(dice)), matching=SHY)
        self._acts: dict[str, Callable[[], Awaitable[object]]] = {
            "text": self._text,
            "sora": self._sora,
            "image": self._image,
            "long": self._long,
            "menu": self._menu,
            "mention": self._mention,
            "twins": self._twins,
            "cancelled": self._cancelled,
            "closed": self._in_the_closed,
            "unreachable": self._unreachable,
        }

    @property
    def cards(self) -> list[Message]:
        """All cards that anybody can see, oldest first."""
        bot = self._stage.discord.bot
        return [
            message
            for channel in (self._films, self._closed)
            for message in channel.messages
            if message.author == bot and message.flags & COMPONENTS_V2
        ]

    @property
    def busy(self) -> int:
        """How many cards have more to tell."""
        return sum(not ended(card) for card in self.cards)

    async def act(self, kind: str) -> None:
        """Order a film, and perhaps do something to it; a dead bot answers nothing."""
        with suppress(Unplayable, TimeoutError):
            await self._acts[kind]()

    async def act_somehow(self) -> None:
        """Do whatever comes to mind."""
        if self._dice.random() < 1 / 8:
            self._stage.discord.expire_tokens()
        await self.act(self._dice.choice(list(self._acts)))

    async def _text(self, channel: Channel | None = None, fate: str | None = None) -> Call:
        prompt = self._prompt(fate)
        return await self._someone.slash(channel or self._films, "video text", prompt=prompt)

    async def _sora(self) -> Call:
        prompt = self._prompt()
        return await self._ada.slash(self._films, "video text", prompt=prompt, model="sora-2")

    async def _image(self) -> Call:
        chosen = self._dice.choice([{}, {}, {"model": "sora-2"}])
        return await self._someone.slash(
            self._films, "video image", image=_upload(), prompt=self._prompt(), **chosen
        )

    async def _long(self) -> Call:
        shots = {"shot1": self._prompt(), "shot2": "it comes back"}
        return await self._ada.slash(self._films, "video long", image=_upload(), **shots)

    async def _menu(self) -> Call:
        picture = await self._ben.say(self._films, uploads=[_upload()])
        opened = await self._ada.menu(self._films, "Animate image", picture)
        return await self._ada.submit(opened.modal, prompt=self._prompt())

    async def _mention(self) -> Message:
        return await self._someone.say(
            self._films, self._prompt(), uploads=[_upload()], mention_bot=True
        )

    async def _twins(self) -> None:
        """Two members ask for the very same film at the same moment."""
        prompt = self._prompt()
        await asyncio.gather(
            *(
                member.slash(self._films, "video text", prompt=prompt)
                for member in (self._ada, self._ben)
            )
        )

    async def _cancelled(self) -> None:
        """Order and think again, at once or when the service has it already."""
        card = (await self._text(fate="[queue]")).message
        if card is not None:
            if self._dice.random() < 2 / 3:
                accepted = WORDS.states[TaskState.SUBMITTED]
                await card.until(lambda shown: accepted in shown.text, SECOND_THOUGHTS)
            await self._ada.click(card, WORDS.say(Say.CANCEL))

    async def _in_the_closed(self) -> Call:
        return await self._text(self._closed)

    async def _unreachable(self) -> None:
        """Order where the bot may not write, and let a moderator remove the card."""
        card = (await self._in_the_closed()).message
        if card is not None and not ended(card) and not card.attachments:
            card.delete()

    @property
    def _someone(self) -> Member:
        return self._dice.choice([self._ada, self._ben])

    def _prompt(self, fate: str | None = None) -> str:
        self._number += 1
        return f"boat {self._number} {self._dice.choice(self._fates) if fate is None else fate}"


def _upload() -> Upload:
    buffer = BytesIO()
    Image.new("RGB", (320, 180), (200, 90, 40)).save(buffer, "PNG")
    return Upload("boat.png", buffer.getvalue(), "image/png")
