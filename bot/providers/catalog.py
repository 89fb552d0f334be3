"""Reads what is on sale: the shipped models, then the operator's changes and additions.

Serves the start, before step 1. Never lets a wrong entry through to an order: what it cannot build
a request for is a ``ConfigurationError`` that names file, model, field and remedy.
"""

import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from PIL import Image
from pydantic import ValidationError

from bot.domain.catalog import Catalog, Door, Model
from bot.errors import BrokenInvariant, ConfigurationError
from bot.providers.base import Assignment, Picture
from bot.providers.spelling import spell

SHIPPED = "the shipped catalog.toml"
Table = dict[str, Any]


def load(path: Path | None) -> Catalog:
    """Return the catalogue: the shipped models, changed and followed by those in ``path``.

    A field in ``path`` replaces the shipped one of the same model; all others stay. A model with
    ``on_sale = false`` leaves the menus, yet old tasks still know it.

    Raises:
        ConfigurationError: one sentence with file, model, field and remedy.
    """
    tables = _models(files("bot.providers").joinpath("catalog.toml").read_text("utf-8"), SHIPPED)
    origins = dict.fromkeys(tables, SHIPPED)
    if path is not None:
        for name, changes in _models(_text_of(path), str(path)).items():
            tables[name] = {**tables.get(name, {}), **changes}
            origins[name] = str(path)
    catalog = Catalog(_model(name, table, origins[name]) for name, table in tables.items())
    for name, table in tables.items():
        if table.get("on_sale") is False:
            catalog.withdraw(name, f"taken off by {path}")
    return catalog


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ConfigurationError(
            f"{path}: the catalogue file cannot be read ({reason}); mend CATALOG_FILE or unset it."
        ) from error


def _models(text: str, origin: str) -> dict[str, Table]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{origin}: this is not TOML ({error}); mend that line."
        ) from error
    models = document.pop("models", {})
    for name in document:
        raise ConfigurationError(
            f"{origin}: {name!r} means nothing at the top; write models as tables [models.<name>]."
        )
    if not isinstance(models, dict) or not all(isinstance(t, dict) for t in models.values()):
        raise ConfigurationError(
            f"{origin}: 'models' holds no tables; write each model as a table [models.<name>]."
        )
    return models


def _model(name: str, table: Mapping[str, Any], origin: str) -> Model:
    fields = {field: value for field, value in table.items() if field != "on_sale"}
    if not isinstance(table.get("on_sale", True), bool):
        raise _wrong(origin, name, "on_sale", "it is not a boolean", "write true or false")
    try:
        model = Model(name=name, **{k: v for k, v in fields.items() if k != "name"})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(place) for place in first["loc"]) or "its fields together"
        raise _wrong(origin, name, field, first["msg"], _remedy(first["type"])) from error
    _check_requests(model, origin)
    return model


def _remedy(kind: str) -> str:
    if kind == "extra_forbidden":
        return "remove it or mend its spelling"
    if kind == "missing":
        return "add it"
    return "mend it as docs/models.md shows"


def _check_requests(model: Model, origin: str) -> None:
    """Build one request for each way the model can be ordered."""
    for field, spelling in model.request.items():
        place = f"request.{field}"
        if spelling.kind == "file" and model.provider != "apigo":
            raise _wrong(origin, model.name, place, "its service takes no form", "leave kind out")
        if spelling.kind == "strings" and spelling.source != "shots":
            raise _wrong(origin, model.name, place, "only shots are strings", "leave kind out")
    for specimen in specimens(model):
        try:
            fields = spell(specimen)
        except BrokenInvariant as error:
            remedy = "set optional = true or change 'takes'"
            raise _wrong(origin, model.name, "request", str(error), remedy) from error
        if specimen.picture is not None and specimen.picture not in fields.values():
            remedy = "add one with source = \"picture\" or change 'takes'"
            raise _wrong(origin, model.name, "request", "no field sends the picture", remedy)


def specimens(model: Model) -> Iterator[Assignment]:
    """Yield the shortest order for each way the model can be ordered."""
    for door in model.takes:
        duration = model.shot or min(model.durations, default=timedelta(seconds=1))
        prompts = ("a prompt",) if model.prompt == "required" or door is Door.LONG else ()
        for aspect in (model.aspects or (None,)) if door is Door.TEXT else (None,):
            picture = None if door is Door.TEXT else _pixel()
            yield Assignment("specimen", model, prompts, aspect, duration, picture)


def _pixel() -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "png")
    return Picture(file.getvalue(), "image/png")


def _wrong(origin: str, model: str, field: str, what: str, remedy: str) -> ConfigurationError:
    what = " ".join(what.removeprefix("Value error, ").split()).rstrip(".")
    return ConfigurationError(f"{origin}: model {model!r}, field {field!r}: {what}; {remedy}.")
