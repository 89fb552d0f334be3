"""The catalogue: the documents' models and prices, and the operator's changes to them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.catalog import Catalog, Door
from bot.errors import ConfigurationError
from bot.providers.catalog import load
from tests.providers.world import CATALOG


@pytest.mark.parametrize(
    ("model", "prices"),
    [
        ("t2v", {5: 5, 8: 8}),
        ("i2v", {5: 5, 8: 8}),
        ("t2v_v3", {5: 50, 10: 100, 15: 150, 20: 200}),
        ("i2v_v3", {5: 50, 10: 100, 15: 150, 20: 200}),
        ("sora-2", {4: 40, 8: 80, 12: 120}),
    ],
)
def test_lengths_and_prices_are_the_documents(model: str, prices: dict[int, int]) -> None:
    """Each model sells the documented lengths at the documented credits."""
    found = CATALOG.get(model)
    assert found is not None
    sold = {round(d.total_seconds()): found.price.of(d) for d in found.durations}
    assert sold == prices


def test_long_video_is_paid_by_the_shot() -> None:
    """lv: number of prompts x 5 x 15, six at most."""
    lv = CATALOG.get("lv")
    assert lv is not None
    assert lv.shot == timedelta(seconds=5)
    assert [lv.price.of(lv.shot * shots) for shots in range(1, 7)] == [75, 150, 225, 300, 375, 450]
    assert lv.shots_limit == 6


def test_first_models_are_the_defaults() -> None:
    """Without a choice a command takes t2v, i2v or lv."""
    defaults = {door: CATALOG.default(door) for door in Door}
    names = {door: model.name for door, model in defaults.items() if model}
    assert names == {Door.TEXT: "t2v", Door.IMAGE: "i2v", Door.LONG: "lv"}


def test_operator_changes_single_fields(tmp_path: Path) -> None:
    """A field in the file replaces the shipped one; all others stay; the order stays."""
    catalog = _load(tmp_path, "[models.t2v]\nprice = { table = { 5 = 15, 8 = 20 } }\n")
    t2v = catalog.get("t2v")
    assert t2v is not None
    assert [t2v.price.of(length) for length in t2v.durations] == [15, 20]
    assert t2v.title == "Text to Video"
    assert [model.name for model in catalog] == [model.name for model in CATALOG]


def test_operator_takes_a_model_off_the_menus(tmp_path: Path) -> None:
    """An unsold model leaves the menus with a reason, yet old tasks still know it."""
    catalog = _load(tmp_path, "[models.lv]\non_sale = false\n")
    assert not catalog.on_sale("lv")
    assert catalog.get("lv") is not None
    assert catalog.behind(Door.LONG) == []
    assert "models.toml" in catalog.withdrawn["lv"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[models.t2v\n", ["TOML", "mend"]),
        ("[model.t2v]\ntitle = 'x'\n", ["'model'", "[models.<name>]"]),
        ("models = 3\n", ["'models'", "[models.<name>]"]),
        ("[models.t2v]\ncolour = 'red'\n", ["'t2v'", "'colour'", "remove"]),
        ("[models.new]\ntitle = 'x'\n", ["'new'", "'provider'", "add it"]),
        ("[models.t2v]\nprice = { per_second = -1 }\n", ["'t2v'", "'price.per_second'"]),
        ("[models.t2v]\nprice = { per_second = 1, table = {5=1,8=1} }\n", ["'t2v'", "'price'"]),
        ("[models.t2v]\nprice = { table = { 5 = 1 } }\n", ["'t2v'", "lacks a length"]),
        ("[models.t2v]\ntakes = ['text', 'image']\n", ["'t2v'", "'request'", "picture"]),
        ("[models.i2v]\ntakes = ['text']\n", ["'i2v'", "'request'", "picture", "optional"]),
        ("[models.lv]\nrequest.x = { source = 'prompt', kind = 'strings' }", ["'request.x'"]),
        (
            "[models.i2v]\nrequest.image = { source = 'picture', kind = 'file' }",
            ["'request.image'"],
        ),
        ("[models.t2v]\non_sale = 'no'\n", ["'t2v'", "'on_sale'", "true or false"]),
        ("[models.t2v]\ndurations = []\n", ["'t2v'", "'durations' is empty"]),
    ],
)
def test_wrong_file_is_one_sentence_with_the_remedy(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    """What is wrong names file, model and field, and says what to do, in one line."""
    with pytest.raises(ConfigurationError) as refused:
        _load(tmp_path, text)
    sentence = str(refused.value)
    assert "models.toml" in sentence
    assert [part for part in parts if part not in sentence] == []
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_missing_file_names_the_setting(tmp_path: Path) -> None:
    """A file that is not there says which setting to mend."""
    with pytest.raises(ConfigurationError, match=r"missing\.toml.*CATALOG_FILE"):
        load(tmp_path / "missing.toml")


def _load(folder: Path, text: str) -> Catalog:
    path = folder / "models.toml"
    path.write_text(text, "utf-8")
    return load(path)
