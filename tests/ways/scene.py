"""What a row is played with: a channel of its own, its picture, and how an answer is read."""

from dataclasses import dataclass
from typing import Any

from sandbox.discord import Call, Channel, Form, Member, Message, Upload
from tests.story.world import PATIENCE, World
from tests.ways.row import Answer, Row

TURNED_DOWN = "I can't make this one. The button says why and what to do."


@dataclass(frozen=True)
class Scene:
    """A row in its world."""

    world: World
    channel: Channel
    row: Row

    @property
    def words(self) -> str:
        """The prompt."""
        return self.row.name

    @property
    def upload(self) -> Upload:
        """The picture as a file."""
        kind = self.row.format
        return Upload(kind.file, kind.data, kind.declared)

    @property
    def film_choice(self) -> str:
        """The entry of a form's list that stands for the row's model and its shortest film."""
        model = self.row.model
        return f"{model.name}:{model.length.seconds}"

    async def posted(self, by: Member, *words: str, **more: Any) -> Message:
        """Return the message that has the picture."""
        assert self.row.place.post is not None
        return await self.row.place.post(self, by, *words, **more)

    async def answer(self, call: Call) -> Answer:
        """Return the card, or the sentence that only the member reads, without their own words."""
        await call.until(lambda seen: any(not one.loading for one in seen.messages), PATIENCE)
        if call.message is not None:
            return call.message
        return call.text.removesuffix(f"\nYou wrote, to copy:\n```\n{self.words}\n```")

    async def sent(self, form: Form | None, **answers: Any) -> Answer:
        """Fill a form in and send it; return what comes of it."""
        return await self.answer(await self.world.ada.submit(form, answers))

    async def answer_to(self, asked: Message) -> Answer:
        """Return the card that replies to a message, or the sentence instead."""
        told = await self.channel.until(
            lambda shown: shown.reply_to == asked and shown.author == self.world.discord.bot,
            PATIENCE,
        )
        if self.words in told.text:
            return told
        if told.text != TURNED_DOWN:
            return told.text
        return await self.answer(await self.world.ada.click(told, "Why?"))

    async def film_message(self, card: Answer) -> Message:
        """Wait for the message that brings a card's film."""
        assert isinstance(card, Message), card
        await self.world.film_of(card)
        return await self.world.film_message(card)
