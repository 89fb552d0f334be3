"""First answers: the card within Discord's three seconds, or a private refusal.

Ends step 1. The card's message id is handed to the Desk at once, because only a task whose card is
there is sent to a video service. Never sends an order twice: a card that could not be shown leaves
a task that Recovery cancels.
"""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import discord
import stamina

from bot.discord_ui.automod import past_automod
from bot.discord_ui.boundary import PASSING, privately
from bot.discord_ui.buttons import UploadButton, WhyButton
from bot.discord_ui.cards import Painter
from bot.discord_ui.orders import key_of
from bot.discord_ui.troubles import TRANSPORT, fact
from bot.discord_ui.words import Say, words_for
from bot.discord_ui.words.figures import Markup, jump
from bot.domain.order import Order
from bot.domain.task import Task
from bot.errors import Refusal, Refused, StoreUnavailable
from bot.pipeline.desk import Desk
from bot.pipeline.ports import CardNotes, CardView

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=2)
"""Of Discord's three seconds, what an order may take before a "thinking" is shown instead."""

STORE_PATIENCE = timedelta(seconds=45)
"""How long a locked database is tried again; a task without a card is given up after a minute."""
TRIES = 3
"""For a reply to a message: nothing but this one request tells its member that we have heard."""


class FirstAnswers:
    """Places orders and shows their cards."""

    def __init__(
        self,
        desk: Desk,
        painter: Painter,
        notes: CardNotes,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._desk = desk
        self._painter = painter
        self._notes = notes
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def to_interaction(
        self, interaction: discord.Interaction[Any], asked: Order | Awaitable[Order]
    ) -> None:
        """Place an order and answer with its card; with a link, where it is there already.

        Raises:
            Refused: for the boundary to tell privately; a public "thinking" is removed there.
        """
        async with AsyncExitStack() as turn:
            placing = asyncio.ensure_future(self._place(asked, turn))
            await asyncio.wait({placing}, timeout=self._patience.total_seconds())
            thinking = None if placing.done() else await _think(interaction)
            view = await placing
            if view.task.card_message_id is None:
                await self._answer(interaction, view, thinking)
            elif view.task.order_key != key_of(interaction):  # the same form, sent twice
                await privately(interaction, _already(view.task, interaction.locale.value))

    async def _answer(
        self, interaction: discord.Interaction[Any], view: CardView, thinking: int | None
    ) -> None:
        try:
            message_id = await self._show(interaction, view, thinking)
        except (discord.HTTPException, *TRANSPORT) as error:
            log.warning("the first answer was lost: %s", fact(error), extra={"task": view.task.id})
            message_id = thinking or await _shown_id(interaction, error)
            await self._remember(view, message_id, interaction, drawn=False)
        else:
            await self._remember(view, message_id, interaction)

    async def to_message(self, message: discord.Message, asked: Awaitable[Order]) -> None:
        """Place the order of a message that mentions us; refuse in public, no figures."""
        try:
            await self._take(message, await asked)
        except Refused as refused:
            await _turn_down(message, refused)
        except PASSING as error:
            log.error("an order by message failed: %s", fact(error))  # noqa: TRY400 - Discord's trouble, no bug
            await _turn_down(message, Refused(Refusal.BUSY))

    async def _place(self, asked: Order | Awaitable[Order], turn: AsyncExitStack) -> CardView:
        """Place an order once nobody else is answering the same one: it has one card."""
        order = asked if isinstance(asked, Order) else await asked
        await turn.enter_async_context(self._turns.setdefault(order.key, asyncio.Lock()))
        return await self._desk.place(order)

    async def _take(self, message: discord.Message, order: Order) -> None:
        view = await self._desk.place(order)

        async def send(layout: discord.ui.LayoutView) -> discord.Message:
            return await _reply(message, f"card-{view.task.id}", view=layout)

        card = await past_automod(self._painter, view, send)
        await self._remember(view, card.id)

    async def _show(
        self, interaction: discord.Interaction[Any], view: CardView, thinking: int | None
    ) -> int:
        """Show the card as the first response; return its message id."""

        async def send(layout: discord.ui.LayoutView) -> int:
            if thinking is not None:
                return (await interaction.edit_original_response(view=layout)).id
            shown = await interaction.response.send_message(view=layout)
            return shown.message_id or (await interaction.original_response()).id

        return await past_automod(self._painter, view, send)

    @stamina.retry(on=StoreUnavailable, attempts=None, timeout=STORE_PATIENCE)
    async def _remember(
        self,
        view: CardView,
        message_id: int,
        interaction: discord.Interaction[Any] | None = None,
        *,
        drawn: bool = True,
    ) -> None:
        """Tell the Desk which message the card is, how it may be edited, and what it shows.

        Nobody else knows: a card that was not written down could never be edited again.
        """
        await self._desk.shown(
            view.task,
            message_id=message_id,
            token=interaction.token if interaction else None,
            token_expires_at=interaction.expires_at if interaction else None,
        )
        if drawn:
            digest = self._painter.digest(view)
            await self._notes.shown(view.task.guild_id, view.task.id, digest)


def _already(task: Task, locale: str) -> str:
    """Return where the card is of what was ordered before."""
    link = jump(task.guild_id, task.channel_id, task.card_message_id or 0)
    return words_for(locale).say(Say.ALREADY_ORDERED, link=Markup(link))


async def _think(interaction: discord.Interaction[Any]) -> int | None:
    """Show a public "thinking" and return its message id; the order goes on without it."""
    try:
        response = await interaction.response.defer(thinking=True)
    except (discord.HTTPException, *TRANSPORT) as error:
        log.warning('a "thinking" was lost: %s', fact(error))
        return None
    return response.message_id if response else None


async def _shown_id(interaction: discord.Interaction[Any], error: Exception) -> int:
    """Return the id of an answer whose confirmation was lost, or raise ``error``."""
    try:
        return (await interaction.original_response()).id
    except (discord.HTTPException, *TRANSPORT):
        raise error from None


async def _turn_down(message: discord.Message, refused: Refused) -> None:
    """Refuse in public, with a button that tells only the asker why.

    Without a picture it may have been no order at all: that is answered openly, and kindly.
    """
    locale = message.guild.preferred_locale.value if message.guild else ""
    words, nonce = words_for(locale), f"no-{message.id}"
    if refused.code is Refusal.NO_PICTURE:
        await _reply(message, nonce, content=words.say(Say.MENTION_HINT))
        return
    told, buttons = Say.TURNED_DOWN, discord.ui.View(timeout=None)
    draft_id = refused.fields.get("draft")
    if isinstance(draft_id, str):
        told, refused = Say.UPLOAD_OFFERED, Refused(refused.code)
        buttons.add_item(UploadButton(message.author.id, draft_id, locale))
    buttons.add_item(WhyButton.of(message.author.id, refused, locale))
    await _reply(message, nonce, content=words.say(told), view=buttons)


@stamina.retry(on=PASSING, attempts=TRIES, wait_initial=0.2, wait_jitter=0.2)
async def _reply(message: discord.Message, nonce: str, **shown: Any) -> discord.Message:
    """Reply to a message; the nonce lets Discord drop what it has taken already."""
    reference = message.to_reference(fail_if_not_exists=False)
    return await message.channel.send(reference=reference, nonce=nonce, **shown)
