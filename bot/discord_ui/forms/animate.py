"""The form of *Animate image* and *Animate avatar*: what should happen, and how much film.

Serves step 1. Carries nothing but its draft's id.
"""

from discord import ui

from bot.discord_ui.forms.fields import blank, film_field, offered, picture_field, prompt_field
from bot.discord_ui.words import Say, Words
from bot.domain.catalog import Catalog
from bot.domain.draft import Draft

VERB = "animate"


def animate_form(draft: Draft, catalog: Catalog, words: Words) -> ui.Modal:
    """Return the form for a draft's pictures; with several, it asks which."""
    models = offered(catalog, draft.door)
    form = blank(VERB, draft.id, words.say(Say.FORM_TITLE))
    form.add_item(prompt_field(models, words, filled=draft.prompt))
    form.add_item(film_field(models, words))
    if len(draft.pictures) > 1:
        form.add_item(picture_field(draft.names, words))
    return form
