"""The form that takes a picture from a member's own device.

Serves step 1 where Discord hides a posted picture from us. Needs no draft: all it asks for comes
with it.
"""

from discord import ui

from bot.discord_ui.forms.fields import blank, film_field, offered, prompt_field, upload_field
from bot.discord_ui.words import Say, Words
from bot.domain.catalog import Catalog, Door
from bot.domain.draft import new_draft_id

VERB = "upload"


def upload_form(prompt: str, catalog: Catalog, words: Words) -> ui.Modal:
    """Return a fresh form; ``prompt`` is what was asked for before."""
    models = offered(catalog, Door.IMAGE)
    form = blank(VERB, new_draft_id(), words.say(Say.FORM_UPLOAD_TITLE))
    form.add_item(upload_field(words))
    form.add_item(prompt_field(models, words, filled=prompt))
    form.add_item(film_field(models, words))
    return form
