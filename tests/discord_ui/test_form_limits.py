"""What Discord allows in a form: every form keeps to it, however much there is to offer."""

from datetime import timedelta
from typing import Any

import pytest
from discord import ui

from bot.discord_ui.forms import (
    animate_form,
    continue_form,
    storyboard_form,
    upload_form,
    words_form,
)
from bot.discord_ui.words import words_for
from bot.domain.catalog import Catalog, Door
from bot.domain.draft import Draft
from tests.discord_ui.building import CHANNEL, GUILD, NOON, task
from tests.domain.sale import model

WORDS = words_for("en-US")
SNOWFLAKE = 2**64 - 1
MANY = 60


def _shop() -> Catalog:
    """Return sixty models for pictures and sixty for long films, with the longest names."""
    films = {"takes": ["image"], "aspects": [], "durations": [5, 8, 10], "prompt_limit": 4000}
    shots = {"takes": ["long"], "aspects": [], "durations": [], "shot": 5, "prompt_limit": 4000}
    models = []
    for number in range(MANY):
        title = f"{number} ".ljust(60, "x")
        models.append(model(name=f"i{number}-".ljust(64, "x"), title=title, **films))
        models.append(model(name=f"l{number}-".ljust(64, "x"), title=title, **shots))
    return Catalog(models)


SHOP = _shop()
LAST = {door: SHOP.behind(door)[-1].name for door in (Door.IMAGE, Door.LONG)}


def _draft(door: Door) -> Draft:
    pictures = tuple(f"https://cdn.example/{number}" for number in range(10))
    names = ("x" * 300,) * 10
    return Draft(GUILD, "f" * 12, 1, CHANNEL, door, pictures, names, None, NOON, prompt="x" * 5000)


def _old(door: Door) -> Any:
    prompts = ("x" * 4000,) * (6 if door is Door.LONG else 1)
    return task(model=LAST[door], door=door.value, prompts=prompts, duration=timedelta(seconds=10))


FORMS = {
    "Animate image": lambda: animate_form(_draft(Door.IMAGE), SHOP, WORDS),
    "Storyboard": lambda: storyboard_form(_draft(Door.LONG), SHOP, WORDS),
    "Upload it": lambda: upload_form("x" * 5000, SHOP, WORDS),
    "Continue": lambda: continue_form(_old(Door.IMAGE), SNOWFLAKE, SHOP, WORDS),
    "Change words": lambda: words_form(_old(Door.IMAGE), SNOWFLAKE, SHOP, WORDS),
    "Change words, shot by shot": lambda: words_form(_old(Door.LONG), SNOWFLAKE, SHOP, WORDS),
}


@pytest.mark.parametrize("name", FORMS)
async def test_discord_takes_every_form(name: str) -> None:
    """With sixty models, the longest names, the longest prompts and ten pictures."""
    form = FORMS[name]()
    assert len(form.title) <= 45
    assert len(form.custom_id) <= 100
    assert 1 <= len(form.children) <= 5
    for item in form.children:
        if isinstance(item, ui.TextDisplay):
            assert 1 <= len(item.content) <= 4000
        else:
            assert isinstance(item, ui.Label)
            assert len(item.text) <= 45
            _check_field(item.component.to_component_dict())


def _check_field(field: dict[str, Any]) -> None:
    assert len(field["custom_id"]) <= 100
    assert len(field.get("placeholder") or "") <= 100
    if "max_length" in field:
        assert len(field.get("value") or "") <= field["max_length"] <= 4000
    options = field.get("options")
    if options is not None:
        assert 1 <= len(options) <= 25
        assert len({option["value"] for option in options}) == len(options)
        assert all(len(option.get("description") or "") <= 100 for option in options)
        for part in ("label", "value"):
            assert all(1 <= len(option[part]) <= 100 for option in options)


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("Continue", f"{LAST[Door.IMAGE]}:10"),
        ("Change words", f"{LAST[Door.IMAGE]}:10"),
        ("Change words, shot by shot", f"{LAST[Door.LONG]}:"),
    ],
)
async def test_what_was_ordered_before_is_chosen_already(name: str, chosen: str) -> None:
    """However many models there are, and however far down the list the task's own stands."""
    labels = [item for item in FORMS[name]().children if isinstance(item, ui.Label)]
    (menu,) = (label.component for label in labels if isinstance(label.component, ui.Select))
    assert [option.value for option in menu.options if option.default] == [chosen]


async def test_prices_of_shots_stand_in_the_text_or_in_the_menu() -> None:
    """The text has as many models as fit, each whole; the menu has a price for every one."""
    form = FORMS["Storyboard"]()
    (text,) = (item.content for item in form.children if isinstance(item, ui.TextDisplay))
    assert text.splitlines()[0].startswith("**0 x")
    assert text.splitlines()[-1] == "6 shots · 30 s · 60 credits"
    menus = [item.component for item in form.children if isinstance(item, ui.Label)]
    options = next(menu.options for menu in menus if isinstance(menu, ui.Select))
    assert {option.description for option in options} == {"1 shot · 5 s · 10 credits"}
