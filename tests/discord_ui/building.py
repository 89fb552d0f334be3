"""Tasks, views and a catalogue to draw."""

from datetime import UTC, datetime, timedelta
from typing import Any

from discord import ui

from bot.discord_ui.cards import Painter
from bot.domain.catalog import Catalog
from bot.domain.task import Task, TaskState
from bot.errors import Failure
from bot.pipeline.ports import CardView
from bot.providers.catalog import load

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUILD, CHANNEL, CARD, FILM, ADA = 10, 20, 40, 50, 30
S = TaskState

FAILURES = {
    S.REFUSED: Failure.CONTENT,
    S.FAILED: Failure.SERVICE_FAILED,
    S.CANCELLED: Failure.BY_MEMBER,
    S.EXPIRED: Failure.RESULT_GONE,
}


def catalog() -> Catalog:
    """Return the shipped catalogue."""
    return load(None)


def painter() -> Painter:
    """Return a painter with the shipped catalogue."""
    return Painter(catalog())


def task(state: TaskState = S.QUEUED, **fields: Any) -> Task:
    """Return a task in a state, as its row would look then."""
    row: dict[str, Any] = {
        "guild_id": GUILD,
        "id": "0123456789ab",
        "order_key": "interaction:1",
        "channel_id": CHANNEL,
        "member_id": ADA,
        "model": "t2v",
        "provider": "aivideomaker",
        "door": "text",
        "prompts": ("a fox in the snow",),
        "aspect": "16:9",
        "duration": timedelta(seconds=5),
        "cost": 5,
        "state": state,
        "created_at": NOON,
        "card_message_id": CARD,
        "failure": FAILURES.get(state),
    }
    if state in (S.SUBMITTED, S.RUNNING, S.RENDERED, S.DELIVERED, S.KEPT):
        row["submitted_at"] = NOON + timedelta(seconds=2)
    if state is S.DELIVERED:
        row |= {"film_channel_id": CHANNEL, "film_message_id": FILM}
    return Task(**{**row, **fields})


def view(state: TaskState = S.QUEUED, **fields: Any) -> CardView:
    """Return what the card of such a task shows."""
    return CardView(task(state, **fields), can_cancel=state is S.QUEUED)


def sent(layout: ui.LayoutView) -> list[dict[str, Any]]:
    """Return a layout as Discord gets it."""
    components: list[dict[str, Any]] = layout.to_components()  # type: ignore[no-untyped-call] # discord.py left it so
    return components


def text_of(layout: Any) -> str:
    """Return all that a person reads on a layout."""
    return "\n".join(
        item.content for item in layout.walk_children() if getattr(item, "content", None)
    )
