"""What several steps are built from: the resources, and what is made of them once.

Never builds a step, and never opens a resource.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.app.pace import Pace
from bot.app.resources import Resources
from bot.domain.task import Task
from bot.pipeline.cards import Cards
from bot.pipeline.durations import Durations
from bot.pipeline.films import Films
from bot.pipeline.moves import Moves
from bot.pipeline.ports import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Shared by the steps; there is one of each."""

    resources: Resources
    mailbox: Mailbox
    pace: Pace
    limits: Mapping[str, int | None]
    """How many tasks each provider may have at once; ``None``: as many as there are."""
    durations: Durations
    cards: Cards
    films: Films
    moves: Moves

    @classmethod
    def of(
        cls, resources: Resources, mailbox: Mailbox, pace: Pace, on_move: Callable[[Task], None]
    ) -> Self:
        """Make them; ``on_move`` is told of every move."""
        settings, store, clock = resources.settings, resources.store, resources.clock
        limits = {
            "aivideomaker": settings.aivideomaker_in_flight,
            "apigo": settings.apigo_in_flight,
        }
        durations = Durations(store, clock)
        cards = Cards(store, mailbox, resources.providers, clock, limits, durations)
        return cls(
            resources=resources,
            mailbox=mailbox,
            pace=pace,
            limits=limits,
            durations=durations,
            cards=cards,
            films=Films(resources.shelf),
            moves=Moves(store, cards, clock, on_move),
        )
