"""What a row of the table is: what a member does, where the picture is, what it is, and the model.

A row ends in a film, or in the sentence that the member reads instead. Never acts by itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sandbox.discord import Message
from tests.ways.marker import Marker, Size

if TYPE_CHECKING:
    from tests.ways.scene import Scene

FILM = "a film, and the service was sent what it should be"
"""The end of a row that is refused nothing."""

Answer = Message | str
"""A card, or the sentence instead of one."""


@dataclass(frozen=True)
class Format:
    """What kind of file the picture is.

    Attributes:
        name: how the table calls it.
        file: what the file is called in Discord.
        declared: the type that Discord tells of it.
        make: draws a marker as such a file.
        marker: what has to be seen in the end.
        sentence: what the member reads instead of getting a film; empty: they get it.
    """

    name: str
    file: str
    declared: str
    make: Callable[[Marker], bytes] = field(repr=False)
    marker: Marker = field(repr=False)
    sentence: str = field(default="", repr=False)

    @cached_property
    def data(self) -> bytes:
        """The file."""
        return self.make(self.marker)

    @property
    def is_called_picture(self) -> bool:
        """Whether Discord tells that it is a picture."""
        return self.declared.startswith("image/")


@dataclass(frozen=True)
class Place:
    """Where in Discord a picture is.

    Attributes:
        name: how the table calls it.
        takes: whether a picture of this format can be there.
        post: puts a row's picture there for a member, with words; more are options of `say`.
        number: which of the pictures there it is, counted from 0.
    """

    name: str
    takes: Callable[[Format], bool] = field(repr=False)
    post: Callable[..., Awaitable[Message]] | None = field(default=None, repr=False)
    number: int = 0


@dataclass(frozen=True)
class Model:
    """A model for pictures, and its shortest film.

    Attributes:
        name: as upstream has it.
        length: of the film.
        cost: of the film, in credits.
        sizes: those of which its picture must have one, the first for wide ones; none: any.
    """

    name: str
    length: timedelta
    cost: int
    sizes: tuple[Size, ...] = ()


@dataclass(frozen=True)
class Way:
    """What a member does with the picture.

    Attributes:
        name: how the table calls it.
        act: does it; returns the first answer.
        places: where the picture can be for that.
        models: those that can be asked for.
        elsewhere: what the member reads who asks for a model that takes another way, by its name.
        blank: what they read where Discord calls nothing there a picture; empty: it is looked at.
        size: which size a picture has by the time that it is sent.
        sends: how often the row's words go to a service.
        spends: what it comes to with a film of so many credits.
        settings: of the bot.
    """

    name: str
    act: "Callable[[Scene], Awaitable[Answer]]" = field(repr=False)
    places: tuple[Place, ...] = field(repr=False)
    models: tuple[str, ...] = field(repr=False)
    elsewhere: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    blank: str = field(default="", repr=False)
    size: Callable[[Size], Size] = field(default=lambda size: size, repr=False, compare=False)
    sends: int = 1
    spends: Callable[[int], int] = field(default=lambda cost: cost, repr=False, compare=False)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Row:
    """One row."""

    way: Way
    place: Place
    format: Format
    model: Model

    @property
    def name(self) -> str:
        """How the row is called; also the prompt of its film."""
        facts = (self.way.name, self.place.name, self.format.name, self.model.name)
        return ", ".join(facts)

    @property
    def end(self) -> str:
        """A film, or the sentence that the member reads."""
        if self.model.name in self.way.elsewhere:
            return self.way.elsewhere[self.model.name]
        if self.way.blank and not self.format.is_called_picture:
            return self.way.blank
        return self.format.sentence or FILM

    @property
    def spent(self) -> int:
        """The credits that are gone in the end."""
        return self.way.spends(self.model.cost) if self.end == FILM else 0

    @property
    def size(self) -> Size:
        """The size of the picture that the service must be sent."""
        size = self.way.size(self.format.marker.size)
        if self.model.sizes:
            wide, tall = self.model.sizes
            return tall if size[0] < size[1] else wide
        return size
