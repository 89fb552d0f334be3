"""What is on sale: the models, what each takes, what it costs, how its request is spelled.

Read by the Desk (step 2) to check and price an order, by the doors to fill their menus, and by the
providers (step 3) to build the request. Never reads a file: ``providers/catalog.py`` does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Door(StrEnum):
    """The three ways to ask for a film, each a command."""

    TEXT = "text"  # /video text: a sentence
    IMAGE = "image"  # /video image, the menu, a reply: a picture and perhaps a sentence
    LONG = "long"  # /video long: a picture and one sentence a shot


def seconds(duration: timedelta) -> int:
    """Return a film's length in whole seconds, as services and members count it."""
    return round(duration.total_seconds())


def _from_seconds(value: object) -> object:
    return timedelta(seconds=value) if isinstance(value, int) else value


Length = Annotated[timedelta, BeforeValidator(_from_seconds), Field(gt=timedelta(0))]
Ratio = Annotated[str, Field(pattern=r"^(auto|\d{1,3}:\d{1,3})$")]
Pixels = Annotated[str, Field(pattern=r"^\d{2,5}x\d{2,5}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Entry):
    """Credits for a film: so many a second, or a table by length in seconds."""

    per_second: Annotated[int, Field(ge=0)] | None = None
    table: Mapping[int, Annotated[int, Field(ge=0)]] | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.per_second is None) == (self.table is None):
            message = "a price is either per_second or a table of seconds = credits"
            raise ValueError(message)
        return self

    def of(self, duration: timedelta) -> int:
        """Return the credits for a film of ``duration``."""
        if self.table is not None:
            return self.table[seconds(duration)]
        return (self.per_second or 0) * seconds(duration)


class Spelling(_Entry):
    """How one field of a model's request is written. Only the provider reads this.

    ``source`` names the part of the order that fills the field; ``constant`` a fixed value.
    ``kind`` is its JSON type. An ``optional`` field is left out where the order has no such part.
    """

    source: Literal["prompt", "shots", "picture", "aspect", "size", "duration"] | None = None
    constant: str | int | float | bool | None = None
    kind: Literal["string", "integer", "number", "strings", "file"] = "string"
    optional: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.source is None) == (self.constant is None):
            message = "a request field has either a source or a constant"
            raise ValueError(message)
        return self


class Model(_Entry):
    """One model on sale."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
    """The service's own name for it; what members choose."""
    title: Annotated[str, Field(min_length=1, max_length=60)]
    provider: Literal["aivideomaker", "apigo"]
    takes: Annotated[tuple[Door, ...], Field(min_length=1)]
    prompt: Literal["required", "optional"] = "required"
    prompt_limit: Annotated[int, Field(ge=1, le=4000)] = 3000
    """Characters of one prompt."""
    aspects: tuple[Ratio, ...] = ()
    """Shapes for a film from text; empty: the picture or the service decides."""
    sizes: Mapping[Ratio, Pixels] = {}
    """The pixel size for each aspect, for services that want pixels."""
    exact_picture: bool = False
    """The picture must have exactly the task's size in pixels (one of ``sizes``)."""
    durations: tuple[Length, ...] = ()
    """Lengths on sale, each once; empty for models that are paid by the shot."""
    shot: Length | None = None
    """The length of one shot, for models that take shots."""
    shots_limit: Annotated[int, Field(ge=1, le=6)] = 6
    price: Price
    request: Mapping[str, Spelling]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (Door.LONG in self.takes) != (self.shot is not None):
            message = f"{self.name}: a model that takes 'long' needs 'shot', the length of one shot"
            raise ValueError(message)
        if set(self.takes) != {Door.LONG} and not self.durations:
            message = f"{self.name}: 'durations' is empty"
            raise ValueError(message)
        if len(set(self.durations)) < len(self.durations):
            message = f"{self.name}: 'durations' names a length twice"
            raise ValueError(message)
        if self.exact_picture and not self.sizes:
            message = f"{self.name}: 'exact_picture' needs 'sizes'"
            raise ValueError(message)
        if self.price.table is not None and not self._lengths() <= self.price.table.keys():
            message = f"{self.name}: the price table lacks a length that is on sale"
            raise ValueError(message)
        return self

    def _lengths(self) -> set[int]:
        shots = range(1, self.shots_limit + 1) if self.shot is not None else ()
        films = [*self.durations, *(self.shot * number for number in shots if self.shot)]
        return {seconds(film) for film in films}

    @property
    def default_duration(self) -> timedelta:
        """The shortest length on sale."""
        return min(self.durations)

    def size(self, aspect: str | None) -> tuple[int, int] | None:
        """Return width and height in pixels for ``aspect`` where the model counts in pixels."""
        text = self.sizes.get(aspect or "")
        if text is None:
            return None
        width, height = text.split("x")
        return int(width), int(height)


class Catalog:
    """All models on sale, in the order they are offered. Immutable but for what is withdrawn."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models = {model.name: model for model in models}
        self._withdrawn: dict[str, str] = {}

    def __iter__(self) -> Iterator[Model]:
        return (model for model in self._models.values() if model.name not in self._withdrawn)

    def get(self, name: str) -> Model | None:
        """Return a model by its name, also a withdrawn one (old tasks still name it)."""
        return self._models.get(name)

    def on_sale(self, name: str) -> bool:
        """Tell whether the model can be ordered now."""
        return name in self._models and name not in self._withdrawn

    def behind(self, door: Door) -> list[Model]:
        """Return the models on sale that a door offers."""
        return [model for model in self if door in model.takes]

    def default(self, door: Door) -> Model | None:
        """Return the model a door takes when none is named: the first that it offers."""
        return next(iter(self.behind(door)), None)

    def withdraw(self, name: str, reason: str) -> None:
        """Take a model off the menus: its service calls it unknown, or has no key."""
        if name in self._models:
            self._withdrawn[name] = reason

    @property
    def withdrawn(self) -> Mapping[str, str]:
        """The models off the menus, each with the reason."""
        return dict(self._withdrawn)
