"""``/video``: order a film, and see to one's own films and credits.

Step 1 of the story. Never checks an order and never touches a task: the Desk does both.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui import choices
from bot.discord_ui.buttons import FullQualityButton, WhyButton, why
from bot.discord_ui.cards import Painter
from bot.discord_ui.orders import caller_of, film_length, order_of, presser_of
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.showing import Showing
from bot.discord_ui.statements import credit_statement, film_list
from bot.discord_ui.words import words_for
from bot.domain.catalog import Door
from bot.domain.task import ENDED
from bot.pipeline.accounts import Accounts
from bot.pipeline.desk import Desk

Press = discord.Interaction[Any]


class Video(commands.GroupCog, group_name="video", group_description="Make films"):
    """Orders, and a member's own films."""

    def __init__(
        self, desk: Desk, accounts: Accounts, answers: FirstAnswers, painter: Painter
    ) -> None:
        self._desk = desk
        self._accounts = accounts
        self._answers = answers
        self._painter = painter
        self._showing = Showing(desk, painter)
        super().__init__()

    @app_commands.command(description="Make a film from a sentence")
    @app_commands.describe(
        prompt="What should happen in the film",
        model="Who makes it; the prices are in the list",
        aspect="The film's shape",
        duration="The film's length in seconds",
    )
    async def text(
        self,
        interaction: Press,
        prompt: str,
        model: str | None = None,
        aspect: str | None = None,
        duration: int | None = None,
    ) -> None:
        """Order a film from a sentence."""
        order = order_of(
            interaction,
            Door.TEXT,
            prompt,
            model=model,
            aspect=aspect,
            duration=film_length(duration),
        )
        await self._answers.to_interaction(interaction, order)

    @app_commands.command(description="Make a film from a picture")
    @app_commands.describe(
        image="The picture to bring to life",
        prompt="What should happen in the film",
        model="Who makes it; the prices are in the list",
        duration="The film's length in seconds",
    )
    async def image(
        self,
        interaction: Press,
        image: discord.Attachment,
        prompt: str | None = None,
        model: str | None = None,
        duration: int | None = None,
    ) -> None:
        """Order a film from a picture."""
        order = order_of(
            interaction,
            Door.IMAGE,
            prompt,
            model=model,
            duration=film_length(duration),
            picture_url=image.url,
        )
        await self._answers.to_interaction(interaction, order)

    @app_commands.command(description="Make a long film from a picture and one sentence a shot")
    @app_commands.describe(
        image="The picture the film begins with",
        shot1="What happens first",
        shot2="What happens then",
        shot3="The third shot",
        shot4="The fourth shot",
        shot5="The fifth shot",
        shot6="The last shot",
    )
    async def long(
        self,
        interaction: Press,
        image: discord.Attachment,
        shot1: str,
        shot2: str | None = None,
        shot3: str | None = None,
        shot4: str | None = None,
        shot5: str | None = None,
        shot6: str | None = None,
    ) -> None:
        """Order a film of several shots."""
        shots = (shot1, shot2, shot3, shot4, shot5, shot6)
        order = order_of(interaction, Door.LONG, *shots, picture_url=image.url)
        await self._answers.to_interaction(interaction, order)

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

    @commands.Cog.listener()
    async def on_cancel_pressed(self, interaction: Press, task_id: str) -> None:
        """Cancel from the card's button."""
        await interaction.response.defer()
        await self._desk.cancel(caller_of(interaction), task_id)  # the Mailbox edits the card

    @commands.Cog.listener()
    async def on_full_quality_pressed(self, interaction: Press, button: FullQualityButton) -> None:
        """Hand the whole film to whoever can see it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await self._desk.view(presser_of(interaction, button.guild_id), button.task_id)
        await self._showing.film(interaction, view.task)

    @commands.Cog.listener()
    async def on_why_pressed(self, interaction: Press, button: WhyButton) -> None:
        """Explain a public refusal to its asker."""
        standing = await self._accounts.standing(caller_of(interaction))
        text = why(button, interaction.user.id, standing, interaction.locale.value)
        await interaction.response.send_message(text, ephemeral=True)

    @text.autocomplete("model")
    async def _text_models(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        words = words_for(interaction.locale.value)
        return choices.models(self._desk.catalog, Door.TEXT, typed, words)

    @image.autocomplete("model")
    async def _image_models(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        words = words_for(interaction.locale.value)
        return choices.models(self._desk.catalog, Door.IMAGE, typed, words)

    @text.autocomplete("aspect")
    async def _aspects(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return choices.aspects(self._desk.catalog, interaction.namespace.model, typed)

    @text.autocomplete("duration")
    async def _text_lengths(self, interaction: Press, typed: Any) -> list[app_commands.Choice[int]]:
        words, model = words_for(interaction.locale.value), interaction.namespace.model
        return choices.lengths(self._desk.catalog, Door.TEXT, model, words)

    @image.autocomplete("duration")
    async def _image_lengths(
        self, interaction: Press, typed: Any
    ) -> list[app_commands.Choice[int]]:
        words, model = words_for(interaction.locale.value), interaction.namespace.model
        return choices.lengths(self._desk.catalog, Door.IMAGE, model, words)

    @show.autocomplete("task_id")
    async def _films(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        tasks = await self._desk.recent(caller_of(interaction), limit=25)
        return choices.films(tasks, typed, words_for(interaction.locale.value))

    @cancel.autocomplete("task_id")
    async def _unended(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        tasks = await self._desk.recent(caller_of(interaction), limit=25)
        running = [task for task in tasks if task.shown_state not in ENDED]
        return choices.films(running, typed, words_for(interaction.locale.value))
