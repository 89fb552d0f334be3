"""The openings through which the pipeline meets Discord; ``discord_ui/mailbox.py`` fills them.

Used by all steps after the first. Never mentions an interaction: nothing after the first answer
depends on one.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.domain.task import Task
from bot.domain.turns import Place


@dataclass(frozen=True, slots=True)
class Spot:
    """A message in the same server."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class CardView:
    """All that a card shows: the task, and what its row does not know."""

    task: Task
    place: Place | None = None
    """Place in the line and why; only while QUEUED for a provider that takes so many at once."""
    usual: tuple[timedelta, timedelta] | None = None
    """How long such films usually take (lower, upper), from this bot's own history."""
    slow: bool = False
    """It takes longer than usual."""
    can_cancel: bool = False
    service_pauses_until: datetime | None = None
    """When it is sent again: the service asked us to wait, or could not be reached."""
    before: Spot | None = None
    """Where the film is, or its card, that this one goes on from."""


class Route(StrEnum):
    """The ways a film can reach its member, tried in this order."""

    REPLY = "reply"  # a new message that replies to the card
    CARD = "card"  # edited into the card itself
    DIRECT = "direct"  # a direct message


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a film was posted."""

    channel_id: int
    message_id: int
    route: Route


class CardNotes(Protocol):
    """What is written down about a card: the pipeline's ``CardLog``."""

    def shows(self, task: Task) -> str | None:
        """Return the digest of what the task's card shows, as far as it was noted."""

    async def shown(self, guild_id: int, task_id: str, digest: str) -> None:
        """Note that the task's card now shows what ``digest`` stands for."""

    async def told(self, guild_id: int, task_id: str) -> None:
        """Note that the task's member needs no message about its failure any more."""

    async def film_before(self, task: Task) -> Spot | None:
        """Return where the film is, or its card, that the task's film goes on from."""


class Mailbox(Protocol):
    """The pipeline's way to Discord."""

    def refresh(self, view: CardView) -> None:
        """Ask for the card to show ``view``, soon; coalesced per channel, the latest wins.

        Where the task owes its member news, a message of its own follows the card, once.
        Never fails and never waits: what could not be shown is repaired by Recovery.
        """

    def unshown(self) -> list[str]:
        """Return the ids of the tasks whose cards could not be brought up to date.

        Each is told once; whoever asks sees to it that they are tried again.
        """

    async def find_card(self, task: Task) -> int | None:
        """Search the channel for a waiting task's card; return its message id.

        Raises:
            Unreachable: Discord is in trouble, so nothing is known.
        """

    async def routes(self, task: Task) -> list[Route]:
        """Return the ways that are open for this task's film now, best first; may be empty."""

    async def find(self, task: Task, since: datetime) -> Posted | None:
        """Search the places a film of this task may already have been posted since ``since``.

        Raises:
            Unreachable: Discord is in trouble, so nothing is known.
        """

    def size_limit(self, task: Task, route: Route) -> int:
        """Return how many bytes a file may have on this route."""

    def turn(self, task: Task) -> AbstractAsyncContextManager[None]:
        """Wait for the task's turn to post into its channel, and hold it.

        That may take minutes: whether the film is still wanted is to be looked up again within.
        """

    async def post(self, task: Task, film: Path, route: Route) -> Posted:
        """Post the film with the task's id in its file name and the requester mentioned.

        To be called within the task's ``turn``.

        Where ``task.film_fitted``, with a button that hands out the full quality.

        Raises:
            Unreachable: try again later.
            CannotPost: this route is closed.
            FilmTooLarge: Discord refused the size.
        """

    async def film_url(self, task: Task) -> str | None:
        """Return an address from which a film that was posted can be had now.

        ``None``: it was not posted, or is no longer there.

        Raises:
            Unreachable: Discord is in trouble, so nothing is known.
        """

    async def remove_film(self, task: Task) -> None:
        """Take a film that was posted out of Discord; one that is gone already is no trouble.

        Raises:
            Unreachable: try again later.
            CannotPost: it stands where we may not remove it now.
        """
