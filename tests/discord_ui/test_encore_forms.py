"""The forms of *Change words* and *Continue*: filled in with what was, as far as it can be."""

from datetime import timedelta
from typing import Any

import pytest
from discord import ui

from bot.discord_ui.forms import continue_form, words_form
from bot.discord_ui.words import words_for
from bot.domain.task import Task
from bot.errors import Refusal, Refused
from tests.discord_ui.building import catalog, task, text_of

WORDS = words_for("en-US")
EIGHT = timedelta(seconds=8)


def _fields(form: ui.Modal) -> dict[str, Any]:
    labels = [item for item in form.children if isinstance(item, ui.Label)]
    return {label.component.custom_id: label.component for label in labels}  # type: ignore[attr-defined]  # all have one


def _chosen(form: ui.Modal) -> list[str]:
    return [option.value for option in _fields(form)["film"].options if option.default]


def _long(*prompts: str) -> Task:
    return task(model="lv", door="long", prompts=prompts, picture="0123456789ab.jpg", aspect=None)


async def test_the_order_stands_in_it_as_it_was() -> None:
    """Words, model and length; which film, and which press opened it, stand in the id."""
    form = words_form(task(duration=EIGHT), 77, catalog(), WORDS)
    assert form.custom_id == "clap:words:0123456789ab:77"
    assert _fields(form)["prompt"].default == "a fox in the snow"
    assert _chosen(form) == ["t2v:8"]


async def test_words_of_a_model_that_reads_more_are_whole() -> None:
    """4,000 characters for one model: the form holds them, though another reads only 3,000."""
    form = words_form(task(model="sora-2", prompts=("x" * 4000,)), 77, catalog(), WORDS)
    prompt = _fields(form)["prompt"]
    assert (len(prompt.default), prompt.max_length) == (4000, 4000)


async def test_a_storyboard_has_a_line_for_each_shot_and_the_prices() -> None:
    """Nothing to choose but the words; what so many shots cost stands above them."""
    form = words_form(_long("dawn", "dusk"), 77, catalog(), WORDS)
    assert list(_fields(form)) == ["shots"]
    assert _fields(form)["shots"].default == "dawn\ndusk"
    assert "75 credits" in text_of(form)


async def test_shots_that_do_not_fit_into_a_form_are_said_to_be_cut() -> None:
    """Discord's form holds 4,000 characters: the member sees that it is not all."""
    form = words_form(_long(*("x" * 3000,) * 3), 77, catalog(), WORDS)
    assert len(_fields(form)["shots"].default) == 4000
    assert "4,000 characters" in text_of(form)
    assert "left out" not in text_of(words_form(_long("dawn"), 77, catalog(), WORDS))


async def test_going_on_starts_from_nothing_but_the_film() -> None:
    """No old words; the nearest model, in the film's own length where it makes that."""
    form = continue_form(task(model="t2v", duration=EIGHT), 77, catalog(), WORDS)
    assert form.custom_id == "clap:continue:0123456789ab:77"
    assert not _fields(form)["prompt"].default
    assert _chosen(form) == ["i2v:8"]
    other = task(model="t2v_v3", duration=timedelta(seconds=20))
    assert _chosen(continue_form(other, 77, catalog(), WORDS)) == ["i2v:5"]
    sora = task(model="sora-2", provider="apigo", duration=EIGHT)
    assert _chosen(continue_form(sora, 77, catalog(), WORDS)) == ["sora-2:8"]


async def test_without_a_model_no_form_opens() -> None:
    """Everything for such an order is off sale: better said before anything is typed."""
    shop = catalog()
    for model in list(shop):
        shop.withdraw(model.name, "closed")
    for form in (words_form, continue_form):
        with pytest.raises(Refused) as told:
            form(task(), 77, shop, WORDS)
        assert told.value.code is Refusal.MODEL_OFF
