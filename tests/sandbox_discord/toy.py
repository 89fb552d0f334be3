"""A small bot on the real discord.py, with one command for each thing the sandbox must stand."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from sandbox.discord import Discord

TOKEN = "canary-token"


class Stop(ui.DynamicItem[ui.Button[Any]], template=r"toy:stop:(?P<task>\d+)"):
    """A button that carries its task in its custom id."""

    def __init__(self, task: int) -> None:
        button: ui.Button[Any] = ui.Button(label="Cancel", custom_id=f"toy:stop:{task}")
        super().__init__(button)
        self.task = task

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["task"]))

    @override
    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=card(f"task {self.task} cancelled"))


def card(text: str, *, task: int | None = None) -> ui.LayoutView:
    """Return a Components V2 card."""
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(ui.TextDisplay(text))
    if task is not None:
        box.add_item(ui.ActionRow(Stop(task)))
    view.add_item(box)
    return view


class Ask(ui.Modal, title="Animate"):
    """A form with every input the bot uses."""

    prompt: ui.Label[Any] = ui.Label(
        text="Prompt", component=ui.TextInput(custom_id="prompt", max_length=50)
    )
    model: ui.Label[Any] = ui.Label(
        text="Model",
        component=ui.Select(
            custom_id="model",
            options=[discord.SelectOption(label=m, value=m) for m in ("i2v", "lv")],
        ),
    )
    picture: ui.Label[Any] = ui.Label(
        text="Picture",
        component=ui.FileUpload(custom_id="picture", required=False),
    )

    @override
    async def on_submit(self, interaction: discord.Interaction) -> None:
        prompt, model, picture = self.prompt.component, self.model.component, self.picture.component
        assert isinstance(prompt, ui.TextInput)
        assert isinstance(model, ui.Select)
        assert isinstance(picture, ui.FileUpload)
        sizes = [len(await file.read()) for file in picture.values]
        told = f"{prompt.value} / {model.values} / {sizes}"
        await interaction.response.send_message(view=card(told))


class Toy(commands.AutoShardedBot):
    """The bot.

    Attributes:
        heard: The messages it was told of.
        interactions: What members did.
        hold: Set it to let the slow commands go on.
    """

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents.default())
        super().__init__(command_prefix="!", intents=intents, guild_ready_timeout=0.05, **options)
        self.heard: list[discord.Message] = []
        self.interactions: list[discord.Interaction] = []
        self.hold = asyncio.Event()

    @override
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Stop)
        offered: tuple[Any, ...] = (group, animate, private, think, slow)
        for command in offered:
            self.tree.add_command(command)
        await self.tree.sync()

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        self.heard.append(message)
        if self.user in message.mentions and message.reference:
            seen = message.reference.resolved
            files = seen.attachments if isinstance(seen, discord.Message) else []
            await message.reply(f"I see {len(files)} pictures")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Remember every interaction."""
        self.interactions.append(interaction)


group = app_commands.Group(name="video", description="Make videos", guild_only=True)


@group.command(name="text", description="A video from a sentence")
async def text(
    interaction: discord.Interaction,
    prompt: app_commands.Range[str, 1, 100],
    model: str = "t2v",
    duration: app_commands.Range[int, 1, 60] = 5,
) -> None:
    """Answer with a card."""
    await interaction.response.send_message(view=card(f"{prompt} {model} {duration}", task=7))


@text.autocomplete("model")
async def models(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest models."""
    known = ("t2v", "t2v_v3", "sora-2")
    return [app_commands.Choice(name=m, value=m) for m in known if m.startswith(current)]


@group.command(name="image", description="A video from a picture")
async def image(interaction: discord.Interaction, image: discord.Attachment) -> None:
    """Answer with what arrived."""
    data = await image.read()
    told = f"{image.filename} {image.content_type} {len(data)}"
    await interaction.response.send_message(told, ephemeral=True)


@app_commands.context_menu(name="Animate image")
async def animate(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form."""
    await interaction.response.send_modal(Ask(title=f"Animate {len(message.attachments)}"))


@app_commands.command(name="private", description="Answer privately")
@app_commands.default_permissions(manage_guild=True)
async def private(interaction: discord.Interaction) -> None:
    """Answer where only the member sees it."""
    await interaction.response.send_message("only you", ephemeral=True)
    await interaction.followup.send("everyone")


@app_commands.command(name="think", description="Answer later")
async def think(interaction: discord.Interaction) -> None:
    """Think first."""
    await interaction.response.defer()
    await bot_of(interaction).hold.wait()
    await interaction.edit_original_response(content="thought")


@app_commands.command(name="slow", description="Never answer in time")
async def slow(interaction: discord.Interaction) -> None:
    """Wait until told to."""
    await bot_of(interaction).hold.wait()


def bot_of(interaction: discord.Interaction) -> Toy:
    """Return the bot an interaction came to."""
    assert isinstance(interaction.client, Toy)
    return interaction.client


@contextlib.asynccontextmanager
async def running(server: Discord, bot: Toy) -> AsyncIterator[Toy]:
    """Run the bot against a server until the block ends."""
    usual = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = server.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    task = asyncio.create_task(bot.start(TOKEN))
    try:
        await _first(asyncio.create_task(server.bot_ready()), task)
        await bot.wait_until_ready()
        yield bot
    finally:
        bot.hold.set()
        await bot.close()
        await asyncio.wait([task])
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = usual


async def _first(ready: asyncio.Task[None], bot: asyncio.Task[None]) -> None:
    """Return when the bot is ready; raise what ended it, if it ends before."""
    done, _ = await asyncio.wait([ready, bot], return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    for task in done:
        task.result()
