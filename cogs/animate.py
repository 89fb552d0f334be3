"""Animating what is already in Discord: the menus, their forms, and mentions.

Step 1 of the story for pictures that somebody has posted, or wears. Never looks for a picture
itself: the Album does.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.discord_ui.album import Album
from bot.discord_ui.buttons import UploadButton
from bot.discord_ui.forms import Sent, animate_form, storyboard_form, upload_form
from bot.discord_ui.mentions import asks_us, order_of_mention
from bot.discord_ui.orders import caller_of, order_of
from bot.discord_ui.replies import FirstAnswers
from bot.discord_ui.words import words_for
from bot.domain.catalog import Catalog, Door
from bot.domain.order import Order
from bot.errors import Refusal, Refused
from bot.pipeline.drafts import Drafts

Press = discord.Interaction[Any]


class Animate(commands.Cog):
    """The doors for posted pictures and for avatars."""

    def __init__(
        self,
        client: commands.AutoShardedBot,
        catalog: Catalog,
        answers: FirstAnswers,
        album: Album,
        drafts: Drafts,
    ) -> None:
        self._client = client
        self._catalog = catalog
        self._answers = answers
        self._album = album
        self._drafts = drafts
        self._menus = [
            app_commands.ContextMenu(name="Animate image", callback=self.animate_image),
            app_commands.ContextMenu(name="Storyboard", callback=self.storyboard),
            app_commands.ContextMenu(name="Animate avatar", callback=self.animate_avatar),
        ]

    @override
    async def cog_load(self) -> None:
        """Add the menus; a cog cannot declare them."""
        for menu in self._menus:
            self._client.tree.add_command(menu)

    @override
    async def cog_unload(self) -> None:
        """Take the menus away."""
        for menu in self._menus:
            self._client.tree.remove_command(menu.name, type=menu.type)

    async def animate_image(self, interaction: Press, message: discord.Message) -> None:
        """Open the form for a message's pictures."""
        draft = await self._album.of_message(interaction, message, Door.IMAGE)
        words = words_for(interaction.locale.value)
        await interaction.response.send_modal(animate_form(draft, self._catalog, words))

    async def storyboard(self, interaction: Press, message: discord.Message) -> None:
        """Open the form for a long film that begins with one of a message's pictures."""
        draft = await self._album.of_message(interaction, message, Door.LONG)
        words = words_for(interaction.locale.value)
        await interaction.response.send_modal(storyboard_form(draft, self._catalog, words))

    async def animate_avatar(self, interaction: Press, user: discord.Member | discord.User) -> None:
        """Open the form for somebody's avatar."""
        draft = await self._album.of_avatar(interaction, user)
        words = words_for(interaction.locale.value)
        await interaction.response.send_modal(animate_form(draft, self._catalog, words))

    @commands.Cog.listener()
    async def on_animate_submitted(self, interaction: Press, sent: Sent) -> None:
        """Take the form of a picture or an avatar."""
        await self._answers.to_interaction(interaction, self._order(interaction, sent, sent.prompt))

    @commands.Cog.listener()
    async def on_storyboard_submitted(self, interaction: Press, sent: Sent) -> None:
        """Take the form of a long film."""
        await self._answers.to_interaction(interaction, self._order(interaction, sent, *sent.shots))

    async def _order(self, interaction: Press, sent: Sent, *prompts: str) -> Order:
        """Return what a form asks for; however often it is sent, it is one order."""
        draft = await self._drafts.find(caller_of(interaction), sent.key)
        url = await self._album.picture(draft, sent.picture)
        return order_of(
            interaction,
            draft.door,
            *prompts,
            model=sent.model,
            duration=sent.duration,
            picture_url=url,
            source=draft.source,
            key=f"draft:{draft.id}",
        )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take an order from a message that mentions us."""
        if asks_us(message):
            await self._answers.to_message(message, order_of_mention(message, self._album))

    @commands.Cog.listener()
    async def on_upload_pressed(self, interaction: Press, button: UploadButton) -> None:
        """Open the upload form for whoever mentioned us, with the words they wrote."""
        caller = caller_of(interaction)
        if caller.member_id != button.asker_id:
            raise Refused(Refusal.NOT_YOUR_FORM)
        prompt = await self._drafts.words(caller, button.draft_id)
        words = words_for(interaction.locale.value)
        await interaction.response.send_modal(upload_form(prompt, self._catalog, words))

    @commands.Cog.listener()
    async def on_upload_submitted(self, interaction: Press, sent: Sent) -> None:
        """Take the form with a picture of the member's own."""
        order = order_of(
            interaction,
            Door.IMAGE,
            sent.prompt,
            model=sent.model,
            duration=sent.duration,
            picture_url=sent.upload,
            key=f"draft:{sent.key}",
        )
        await self._answers.to_interaction(interaction, order)
