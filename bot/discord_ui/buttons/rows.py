"""Which buttons stand below a card and below a film, and in which order.

Serves the Painter and the Post. A film that is played inside its card has its buttons there. Never
knows what a press does.
"""

from typing import Any

from discord import ui

from bot.discord_ui.buttons.task_buttons import (
    AgainButton,
    CancelButton,
    ContinueButton,
    FullQualityButton,
    TakeDownButton,
    TaskButton,
    WordsButton,
)
from bot.discord_ui.words import Say
from bot.domain.task import SETTLED, Task, TaskState
from bot.errors import Failure
from bot.pipeline.ports import CardView

MOST_IN_A_ROW = 5
OFF_SALE = frozenset({Failure.MODEL_CLOSED, Failure.SERVICE_OFF})
"""The same order would only be refused."""
ANOTHER_MODEL = OFF_SALE | {
    Failure.SERVICE_CREDITS,
    Failure.SERVICE_KEY,
    Failure.INVALID_REQUEST,
    Failure.PICTURE,
}
"""Another model is likelier to help than the same one or other words."""
OTHER_WORDS = frozenset({Failure.CONTENT, Failure.BY_MEMBER})
"""It was the words, or a second thought."""


def card_buttons(view: CardView, *, has_film: bool) -> list[TaskButton]:
    """Return what one can do about the task now.

    Args:
        view: the task and what its row does not know.
        has_film: whether the film is played inside this very message.
    """
    if view.task.withdrawn:
        return []
    return [*_what_next(view, has_film=has_film), *_take_down(view.task)]


def _what_next(view: CardView, *, has_film: bool) -> list[TaskButton]:
    task = view.task
    if view.can_cancel:
        return [CancelButton(task.guild_id, task.id, task.locale)]
    if task.failure is not None:
        return _failure_buttons(task)
    if task.state is TaskState.KEPT and not has_film:
        get = FullQualityButton(task.guild_id, task.id, task.locale, Say.GET_FILM)
        return [get, *_encores(task)]
    if has_film or (task.film_message_id or 0) == task.card_message_id:
        return _with_film(task)
    if task.state in SETTLED and task.film_channel_id != task.channel_id:  # sent directly
        return _encores(task)
    return []


def film_buttons(task: Task, *, direct: bool = False) -> list[TaskButton]:
    """Return what one can do about a film that can be watched.

    Args:
        task: what it was made for.
        direct: it stands in somebody's direct messages. A new film belongs into the server's
            channel, whose card has these buttons then.
    """
    if task.withdrawn:
        return []
    return [*_with_film(task, direct=direct), *_take_down(task)]


def _with_film(task: Task, *, direct: bool = False) -> list[TaskButton]:
    full = [FullQualityButton(task.guild_id, task.id, task.locale)] if task.film_fitted else []
    return [*([] if direct else _encores(task)), *full]


def _take_down(task: Task) -> list[TaskButton]:
    """Return the button for whose picture it was, from the first moment on."""
    if not task.may_be_taken_down:
        return []
    return [TakeDownButton(task.guild_id, task.id, task.locale)]


def _failure_buttons(task: Task) -> list[TaskButton]:
    """Return how to get a film after all, what is likeliest to help first."""
    again = AgainButton(task.guild_id, task.id, task.locale, Say.TRY_AGAIN)
    words = WordsButton(task.guild_id, task.id, task.locale)
    if task.failure in ANOTHER_MODEL:
        other = WordsButton(task.guild_id, task.id, task.locale, Say.ANOTHER_MODEL)
        return [other] if task.failure in OFF_SALE else [other, again]
    return [words, again] if task.failure in OTHER_WORDS else [again, words]


def _encores(task: Task) -> list[TaskButton]:
    ids = (task.guild_id, task.id, task.locale)
    return [ContinueButton(*ids), AgainButton(*ids)]


def as_row(buttons: list[TaskButton]) -> ui.ActionRow[Any] | None:
    """Return the buttons as a row of a card; ``None`` where there are none."""
    return ui.ActionRow(*buttons[:MOST_IN_A_ROW]) if buttons else None


def as_view(buttons: list[TaskButton]) -> ui.View | None:
    """Return the buttons for a plain message; ``None`` where there are none."""
    if not buttons:
        return None
    view = ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
