"""What a row of the fault table is: one step of the story, one fault, and all that comes of it.

A row is data: the page for people is written from the same fields that the test compares.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.domain.task import TaskState

if TYPE_CHECKING:
    from tests.faults.table_scene import Scene

Act = Callable[["Scene"], Coroutine[Any, Any, None]]
"""What happens: to the world, by the member, or both."""

S = TaskState


class Film(StrEnum):
    """Where the member finds the film in the end, and nowhere else."""

    CHANNEL = "The film, as a reply to the card, with a ping"
    CARD = "The film, inside the card"
    DIRECT = "The film, as a direct message"
    KEPT = "The film, with `/video show`"
    NONE = "No film"


STATES = {
    Film.CHANNEL: S.DELIVERED,
    Film.CARD: S.DELIVERED,
    Film.DIRECT: S.DELIVERED,
    Film.KEPT: S.KEPT,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        step: the step of the story that is hit.
        fault: what goes wrong, for people.
        play: what happens; when it returns, the row only waits for the end.
        film: where the film is in the end.
        card: words that stand on the card in the end.
        seen: words that stood on the card for a while.
        told: words of the private answer.
        unanswered: Discord told the member that there was no answer.
        spent: credits gone from the server's pool in the end.
        sent: creates that the services received.
        made: jobs that the services accepted: what the operator pays for.
        films: how many films there are; each at the place that `film` says.
        ends: the tasks' state; None: as `film` has it. A row without a task has "no task".
        flagged: whether the operator is told.
        rate: seconds of the world in one of the machine, once the card is there.
        suite: whether the row runs in the ordinary suite.
        world: options of the world.
        settings: settings of the bot.
    """

    step: str
    fault: str
    play: Act
    film: Film = Film.CHANNEL
    card: str | None = "Done"
    seen: str | None = None
    told: str | None = None
    unanswered: bool = False
    spent: int = 5
    sent: int = 1
    made: int = 1
    films: int = 1
    ends: TaskState | None = None
    task: bool = True
    flagged: bool = False
    rate: float = 60
    suite: bool = False
    world: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How the test of this row is called."""
        return f"{self.step}: {self.fault}"

    @property
    def state(self) -> TaskState:
        """The state that the task ends in."""
        return self.ends or STATES[self.film]

    @property
    def sees(self) -> str:
        """What the member sees, for people; each part is compared by the row's test."""
        films = f"{self.film.value} (each of the {self.films})" if self.films > 1 else self.film
        parts = [str(films)]
        if self.unanswered:
            parts.append("Discord's own “The application did not respond”")
        if self.told is not None:
            parts.append(f"privately “{self.told}”")
        if self.seen is not None:
            parts.append(f"for a while the card says “{self.seen}”")
        if self.card is not None:
            parts.append(f"in the end the card says “{self.card}”")
        return "; ".join(parts)


def lost(card: str | None, ends: TaskState, **more: Any) -> dict[str, Any]:
    """Return the fields of a row that ends without a film, the credits back."""
    return {"film": Film.NONE, "card": card, "ends": ends, "spent": 0, **more}
