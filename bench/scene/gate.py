"""Sees the films come into the channels: which one, when, and whether it came before.

A film is known by the card that its message replies to. The moment is when Discord had received all
of it. Every copy is compared with the original, byte for byte, and not kept. Never asks the bot.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from sandbox.discord import Discord, Message


class Gate:
    """All channels of one Discord."""

    def __init__(self, discord: Discord, film: bytes) -> None:
        self._discord = discord
        self._film = film
        self._numbers: dict[int, int] = {}
        self._news = asyncio.Event()
        self.came: dict[int, datetime] = {}
        """When each film came first, by its number."""
        self.repeated = 0
        """Films that came again, or not as they were."""

    def expect(self, card: Message, number: int) -> None:
        """Know a film by its card."""
        self._numbers[card.id] = number

    async def watch(self) -> None:
        """Watch until cancelled."""
        async for change in self._discord.changes():
            if change.kind == "created" and change.files:
                self._take(change.message)

    async def all_of(self, numbers: Iterable[int]) -> None:
        """Return once all of these have come."""
        wanted = set(numbers)
        while not wanted <= self.came.keys():
            self._news.clear()
            await self._news.wait()

    def _take(self, message: Message) -> None:
        card = message.reply_to
        number = None if card is None else self._numbers.get(card.id)
        (file,) = message.attachments
        if number is None or number in self.came or file.data != self._film:
            self.repeated += 1
            return
        file.data = self._film  # one copy in memory is enough
        self.came[number] = message.at
        self._news.set()
