"""Is the catalogue readable, and what is on sale?

Part of ``python -m bot check``. Never asks a service: ``services.py`` compares.
"""

from collections.abc import Sequence

from bot.app.check.findings import Finding, good, note, wrong
from bot.domain.catalog import Model
from bot.errors import ConfigurationError
from bot.providers.catalog import load
from bot.settings import Settings

_SORA = "sora-2"


def read_catalogue(settings: Settings) -> tuple[Sequence[Model], Sequence[Finding]]:
    """Return the models that members will find in the menus, and what is to be said of them."""
    try:
        catalog = load(settings.catalog_file)
    except ConfigurationError as error:
        return (), [wrong(f"Catalogue: {error}")]
    keys = {"aivideomaker": settings.aivideomaker_api_key, "apigo": settings.apigo_api_key}
    models = [model for model in catalog if keys[model.provider] is not None]
    if not models:
        return (), [wrong("Catalogue: no model is on sale. Add one to CATALOG_FILE, or a key.")]
    names = ", ".join(model.name for model in models)
    closed = [_closed(model) for model in models if model.name.startswith(_SORA)]
    return models, [good(f"Catalogue: {names}"), *closed]


def _closed(model: Model) -> Finding:
    return note(
        f"{model.name}: OpenAI switched it off on 2026-09-24. Make sure that the service at "
        f"{model.provider.upper()}_URL still offers it, or take it off the menus (docs/models.md)."
    )
