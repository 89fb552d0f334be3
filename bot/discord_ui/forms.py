"""The *Animate image* form: what should happen, which model and length, which picture.

Serves the message menu. A form's submit is read from the interaction itself, because discord.py
forgets forms when the bot restarts; never keeps one in memory.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import discord
from discord import ui

from bot.discord_ui.pictures import Candidate
from bot.discord_ui.words import Say, Words
from bot.discord_ui.words.figures import one_line
from bot.domain.catalog import Catalog, Door, Model, seconds
from bot.domain.task import TOKEN_LIFE

ANIMATE = re.compile(r"clap:animate:(?P<message_id>\d+)")
MOST_CHOICES = 25


@dataclass(frozen=True, slots=True)
class Submission:
    """What a member filled in; the picture is the ``picture``-th of the message."""

    message_id: int
    prompt: str
    model: str | None
    duration: timedelta | None
    picture: int


def is_form(custom_id: str) -> bool:
    """Tell whether a custom id is that of one of our forms."""
    return ANIMATE.fullmatch(custom_id) is not None


def animate_form(
    message_id: int, pictures: Sequence[Candidate], catalog: Catalog, words: Words
) -> ui.Modal:
    """Return the form for the pictures of a message."""
    form = ui.Modal(
        title=words.say(Say.FORM_TITLE),
        custom_id=f"clap:animate:{message_id}",
        timeout=TOKEN_LIFE.total_seconds(),
    )
    form.add_item(_prompt(catalog, words))
    films = _films(catalog, words)
    if films:
        form.add_item(_select("film", words.say(Say.FORM_MODEL), films))
    if len(pictures) > 1:
        form.add_item(_select("picture", words.say(Say.FORM_PICTURE), _numbered(pictures, words)))
    return form


def read_animate_form(interaction: discord.Interaction[Any]) -> Submission | None:
    """Return what was submitted, or ``None`` where it is not this form."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    match = ANIMATE.fullmatch(interaction.custom_id or "")
    if match is None:
        return None
    values = _values(interaction)
    model, _, length = values.get("film", "").rpartition(":")
    return Submission(
        message_id=int(match["message_id"]),
        prompt=values.get("prompt", ""),
        model=model or None,
        duration=timedelta(seconds=int(length)) if length.isdecimal() else None,
        picture=int(values.get("picture", "0")),
    )


def _values(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """Return the first value of each field; a label wraps its field, an old row a list of them."""
    data: Any = interaction.data or {}
    fields = [row.get("component") or row["components"][0] for row in data.get("components", ())]
    return {
        field["custom_id"]: next(iter(field.get("values", ())), field.get("value") or "")
        for field in fields
        if "custom_id" in field
    }


def _prompt(catalog: Catalog, words: Words) -> ui.Label[ui.Modal]:
    """Ask for a sentence that every model on offer reads, so that none is typed in vain."""
    limits = (model.prompt_limit for model in catalog.behind(Door.IMAGE))
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="prompt",
        style=discord.TextStyle.paragraph,
        placeholder=words.say(Say.FORM_PROMPT_HINT),
        max_length=min(limits, default=None),
        required=False,
    )
    return ui.Label(text=words.say(Say.FORM_PROMPT), component=text)


def _select(name: str, label: str, options: list[discord.SelectOption]) -> ui.Label[ui.Modal]:
    options[0].default = True
    select: ui.Select[ui.Modal] = ui.Select(custom_id=name, options=options, required=False)
    return ui.Label(text=label, component=select)


def _films(catalog: Catalog, words: Words) -> list[discord.SelectOption]:
    every = (
        _film(model, duration, words)
        for model in catalog.behind(Door.IMAGE)
        for duration in model.durations
    )
    return list(islice(every, MOST_CHOICES))


def _film(model: Model, duration: timedelta, words: Words) -> discord.SelectOption:
    return discord.SelectOption(
        label=f"{model.title} · {seconds(duration)} s",
        description=words.say(Say.FORM_MODEL_HINT, credits=model.price.of(duration)),
        value=f"{model.name}:{seconds(duration)}",
    )


def _numbered(pictures: Sequence[Candidate], words: Words) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=words.say(Say.FORM_PICTURE_CHOICE, number=number + 1),
            description=one_line(picture.name)[:100] or None,
            value=str(number),
        )
        for number, picture in enumerate(pictures)
    ]
