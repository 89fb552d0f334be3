"""``/video text``, ``image`` and ``long``: a film is ordered with a command.

Step 1 of the story. Never checks an order and never touches a task: the Desk does both.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui import choices
from bot.discord_ui.cards import Painter
from bot.discord_ui.orders import film_length, order_of
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.showing import Showing
from bot.discord_ui.words import words_for
from bot.domain.catalog import Door
from bot.pipeline.accounts import Accounts
from bot.pipeline.consent import Consent
from bot.pipeline.desk import Desk
from cogs.own_films import OwnFilms

Press = discord.Interaction[Any]
LONG_OPTIONS = {
    "image": "The picture the film begins with",
    "shot1": "What happens first",
    "shot2": "What happens then",
    "shot3": "The third shot",
    "shot4": "The fourth shot",
    "shot5": "The fifth shot",
    "shot6": "The last shot",
}


class Video(OwnFilms, commands.GroupCog, group_name="video", group_description="Make films"):
    """Orders; what a member has already is in ``OwnFilms``."""

    def __init__(
        self,
        desk: Desk,
        accounts: Accounts,
        consent: Consent,
        answers: FirstAnswers,
        painter: Painter,
        showing: Showing,
    ) -> None:
        self._answers = answers
        super().__init__(desk, accounts, consent, painter, showing)
        options = choices.with_prices(LONG_OPTIONS, desk.catalog, words_for(""))
        app_commands.describe(**options)(self.long)  # what so many shots come to

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
    @app_commands.describe(**LONG_OPTIONS)
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
