"""A create request that has passed every check, and the job it becomes.

Stands in for: the moment between "valid" and "charged". It never refuses anything.
"""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandbox.services.aivideomaker.models import SHAPES, Body, Model
from sandbox.services.films import FilmOrder
from sandbox.services.jobs import Create, Job
from sandbox.services.journal import Seen
from sandbox.services.life import Life
from sandbox.services.pace import Pace
from sandbox.services.pictures import Picture
from sandbox.services.scenario import Scenario

_ID_LETTERS = string.ascii_lowercase + string.digits
_DEFAULT_SHAPE = (1280, 720)


@dataclass(frozen=True)
class Wish:
    """What one key asks for: the request as received and what was read from it."""

    seen: Seen
    name: str
    model: Model
    body: Body
    picture: Picture | None

    @property
    def owner(self) -> str:
        """The key that asks."""
        return self.seen.headers["key"]

    @property
    def prompt(self) -> str:
        """All words of the prompt."""
        return " ".join(self.model.shots(self.body))

    @property
    def uploads(self) -> bool:
        """Whether the picture came inside the request."""
        return str(self.body.get(self.model.picture)).startswith("data:")

    def film(self) -> FilmOrder:
        """The film this will become: the picture's shape where there is one."""
        shape = SHAPES.get(str(self.body.get(self.model.shape)), _DEFAULT_SHAPE)
        seconds = self.model.seconds(self.body)
        return FilmOrder(
            shots=self.model.shots(self.body),
            seconds=seconds,
            shape=self.picture.size if self.picture else shape,
            picture=self.picture.data if self.picture else None,
            caption=f"AI Video Maker stand-in · {self.name} · {seconds} s",
        )


def job_for(
    wish: Wish, scenario: Scenario, *, cost: int, now: datetime, pace: Pace, files_url: str
) -> Job:
    """Make a wish a job that is born now."""
    task_id = scenario.task_id or "ck" + "".join(random.choices(_ID_LETTERS, k=23))
    data = wish.picture.data if wish.picture else None
    return Job(
        create=Create(task_id, wish.name, wish.body, wish.seen.headers, now, data),
        life=Life(now, scenario.steps(pace)),
        scenario=scenario,
        film=wish.film(),
        owner=wish.owner,
        said=_said(wish, f"{files_url}/files/inputs/{task_id}"),
        cost=cost,
    )


def _said(wish: Wish, link: str) -> Mapping[str, object]:
    """Repeat the input as the service does: an uploaded picture has become a link."""
    return {**wish.body, wish.model.picture: link} if wish.uploads else wish.body
