"""A small shop: one model for each way a model can be."""

from typing import Any

from bot.domain.catalog import Catalog, Model


def entry(**changes: Any) -> dict[str, Any]:
    """Return a catalogue entry as its file has it: a model that turns text into film."""
    fields: dict[str, Any] = {
        "name": "text",
        "title": "Text to film",
        "provider": "aivideomaker",
        "takes": ["text"],
        "prompt_limit": 20,
        "aspects": ["9:16", "16:9"],
        "durations": [5, 8],
        "price": {"per_second": 2},
        "request": {"prompt": {"source": "prompt"}},
    }
    return {**fields, **changes}


def model(**changes: Any) -> Model:
    """Return a model that is whole but for ``changes``."""
    return Model.model_validate(entry(**changes))


def shop() -> Catalog:
    """Return a catalogue: text, image, long, both (text and image, in pixels), gone (withdrawn)."""
    image = {"takes": ["image"], "prompt": "optional", "aspects": []}
    shots = {"takes": ["long"], "aspects": [], "durations": [], "shot": 5, "shots_limit": 3}
    both = {
        "takes": ["text", "image"],
        "provider": "apigo",
        "aspects": ["1:1"],
        "sizes": {"1:1": "480x480"},
        "exact_picture": True,
        "price": {"table": {5: 40, 8: 60}},
    }
    catalog = Catalog(
        [
            model(),
            model(name="image", **image),
            model(name="long", **shots),
            model(name="both", **both),
            model(name="gone"),
        ]
    )
    catalog.withdraw("gone", "unknown to its service")
    return catalog
