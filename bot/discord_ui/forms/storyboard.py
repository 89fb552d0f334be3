"""The *Storyboard* form: one shot on each line, and what so many of them cost.

Serves step 1 for long films. Carries nothing but its draft's id; never counts the shots itself:
the Desk does.
"""

import discord
from discord import ui

from bot.discord_ui.forms.fields import (
    FILM,
    LONGEST_TEXT,
    MOST_CHOICES,
    Field,
    blank,
    menu_field,
    offered,
    picture_field,
    shots_field,
)
from bot.discord_ui.words import Say, Words
from bot.domain.catalog import Catalog, Model, seconds
from bot.domain.draft import Draft

VERB = "storyboard"


def storyboard_form(draft: Draft, catalog: Catalog, words: Words) -> ui.Modal:
    """Return the form for a draft's pictures; it shows length and price for each count of shots."""
    models = offered(catalog, draft.door)
    form = blank(VERB, draft.id, words.say(Say.STORYBOARD_TITLE))
    form.add_item(ui.TextDisplay(price_list(models, words)))
    form.add_item(shots_field(words))
    if len(models) > 1:
        form.add_item(model_field(models, words))
    if len(draft.pictures) > 1:
        form.add_item(picture_field(draft.names, words))
    return form


def price_list(models: list[Model], words: Words) -> str:
    """Return a line for each count of shots, below each model's title where there are several.

    Of more models than one text holds, those at the end are left to the menu.
    """
    shown = ""
    for model in models:
        lines = [f"**{model.title}**"] if len(models) > 1 else []
        lines += [price_of_shots(model, n, words) for n in range(1, model.shots_limit + 1)]
        longer = "\n".join(filter(None, (shown, *lines)))
        if len(longer) > LONGEST_TEXT:
            break
        shown = longer
    return shown


def price_of_shots(model: Model, count: int, words: Words) -> str:
    """Return what so many shots come to: ``3 shots · 15 s · 225 credits``."""
    length = (model.shot or model.default_duration) * count
    what = Say.STORYBOARD_SHOT if count == 1 else Say.STORYBOARD_SHOTS
    price = model.price.of(length)
    return words.say(what, count=count, seconds=seconds(length), credits=price)


def model_field(models: list[Model], words: Words) -> Field:
    """Ask for the model, each with the price of its first shot; ``Sent.model`` reads it."""
    options = [
        discord.SelectOption(
            label=model.title,
            description=price_of_shots(model, 1, words),
            value=f"{model.name}:",
        )
        for model in models[:MOST_CHOICES]
    ]
    return menu_field(FILM, words.say(Say.STORYBOARD_MODEL), options)
