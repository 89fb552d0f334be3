"""The form of *Change words*: the order as it was, to be changed and sent once more.

Serves step 1. Its key is the task's id and the press that opened it. Whoever presses sees the whole
prompt, of which the card shows how it begins; never more of the task than that.
"""

from discord import ui

from bot.discord_ui.forms.fields import (
    LONGEST_TEXT,
    blank,
    film_field,
    offered,
    prompt_field,
    shots_field,
)
from bot.discord_ui.forms.storyboard import model_field, price_list
from bot.discord_ui.words import Say, Words
from bot.domain.catalog import Catalog, Door
from bot.domain.task import Task

VERB = "words"


def words_form(task: Task, press_id: int, catalog: Catalog, words: Words) -> ui.Modal:
    """Return the form, filled in with what the task was ordered as.

    Raises:
        Refused: no model that takes such an order is on sale.
    """
    door = Door(task.door)
    models = sorted(offered(catalog, door), key=lambda model: model.name != task.model)
    form = blank(VERB, f"{task.id}:{press_id}", words.say(Say.WORDS_TITLE))
    if door is Door.LONG:
        form.add_item(ui.TextDisplay(price_list(models, words)))
        form.add_item(shots_field(words, filled=task.prompts))
        if len(models) > 1:
            form.add_item(model_field(models, words))
    else:
        form.add_item(prompt_field(models, words, filled=task.prompt))
        form.add_item(film_field(models, words, chosen=(task.model, task.duration)))
    if len(task.prompt) > LONGEST_TEXT:
        form.add_item(ui.TextDisplay(words.say(Say.FORM_CUT, limit=LONGEST_TEXT)))
    return form
