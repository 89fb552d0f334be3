"""The fields of forms: what fits into a menu, and what stands in it at first."""

from datetime import timedelta

from discord import ui

from bot.discord_ui.forms.fields import film_field, picture_field, prompt_field, shots_field
from bot.discord_ui.words import words_for
from bot.domain.catalog import Catalog, Door, Model, Price, Spelling

WORDS = words_for("en")


def _model(name: str, *lengths: int, **more: int) -> Model:
    return Model(
        name=name,
        title=f"Model {name}",
        provider="apigo",
        takes=(Door.IMAGE,),
        durations=tuple(timedelta(seconds=length) for length in lengths),
        price=Price(per_second=2),
        request={"prompt": Spelling(source="prompt")},
        **more,
    )


def _menu(field: ui.Label[ui.Modal]) -> ui.Select[ui.Modal]:
    assert isinstance(field.component, ui.Select)
    return field.component


async def test_of_too_many_films_every_model_keeps_its_short_ones() -> None:
    """Discord's menu holds 25: what is left out is a model's longest, never a whole model."""
    models = [_model("long", *range(1, 31)), _model("short", 5, 8), _model("only", 60)]
    values = [option.value for option in _menu(film_field(models, WORDS)).options]
    assert values == [*(f"long:{n}" for n in range(1, 23)), "short:5", "short:8", "only:60"]


async def test_the_shipped_models_fit_whole() -> None:
    """Model and length stand in one entry with the price."""
    catalogue = Catalog([_model("a", 5, 8), _model("b", 10)])
    options = _menu(film_field(catalogue.behind(Door.IMAGE), WORDS)).options
    assert [(option.label, option.description) for option in options] == [
        ("Model a · 5 s", "10 credits"),
        ("Model a · 8 s", "16 credits"),
        ("Model b · 10 s", "20 credits"),
    ]


async def test_one_entry_is_chosen_already() -> None:
    """The wanted one; the first where it is not on sale any more."""
    models = [_model("a", 5, 8)]
    for wanted, chosen in ((("a", 8), "a:8"), (("gone", 8), "a:5"), (None, "a:5")):
        film = None if wanted is None else (wanted[0], timedelta(seconds=wanted[1]))
        options = _menu(film_field(models, WORDS, chosen=film)).options
        assert [option.value for option in options if option.default] == [chosen]


async def test_texts_of_old_fit_into_the_field() -> None:
    """What is filled in already is whole, as far as Discord lets it be."""
    models = [_model("a", 5, prompt_limit=20), _model("b", 5)]
    for filled, shown, limit in ((0, 0, 20), (9, 9, 20), (30, 30, 30), (5000, 4000, 4000)):
        text = prompt_field(models, WORDS, filled="x" * filled).component
        assert isinstance(text, ui.TextInput)
        assert (text.default or "", text.max_length) == ("x" * shown, limit)
    shots = shots_field(WORDS, filled=["it sails", "it sinks"]).component
    assert isinstance(shots, ui.TextInput)
    assert shots.default == "it sails\nit sinks"


async def test_pictures_are_told_by_number_and_name() -> None:
    """A strange name neither breaks the form nor leads the eye astray."""
    options = _menu(picture_field(["a\u202egnp.exe", "  ", "x" * 300], WORDS)).options
    assert [option.label for option in options] == ["Picture 1", "Picture 2", "Picture 3"]
    assert [option.description for option in options] == ["agnp.exe", None, "x" * 100]
