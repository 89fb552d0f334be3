"""The fields that forms are made of, each the same wherever it is asked.

Serves every form. A field's custom id is what ``Sent`` reads it by; never knows which form it
stands in.
"""

from collections.abc import Sequence
from datetime import timedelta

import discord
from discord import ui

from bot.discord_ui.words import Say, Words
from bot.discord_ui.words.figures import one_line
from bot.domain.catalog import Catalog, Door, Model, seconds
from bot.errors import Refusal, Refused

PROMPT, FILM, PICTURE, SHOTS, UPLOAD = "prompt", "film", "picture", "shots", "upload"
"""The custom ids of the fields."""
MOST_CHOICES = 25
LONGEST_TEXT = 4000
"""Discord's limits for a menu and for one text."""
LONGEST_CHOICE = 100

Field = ui.Label[ui.Modal]


def blank(verb: str, key: str, title: str) -> ui.Modal:
    """Return an empty form; sent, it is heard as ``<verb>_submitted(interaction, sent)``.

    Args:
        verb: what it is for, one of ``forms.VERBS``.
        key: what it was opened on; comes back as ``sent.key``.
        title: what stands above it, at most 45 characters.
    """
    form = ui.Modal(title=title, custom_id=f"clap:{verb}:{key}")
    form.stop()  # discord.py need not remember it: whichever bot is running reads what is sent
    return form


def offered(catalog: Catalog, door: Door) -> list[Model]:
    """Return the models that a form can offer.

    Raises:
        Refused: there are none; better before anything is typed than after.
    """
    models = catalog.behind(door)
    if not models:
        raise Refused(Refusal.MODEL_OFF, model=door.value, choices=())
    return models


def prompt_field(
    models: Sequence[Model],
    words: Words,
    *,
    filled: str = "",
    asks: Say = Say.FORM_PROMPT,
    hint: Say = Say.FORM_PROMPT_HINT,
) -> Field:
    """Ask for a sentence that every model on offer reads, so that none is typed in vain.

    What is ``filled`` in already may be longer: somebody had it read by a model that takes more.
    """
    limit = min((model.prompt_limit for model in models), default=LONGEST_TEXT)
    limit = min(max(limit, len(filled)), LONGEST_TEXT)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        placeholder=words.say(hint),
        default=filled[:limit] or None,
        max_length=limit,
        required=False,
    )
    return ui.Label(text=words.say(asks), component=text)


def shots_field(words: Words, *, filled: Sequence[str] = ()) -> Field:
    """Ask for the shots of a long film, one on each line."""
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=SHOTS,
        style=discord.TextStyle.paragraph,
        placeholder=words.say(Say.FORM_SHOTS_HINT),
        default="\n".join(filled)[:LONGEST_TEXT] or None,
        max_length=LONGEST_TEXT,
        required=False,
    )
    return ui.Label(text=words.say(Say.FORM_SHOTS), component=text)


def film_field(
    models: Sequence[Model], words: Words, *, chosen: tuple[str, timedelta] | None = None
) -> Field:
    """Ask for model and length in one list, each with its price.

    Args:
        models: those to choose from; at least one with a length.
        words: the language.
        chosen: model and length that are chosen already; else, or where not on offer, the first.
    """
    options = [_film(model, duration, words) for model, duration in _on_show(models, chosen)]
    wanted = None if chosen is None else film_value(*chosen)
    return menu_field(FILM, words.say(Say.FORM_MODEL), options, wanted)


def _on_show(
    models: Sequence[Model], chosen: tuple[str, timedelta] | None
) -> list[tuple[Model, timedelta]]:
    """Return what fits into one menu: of every model the short films before any long one.

    What is chosen already is always among them.
    """
    films = [
        ((model.name, duration) != chosen, rank, place, model, duration)
        for place, model in enumerate(models)
        for rank, duration in enumerate(model.durations)
    ]
    shown = sorted(films, key=lambda film: film[:3])[:MOST_CHOICES]
    shown.sort(key=lambda film: (film[2], film[1]))
    return [(model, duration) for *_, model, duration in shown]


def picture_field(names: Sequence[str], words: Words) -> Field:
    """Ask which of several pictures; Discord shows none inside a form, so by number and name."""
    options = [
        discord.SelectOption(
            label=words.say(Say.FORM_PICTURE_CHOICE, number=number),
            description=one_line(name)[:LONGEST_CHOICE] or None,
            value=str(number - 1),
        )
        for number, name in enumerate(names[:MOST_CHOICES], 1)
    ]
    return menu_field(PICTURE, words.say(Say.FORM_PICTURE), options)


def upload_field(words: Words) -> Field:
    """Ask for a picture from the member's own device."""
    upload: ui.FileUpload[ui.Modal] = ui.FileUpload(custom_id=UPLOAD, required=True, max_values=1)
    return ui.Label(text=words.say(Say.FORM_UPLOAD), component=upload)


def menu_field(
    name: str, label: str, options: list[discord.SelectOption], wanted: str | None = None
) -> Field:
    """Ask for one of several; the one whose value is ``wanted``, else the first, is chosen."""
    chosen = next((option for option in options if option.value == wanted), options[0])
    chosen.default = True
    select: ui.Select[ui.Modal] = ui.Select(custom_id=name, options=options, required=False)
    return ui.Label(text=label, component=select)


def film_value(model: str, duration: timedelta) -> str:
    """Return how a choice of model and length is written: ``i2v:5``."""
    return f"{model}:{seconds(duration)}"


def _film(model: Model, duration: timedelta, words: Words) -> discord.SelectOption:
    return discord.SelectOption(
        label=f"{model.title} · {seconds(duration)} s",
        description=words.say(Say.FORM_MODEL_HINT, credits=model.price.of(duration)),
        value=film_value(model.name, duration),
    )
