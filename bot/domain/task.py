"""The task: one row that follows one video from order to film, and its legal moves.

Every step of the story moves it; this table says which moves exist and what each means in the
ledger. Never moves a task itself: ``store/`` does, in the transaction that writes the ledger.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import Failure

TOKEN_LIFE = timedelta(minutes=15)
"""How long Discord lets an interaction token edit and follow up."""
WATCHED = timedelta(minutes=1)
"""So long after an order its member still has an eye on the card."""
NO_NEWS = frozenset({Failure.BY_MEMBER, Failure.NO_CARD})
"""Ends that nobody has to be told of: asked for, or without a card to reply to."""


class TaskState(StrEnum):
    """Where a task stands."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SUBMITTED = "SUBMITTED"
    RUNNING = "RUNNING"
    RENDERED = "RENDERED"
    DELIVERED = "DELIVERED"
    KEPT = "KEPT"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    UNCONFIRMED = "UNCONFIRMED"


S = TaskState

MOVES: Mapping[TaskState, frozenset[TaskState]] = {
    # QUEUED → REFUSED: what it was ordered for is no longer on sale.
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED, S.REFUSED}),
    # SENDING → QUEUED: not a byte left, or the service asked us to wait.
    S.SENDING: frozenset({S.SUBMITTED, S.REFUSED, S.UNCONFIRMED, S.QUEUED}),
    # UNCONFIRMED → QUEUED: sent once more, where the service knows the same create when it sees it.
    S.UNCONFIRMED: frozenset({S.SUBMITTED, S.QUEUED}),
    S.SUBMITTED: frozenset({S.RUNNING, S.RENDERED, S.FAILED, S.CANCELLED, S.EXPIRED}),
    S.RUNNING: frozenset({S.RENDERED, S.FAILED, S.CANCELLED, S.EXPIRED}),
    # RENDERED → CANCELLED: it was taken down before anybody saw it.
    S.RENDERED: frozenset({S.DELIVERED, S.KEPT, S.FAILED, S.EXPIRED, S.CANCELLED}),
    # KEPT → DELIVERED: the place opened again, or the member fetched it.
    S.KEPT: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset(),
    S.REFUSED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
}
"""From each state, the states a task may move to."""

SETTLED = frozenset({S.DELIVERED, S.KEPT})
"""The film is there: what was held is spent."""
RELEASED = frozenset({S.REFUSED, S.FAILED, S.CANCELLED, S.EXPIRED})
"""There is no film: what was held goes back."""
UPSTREAM = frozenset({S.SENDING, S.SUBMITTED, S.RUNNING, S.UNCONFIRMED})
"""The service has, or may have, work to do for it."""
ENDED = SETTLED | RELEASED


def may_move(start: TaskState, to: TaskState) -> bool:
    """Tell whether the table allows the move."""
    return to in MOVES[start]


def new_task_id() -> str:
    """Return a fresh task id: 12 hexadecimal digits, unguessable, fit for a file name."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Task:
    """One task as its row has it. ``None`` means: not known (yet)."""

    guild_id: int
    id: str
    order_key: str
    """What the same order twice has in common: then it is the same task.

    ``interaction:<id>``, ``message:<id>``, ``form:<id of the press that opened it>``, or
    ``draft:<draft's id>``.
    """
    channel_id: int
    member_id: int
    model: str
    provider: str
    door: str
    prompts: tuple[str, ...]
    aspect: str | None
    duration: timedelta
    cost: int
    """Credits held: the catalogue's price."""
    state: TaskState
    created_at: datetime
    picture: str | None = None
    """File name of the prepared picture below ``DATA_DIR/pictures``."""
    locale: str = "en-US"

    card_message_id: int | None = None
    card_shown: str | None = None
    """What the card last showed (a digest made by the Mailbox); ``None``: never edited yet."""
    token: str | None = None
    """The interaction's webhook token; a secret, erased after 15 minutes."""
    token_expires_at: datetime | None = None

    upstream_id: str | None = None
    key_fingerprint: str | None = None
    hook_hash: str | None = None
    charged: int | None = None
    """Credits the service says it took."""
    progress: int | None = None
    """Per cent, only where the service sends it."""
    result_url: str | None = None

    failure: Failure | None = None
    detail: str | None = None
    """The service's own words about a failure, cleaned, at most 300 characters."""
    flagged: bool = False
    """The operator should look at it."""
    cancel_asked_by: int | None = None

    sending_at: datetime | None = None
    submitted_at: datetime | None = None
    rendered_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    """When a worker should next try; ``None``: at once."""
    attempts: int = 0
    """Tries of the present step that failed and will be repeated."""
    delivering_since: datetime | None = None
    film: str | None = None
    """File name of the film below ``DATA_DIR/films``."""
    film_channel_id: int | None = None
    film_message_id: int | None = None
    film_bytes: int | None = None
    film_fitted: bool = False
    """The posted film was re-encoded to fit; the file on disk is the full quality."""
    told: bool = False
    """Its member was told of the failure by a message of its own, or cannot be."""
    repeats: int = 0
    """How often it went back to the queue although its job may exist: see ``in_doubt``."""
    source_member_id: int | None = None
    """Whose picture it was made from, where it is somebody else's than the requester's."""
    source_message_id: int | None = None
    """The message, in the same channel, that it stands in; or ``order.ELSEWHERE``.

    ``None``: it is an avatar.
    """
    continues: str | None = None
    """The task whose film ends with the picture that this one begins with."""
    withdrawn_by: int | None = None
    """Who had the film taken down; from then on it is shown to nobody."""
    withdrawn_at: datetime | None = None

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was taken down."""
        return self.withdrawn_by is not None

    @property
    def may_be_taken_down(self) -> bool:
        """Tell whether there is, or may come, a film from somebody else's picture."""
        if self.source_member_id is None or self.withdrawn:
            return False
        return self.state not in RELEASED

    @property
    def prompt(self) -> str:
        """All prompts as one text, a line a shot."""
        return "\n".join(self.prompts)

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.state in ENDED

    @property
    def in_doubt(self) -> bool:
        """Tell whether it waits to be sent again, or is, though its job may exist upstream.

        Only the service's own word that there is one, or that one is made now, ends the doubt.
        """
        return self.repeats > 0 and self.state in (S.QUEUED, S.SENDING)

    @property
    def given_up(self) -> bool:
        """Tell whether a lost answer was searched for in vain: the credits are back.

        Should the job turn up after all, the task still goes on.
        """
        return self.state is S.UNCONFIRMED and self.failure is not None

    @property
    def shown_state(self) -> TaskState:
        """Return the state that people are told; one that was given up has failed for them."""
        return S.FAILED if self.given_up else self.state

    @property
    def owes_news(self) -> bool:
        """Tell whether it failed when nobody watched any more, and its member was not told."""
        if self.told or self.ended_at is None or self.failure is None:
            return False
        if self.failure in NO_NEWS and not self.withdrawn:
            return False
        return self.ended_at - self.created_at > WATCHED

    def token_at(self, now: datetime) -> str | None:
        """Return the interaction token while it lives, with a margin of 30 seconds."""
        if self.token is None or self.token_expires_at is None:
            return None
        return self.token if now < self.token_expires_at - timedelta(seconds=30) else None
