"""``/video list``, ``show``, ``cancel``, ``credits``, ``privacy``: what a member has, and decides.

Beside the story. All answers are private; never orders a film.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui import choices
from bot.discord_ui.cards import Painter
from bot.discord_ui.orders import caller_of
from bot.discord_ui.privacy import choice_shown
from bot.discord_ui.showing import Showing
from bot.discord_ui.statements import credit_statement, film_list
from bot.discord_ui.words import words_for
from bot.domain.task import ENDED
from bot.pipeline.accounts import Accounts
from bot.pipeline.consent import Consent
from bot.pipeline.desk import Desk

Press = discord.Interaction[Any]

ALLOW, REFUSE = "allow", "refuse"
OTHERS = [app_commands.Choice(name=choice, value=choice) for choice in (ALLOW, REFUSE)]


class OwnFilms(commands.Cog):
    """A part of ``/video``, which is one group and therefore one cog: ``Video`` takes it over."""

    def __init__(
        self, desk: Desk, accounts: Accounts, consent: Consent, painter: Painter, showing: Showing
    ) -> None:
        self._desk = desk
        self._accounts = accounts
        self._consent = consent
        self._painter = painter
        self._showing = showing
        super().__init__()

    @app_commands.command(name="list", description="Your newest films")
    async def list_films(self, interaction: Press) -> None:
        """List the caller's films."""
        tasks = await self._desk.recent(caller_of(interaction))
        text = film_list(tasks, words_for(interaction.locale.value))
        await interaction.response.send_message(text, ephemeral=True, suppress_embeds=True)

    @app_commands.command(description="One film: how it stands, and the film itself")
    @app_commands.rename(task_id="id")
    @app_commands.describe(task_id="The film's id; the list shows yours")
    async def show(self, interaction: Press, task_id: str) -> None:
        """Show a private copy of a card, with the film."""
        await interaction.response.defer(ephemeral=True)
        view = await self._desk.view(caller_of(interaction), task_id)
        await self._showing.card(interaction, view)

    @app_commands.command(description="Cancel a film that is not being made yet")
    @app_commands.rename(task_id="id")
    @app_commands.describe(task_id="The film's id; the list shows yours")
    async def cancel(self, interaction: Press, task_id: str) -> None:
        """Cancel a film."""
        await interaction.response.defer(ephemeral=True)
        view = await self._desk.cancel(caller_of(interaction), task_id)
        await interaction.edit_original_response(view=self._painter.draw(view))

    @app_commands.command(name="credits", description="Your credits: spent, held, left, renewed")
    async def show_credits(self, interaction: Press) -> None:
        """Show the caller's own credits."""
        standing = await self._accounts.standing(caller_of(interaction))
        words = words_for(interaction.locale.value)
        text = credit_statement(standing, interaction.user.id, words)
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command(description="Whether others may animate your pictures and your avatar")
    @app_commands.describe(others="Leave it empty to see how it stands")
    @app_commands.choices(others=OTHERS)
    async def privacy(self, interaction: Press, others: str | None = None) -> None:
        """Make the caller's choice, and show it."""
        caller = caller_of(interaction)
        if others is not None:
            await self._consent.choose(caller, refuse=others == REFUSE)
        refuses = await self._consent.refuses(caller.guild_id, caller.member_id)
        text, view = choice_shown(interaction.locale.value, refuses=refuses)
        await interaction.response.send_message(text, view=view, ephemeral=True)

    @show.autocomplete("task_id")
    async def _films(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        tasks = await self._desk.recent(caller_of(interaction), limit=25)
        return choices.films(tasks, typed, words_for(interaction.locale.value))

    @cancel.autocomplete("task_id")
    async def _unended(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        tasks = await self._desk.recent(caller_of(interaction), limit=25)
        running = [task for task in tasks if task.shown_state not in ENDED]
        return choices.films(running, typed, words_for(interaction.locale.value))
