"""What can be left standing in Discord: films, cards, answers and forms of all kinds."""

from dataclasses import dataclass

from sandbox.discord import Call, Channel, Form, Member, Message, Upload
from tests.story.world import PATIENCE, World, card_of, picture

BOAT = Upload("boat.png", picture())
FITTED, WAITING, UNLUCKY = "a storm", "a harbour", "a leak"
"""Prompts of films that are too large for the server, that never begin, that fail once."""


@dataclass(frozen=True)
class Corner:
    """Where one relic is left: a channel and a person of its own."""

    world: World
    channel: Channel
    owner: Member

    async def film(self, prompt: str = "a boat") -> Message:
        """Return the message that brings a film."""
        ada = self.world.ada
        call = await ada.slash(self.channel, "video text", prompt=prompt, model="t2v")
        card = card_of(call)
        await self.world.film_of(card)
        return await self.world.film_message(card)

    async def failed(self, **more: str) -> Message:
        """Return the card of a film that did not come."""
        given = {"prompt": "a boat [fail]", "model": "t2v", **more}
        call = await self.world.ada.slash(self.channel, "video text", **given)
        return await card_of(call).until(lambda shown: "credits are back" in shown.text, PATIENCE)

    async def waiting(self) -> Message:
        """Return the card of a film that its service does not begin."""
        call = await self.world.ada.slash(self.channel, "video text", prompt=WAITING)
        return await card_of(call).until(lambda shown: "Accepted" in shown.text, PATIENCE)

    async def posted(self) -> Message:
        """Return somebody's message with a picture."""
        return await self.owner.say(self.channel, uploads=[BOAT])

    async def hidden(self) -> Message:
        """Return what is said to a reply whose picture Discord hides from us."""
        posted = await self.posted()
        asked = await self.world.ada.say(
            self.channel, "it sails", reply_to=posted, mention_bot=True
        )
        return await self.channel.until(lambda shown: shown.reply_to == asked, PATIENCE)

    async def of_somebody(self) -> Message:
        """Return the film from somebody else's picture."""
        form = await self.menu("Animate image", await self.posted())
        call = await (await self.world.ada.submit(form, prompt="it sails")).answered()
        await self.world.film(call)
        return await self.world.film_message(card_of(call))

    async def taken_down(self) -> Message:
        """Return the private answer to who took a film down."""
        film = await self.of_somebody()
        call = await (await self.owner.click(film, "Take down")).answered()
        return call.private[0]

    async def refusing(self) -> Message:
        """Return the private answer to who has refused all others."""
        call = await self.owner.slash(self.channel, "video privacy", others="refuse")
        return call.private[0]

    async def menu(self, name: str, target: "Message | Member") -> Form:
        """Return the form of a menu."""
        return form_of(await self.world.ada.menu(self.channel, name, target))

    async def pressed(self, message: Message, button: str) -> Form:
        """Return the form of a button."""
        return form_of(await self.world.ada.click(message, button))


def form_of(call: Call) -> Form:
    """Return the form that opened."""
    assert call.modal is not None, call.text
    return call.modal
