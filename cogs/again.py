"""Once more: *Again*, *Try again*, *Change words* and *Continue*, below films and failure cards.

Step 1 of the story for what was made, or was to be made, before. Anybody who sees the button may
press it: the words are on the card, and whoever presses pays. Never looks for a picture or a film:
the Desk has them brought.
"""

from typing import Any

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.discord_ui.buttons import AgainButton, ContinueButton, WordsButton
from bot.discord_ui.forms import Sent, continue_form, words_form
from bot.discord_ui.orders import caller_of, order_of
from bot.discord_ui.presses import Presses
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.words import words_for
from bot.domain import encore
from bot.domain.catalog import Catalog, Door
from bot.domain.order import Order
from bot.domain.task import Task
from bot.errors import Refusal, Refused
from bot.pipeline.encores import Encores

Press = discord.Interaction[Any]


class Again(commands.Cog):
    """The doors that begin with an earlier task."""

    def __init__(
        self, encores: Encores, catalog: Catalog, answers: FirstAnswers, clock: Clock
    ) -> None:
        self._encores = encores
        self._catalog = catalog
        self._answers = answers
        self._presses = Presses(clock)

    @commands.Cog.listener()
    async def on_again_pressed(self, interaction: Press, button: AgainButton) -> None:
        """Order the same once more."""
        _expect_commands_allowed(interaction)
        with self._presses.one(interaction.user.id, button.task_id):
            await self._answers.to_interaction(
                interaction, self._same_order(interaction, button.task_id)
            )

    @commands.Cog.listener()
    async def on_words_pressed(self, interaction: Press, button: WordsButton) -> None:
        """Open the order as a form."""
        _expect_commands_allowed(interaction)
        task = await self._task(interaction, button.task_id)
        words = words_for(interaction.locale.value)
        form = words_form(task, interaction.id, self._catalog, words)
        await interaction.response.send_modal(form)

    @commands.Cog.listener()
    async def on_continue_pressed(self, interaction: Press, button: ContinueButton) -> None:
        """Open the form for what happens next."""
        _expect_commands_allowed(interaction)
        task = await self._task(interaction, button.task_id)
        words = words_for(interaction.locale.value)
        form = continue_form(task, interaction.id, self._catalog, words)
        await interaction.response.send_modal(form)

    @commands.Cog.listener()
    async def on_words_submitted(self, interaction: Press, sent: Sent) -> None:
        """Take the changed order."""
        await self._answers.to_interaction(interaction, self._changed_order(interaction, sent))

    @commands.Cog.listener()
    async def on_continue_submitted(self, interaction: Press, sent: Sent) -> None:
        """Take the order for what happens next."""
        await self._answers.to_interaction(interaction, self._next_order(interaction, sent))

    async def _same_order(self, interaction: Press, task_id: str) -> Order:
        task = await self._task(interaction, task_id)
        return encore.again(task, order_of(interaction, Door(task.door)), self._catalog)

    async def _changed_order(self, interaction: Press, sent: Sent) -> Order:
        task_id, press_id = _opened_on(sent)
        task = await self._task(interaction, task_id)
        door = Door(task.door)
        return encore.reworded(
            task,
            order_of(interaction, door, key=f"form:{press_id}"),
            self._catalog,
            prompts=sent.shots if door is Door.LONG else (sent.prompt,),
            model=sent.model,
            duration=sent.duration,
        )

    async def _next_order(self, interaction: Press, sent: Sent) -> Order:
        task_id, press_id = _opened_on(sent)
        task = await self._task(interaction, task_id)
        return encore.continued(
            task,
            order_of(interaction, Door.IMAGE, key=f"form:{press_id}"),
            prompt=sent.prompt,
            model=sent.model,
            duration=sent.duration,
        )

    async def _task(self, interaction: Press, task_id: str) -> Task:
        return await self._encores.task(caller_of(interaction), task_id)


def _opened_on(sent: Sent) -> tuple[str, str]:
    """Return the task's id and the press that opened the form; the same press, the same order."""
    task_id, _, press_id = sent.key.partition(":")
    return task_id, press_id


def _expect_commands_allowed(interaction: Press) -> None:
    """Refuse who may not use commands here: a button must be no way around that."""
    if interaction.guild_id is not None and not interaction.permissions.use_application_commands:
        raise Refused(Refusal.NOT_PERMITTED, permission="Use Application Commands")
