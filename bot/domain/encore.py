"""The encore: a task ordered anew, with other words, or gone on from, as an order of its own.

Step 1 of the story for the buttons below films and failure cards. Whoever presses pays; what the
task was made from, and whose picture it was, carries over. Never reads a row or a file: whether the
picture or the film is still there is found out by the Desk.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.catalog import Catalog, Door, Model
from bot.domain.order import ELSEWHERE, Order, Source
from bot.domain.task import Task
from bot.errors import Refusal, Refused


def again(task: Task, asked: Order, catalog: Catalog) -> Order:
    """Return ``asked`` as the same order that became ``task``.

    Args:
        task: what is wanted once more.
        asked: who asks, and where; what they ask for is filled in.
        catalog: what is on sale by now.

    Raises:
        Refused: the task's model has left the catalogue; nobody but us has named it.
    """
    if catalog.get(task.model) is None:
        choices = tuple(model.name for model in catalog.behind(Door(task.door)))
        raise Refused(Refusal.MODEL_OFF, model=task.model, choices=choices)
    return _same(task, asked)


def _same(task: Task, asked: Order) -> Order:
    door = Door(task.door)
    return replace(
        asked,
        door=door,
        prompts=task.prompts,
        model=task.model,
        aspect=task.aspect if door is Door.TEXT else None,
        duration=task.duration,
        picture_of=task.id if task.picture else None,
        source=_source(task, asked),
        continues=task.continues,
    )


def reworded(
    task: Task,
    asked: Order,
    catalog: Catalog,
    *,
    prompts: Sequence[str],
    model: str | None,
    duration: timedelta | None,
) -> Order:
    """Return the same order with other words, and perhaps another model and length.

    The shape stays where the model makes it; else it is the model's own first choice.
    """
    order = _same(task, asked)
    chosen = catalog.get(model or task.model)
    shapes = chosen.aspects if chosen is not None else ()
    return replace(
        order,
        prompts=tuple(prompts),
        model=model or task.model,
        aspect=order.aspect if order.aspect in shapes else None,
        duration=duration or task.duration,
    )


def continued(
    task: Task, asked: Order, *, prompt: str, model: str | None, duration: timedelta | None
) -> Order:
    """Return an order for a film that begins where the task's film ends."""
    return replace(
        asked,
        door=Door.IMAGE,
        prompts=(prompt,) if prompt else (),
        model=model,
        duration=duration,
        source=_source(task, asked),
        continues=task.id,
    )


def nearest_first(task: Task, models: Sequence[Model]) -> list[Model]:
    """Return the models for a film that goes on from the task's: its own, its service's, the rest.

    Within each they stay in the order of the menus.
    """

    def distance(model: Model) -> tuple[bool, bool]:
        return model.name != task.model, model.provider != task.provider

    return sorted(models, key=distance)


def picture_owner(task: Task, asker_id: int) -> int | None:
    """Return whose picture the task was made from, where it is not the asker's own.

    Who had a picture of their own made into a film is meant as soon as somebody else asks.
    """
    owner = task.source_member_id
    if owner is None and task.door != Door.TEXT:
        owner = task.member_id
    return None if owner == asker_id else owner


def _source(task: Task, asked: Order) -> Source | None:
    """Return the source; a picture of the requester's own is to be seen with the task's card."""
    owner = picture_owner(task, asked.member_id)
    if owner is None:
        return None
    theirs = owner == task.source_member_id
    message_id = task.source_message_id if theirs else task.card_message_id
    if message_id is not None and task.channel_id != asked.channel_id:
        message_id = ELSEWHERE
    return Source(owner, message_id)
