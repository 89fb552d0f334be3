"""What is compared: each case is one contender in one situation.

The machine sees about as many films a second in every case, so that cases compare: where few are in
flight, several bots play side by side, each in a world of its own. Never measures anything.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from typing_extensions import override


class Contender(StrEnum):
    """Who brings the films."""

    NAIVE = "naive loop"
    PACKAGE = "openai package"
    POLLING = "Clapboard"
    WEBHOOK = "Clapboard, webhook"

    @property
    def is_clapboard(self) -> bool:
        """Whether it is this project's bot."""
        return self in {Contender.POLLING, Contender.WEBHOOK}


class Service(StrEnum):
    """Who makes them."""

    AIVIDEOMAKER = "aivideomaker"
    APIGO = "apigo"

    @property
    def model(self) -> str:
        """The model that is ordered."""
        return "t2v" if self is Service.AIVIDEOMAKER else "sora-2"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One situation.

    Attributes:
        part: the part of the report that it belongs to.
        in_flight: jobs that the service is at work on for one bot, at any time.
        lasting: as many of them are not done while the case lasts.
        gap: between two completions of one bot; zero: all at once; None: nothing is ever done.
        films: so many are measured, of all bots together.
        lanes: bots side by side.
        channels: that the films of one bot are spread over.
        history: whether the bot has seen such films before.
        listed: old tasks in the service's list.
        commands: a second, beside the orders that keep the number in flight.
        watched: how long the load is measured where no films are waited for.
        warm: how long the bot has been at work before its films are measured, beside a moment.
        patience: how long the last film is waited for.
    """

    part: str
    contender: Contender
    service: Service = Service.AIVIDEOMAKER
    in_flight: int
    lasting: int = 0
    gap: timedelta | None = timedelta(milliseconds=200)
    films: int = 200
    lanes: int = 1
    channels: int = 100
    history: bool = True
    listed: int = 0
    commands: int = 0
    watched: timedelta = timedelta(seconds=30)
    warm: timedelta = timedelta(0)
    patience: timedelta = timedelta(seconds=20)

    @property
    def films_a_lane(self) -> int:
        """How many films are measured of one bot."""
        return -(-self.films // self.lanes) if self.gap is not None else 0

    @property
    def hooked(self) -> bool:
        """Whether the service calls back."""
        return self.contender is Contender.WEBHOOK

    @property
    def lasts(self) -> timedelta:
        """How long the films, or the load, are measured."""
        return self.watched if self.gap is None else self.films_a_lane * self.gap

    @override
    def __str__(self) -> str:
        notes = [f"{self.in_flight:,} in flight"]
        if self.gap:
            notes.append(f"a film every {self.gap.total_seconds():g} s")
        if self.lanes > 1:
            notes.append(f"{self.lanes} bots")
        if self.commands:
            notes.append(f"{self.commands} commands a second")
        if self.listed:
            notes.append(f"{self.listed:,} in the list")
        if not self.history:
            notes.append("no history")
        return f"{self.contender.value} at {self.service.value}: {', '.join(notes)}"
