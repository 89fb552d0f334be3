"""The form of *Continue*: what happens next, and how much film of it.

Serves step 1. Its key is the task's id and the press that opened it; never takes a picture: the
film's last one is found when the form is sent.
"""

from discord import ui

from bot.discord_ui.forms.fields import blank, film_field, offered, prompt_field
from bot.discord_ui.words import Say, Words
from bot.domain.catalog import Catalog, Door
from bot.domain.encore import nearest_first
from bot.domain.task import Task

VERB = "continue"


def continue_form(task: Task, press_id: int, catalog: Catalog, words: Words) -> ui.Modal:
    """Return the form; model and length are as near to the task's as can be.

    Raises:
        Refused: no model that takes a picture is on sale.
    """
    models = nearest_first(task, offered(catalog, Door.IMAGE))
    form = blank(VERB, f"{task.id}:{press_id}", words.say(Say.CONTINUE_TITLE))
    form.add_item(prompt_field(models, words, asks=Say.CONTINUE_PROMPT, hint=Say.CONTINUE_HINT))
    form.add_item(film_field(models, words, chosen=(models[0].name, task.duration)))
    return form
