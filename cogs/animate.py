"""Animating what is already in Discord: the message menu, its form, and mentions.

Step 1 of the story for pictures that somebody has posted. Never looks for a picture itself: the
Album does.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.discord_ui.album import Album
from bot.discord_ui.forms import animate_form, read_animate_form
from bot.discord_ui.mentions import asks_us, order_of_mention
from bot.discord_ui.orders import order_of
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.words import words_for
from bot.domain.catalog import Catalog, Door


class Animate(commands.Cog):
    """The doors for posted pictures."""

    def __init__(
        self, client: commands.AutoShardedBot, catalog: Catalog, answers: FirstAnswers, album: Album
    ) -> None:
        self._client = client
        self._catalog = catalog
        self._answers = answers
        self._album = album
        self._menu = app_commands.ContextMenu(name="Animate image", callback=self.animate_image)

    @override
    async def cog_load(self) -> None:
        """Add the menu; a cog cannot declare one."""
        self._client.tree.add_command(self._menu)

    @override
    async def cog_unload(self) -> None:
        """Take the menu away."""
        self._client.tree.remove_command(self._menu.name, type=self._menu.type)

    async def animate_image(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Open the form for a message's pictures."""
        pictures = self._album.remember(message)
        words = words_for(interaction.locale.value)
        form = animate_form(message.id, pictures, self._catalog, words)
        await interaction.response.send_modal(form)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take a submitted form, also one that was opened before a restart."""
        form = read_animate_form(interaction)
        if form is None:
            return
        channel_id = interaction.channel_id or 0
        url = await self._album.picture(channel_id, form.message_id, form.picture)
        order = order_of(
            interaction,
            Door.IMAGE,
            form.prompt,
            model=form.model,
            duration=form.duration,
            picture_url=url,
        )
        await self._answers.to_interaction(interaction, order)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take an order from a message that mentions us."""
        if asks_us(message):
            await self._answers.to_message(message, order_of_mention(message, self._album))
