"""The catalogue: entries are whole or refused, menus show what is on sale."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.catalog import Catalog, Door, Price, Spelling, seconds
from tests.domain.sale import entry, model, shop


def names(door: Door) -> list[str]:
    """Return what a door of the shop offers."""
    return [offered.name for offered in shop().behind(door)]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"takes": []}, "takes"),
        ({"takes": ["fax"]}, "takes"),
        ({"takes": ["long"]}, "needs 'shot'"),
        ({"shot": 5}, "needs 'shot'"),
        ({"durations": []}, "'durations' is empty"),
        ({"durations": [5, 8, 5]}, "'durations' names a length twice"),
        ({"durations": [0]}, "durations"),
        ({"durations": [-5]}, "durations"),
        ({"exact_picture": True}, "needs 'sizes'"),
        ({"sizes": {"16:9": "big"}}, "sizes"),
        ({"aspects": ["wide"]}, "aspects"),
        ({"price": {"table": {5: 10}}}, "lacks a length"),
        ({"price": {}}, "either per_second or a table"),
        ({"price": {"per_second": 1, "table": {5: 1, 8: 1}}}, "either per_second or a table"),
        ({"price": {"per_second": -1}}, "per_second"),
        ({"price": {"per_second": 1.5}}, "per_second"),
        ({"provider": "elsewhere"}, "provider"),
        ({"name": "../etc"}, "name"),
        ({"name": ""}, "name"),
        ({"title": ""}, "title"),
        ({"prompt_limit": 0}, "prompt_limit"),
        ({"shots_limit": 7}, "shots_limit"),
        ({"request": {"prompt": {}}}, "either a source or a constant"),
        ({"request": {"prompt": {"source": "prompt", "constant": 1}}}, "either a source"),
        ({"request": {"prompt": {"source": "moon"}}}, "source"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused(changes: dict[str, Any], complaint: str) -> None:
    """The operator hears which part of an entry is wrong."""
    with pytest.raises(ValidationError, match=complaint):
        model(**changes)


@pytest.mark.parametrize("name", sorted(entry().keys() - {"prompt_limit", "aspects"}))
def test_an_entry_needs_its_parts(name: str) -> None:
    """What has no default cannot be left out."""
    without = {key: value for key, value in entry().items() if key != name}
    with pytest.raises(ValidationError, match=name):
        type(model()).model_validate(without)


def test_lengths_are_read_as_seconds() -> None:
    """The file says 5, the code says five seconds; the shortest is the default."""
    made = model(durations=[8, 5])
    assert made.durations == (timedelta(seconds=8), timedelta(seconds=5))
    assert made.default_duration == timedelta(seconds=5)
    assert seconds(made.default_duration) == 5


@pytest.mark.parametrize(
    ("price", "length", "cost"),
    [
        (Price(per_second=10), 12, 120),
        (Price(per_second=0), 12, 0),
        (Price(table={5: 40, 8: 60}), 8, 60),
    ],
)
def test_price(price: Price, length: int, cost: int) -> None:
    """So many a second, or by a table."""
    assert price.of(timedelta(seconds=length)) == cost


def test_pixels_for_a_shape() -> None:
    """Where a model counts in pixels, a shape has a size; otherwise there is none."""
    both = shop().get("both")
    assert both is not None
    assert both.size("1:1") == (480, 480)
    assert both.size("16:9") is None
    assert both.size(None) is None


def test_a_field_may_be_a_constant_that_is_false() -> None:
    """``false`` is a value, not a missing one."""
    assert Spelling(constant=False).constant is False


def test_entries_cannot_be_changed() -> None:
    """A price does not change under a running order."""
    with pytest.raises(ValidationError):
        model().prompt_limit = 5  # type: ignore[misc] # that it is forbidden is the point


def test_doors_offer_what_is_on_sale_in_order() -> None:
    """Menus show the models that take the door, without the withdrawn."""
    assert names(Door.TEXT) == ["text", "both"]
    assert names(Door.IMAGE) == ["image", "both"]
    assert names(Door.LONG) == ["long"]
    assert [offered.name for offered in shop()] == ["text", "image", "long", "both"]


def test_a_door_takes_its_first_model_by_default() -> None:
    """The first on sale is the default; withdrawn ones make room for the next."""
    catalog = shop()
    catalog.withdraw("text", "unknown to its service")
    default = catalog.default(Door.TEXT)
    assert default is not None
    assert default.name == "both"
    assert Catalog([]).default(Door.TEXT) is None


def test_withdrawn_models_are_known_but_not_on_sale() -> None:
    """Old tasks still name them; the reason is kept; what was never there cannot be withdrawn."""
    catalog = shop()
    catalog.withdraw("nothing", "no such thing")
    gone = catalog.get("gone")
    assert gone is not None
    assert gone.name == "gone"
    assert catalog.on_sale("text")
    assert not catalog.on_sale("gone")
    assert not catalog.on_sale("nothing")
    assert catalog.withdrawn == {"gone": "unknown to its service"}
