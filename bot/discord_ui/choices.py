"""What a member is offered while typing: models, shapes, lengths with prices, their films.

Serves the doors. Never refuses anything: what was typed freely is checked by the Desk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from discord.app_commands import Choice

from bot.discord_ui.forms.storyboard import price_of_shots
from bot.discord_ui.words import Say, Words
from bot.discord_ui.words.figures import one_line
from bot.domain.catalog import Catalog, Door, Model, seconds
from bot.domain.task import Task

MOST = 25
LONGEST_NAME = 100
CLEAR = -(2**53 - 1)
"""The value of *clear* where credits are asked for: a number Discord carries and nobody types."""


def models(catalog: Catalog, door: Door, typed: str, words: Words) -> list[Choice[str]]:
    """Return the models that a door offers, each with its lowest price."""
    return _matching(
        typed,
        [Choice(name=_model(model, words), value=model.name) for model in catalog.behind(door)],
    )


def aspects(catalog: Catalog, model: str | None, typed: str) -> list[Choice[str]]:
    """Return the shapes that the chosen model makes."""
    chosen = _chosen(catalog, Door.TEXT, model)
    shapes = chosen.aspects if chosen else ()
    return _matching(typed, [Choice(name=shape, value=shape) for shape in shapes])


def lengths(catalog: Catalog, door: Door, model: str | None, words: Words) -> list[Choice[int]]:
    """Return the lengths that the chosen model makes, each with its price."""
    chosen = _chosen(catalog, door, model)
    if chosen is None:
        return []
    return [_length(chosen, duration, words) for duration in chosen.durations][:MOST]


def with_prices(options: Mapping[str, str], catalog: Catalog, words: Words) -> dict[str, str]:
    """Return what is said of each option of a long film: of a shot, what all so far come to."""
    model = catalog.default(Door.LONG)
    if model is None:
        return dict(options)
    prices = {
        f"shot{count}": price_of_shots(model, count, words)
        for count in range(1, model.shots_limit + 1)
    }
    return {
        name: words.plain(Say.STORYBOARD_OPTION, option=what, price=prices.get(name))
        for name, what in options.items()
    }


def films(tasks: Iterable[Task], typed: str, words: Words) -> list[Choice[str]]:
    """Return tasks by what they show and where they stand."""
    return _matching(typed, [Choice(name=_task(task, words), value=task.id) for task in tasks])


def clearing(typed: str, words: Words) -> list[Choice[int]]:
    """Return what was typed as a number of credits, and the value that clears a quota."""
    number = [Choice(name=typed, value=int(typed))] if typed.isdecimal() else []
    return [*number, Choice(name=words.say(Say.CHOICE_CLEAR), value=CLEAR)]


def credits_chosen(value: int) -> int | None:
    """Return the credits an admin chose; ``None``: clear."""
    return None if value == CLEAR else value


def _chosen(catalog: Catalog, door: Door, name: str | None) -> Model | None:
    return (catalog.get(name) if name else None) or catalog.default(door)


def _matching(typed: str, choices: Sequence[Choice[str]]) -> list[Choice[str]]:
    wanted = typed.strip().lower()
    return [
        choice
        for choice in choices
        if wanted in choice.name.lower() or wanted in choice.value.lower()
    ][:MOST]


def _model(model: Model, words: Words) -> str:
    price = model.price.of(model.default_duration) if model.durations else None
    name = words.plain(Say.CHOICE_MODEL, name=model.name, title=model.title, credits=price)
    return name[:LONGEST_NAME]


def _length(model: Model, duration: timedelta, words: Words) -> Choice[int]:
    count = seconds(duration)
    name = words.plain(Say.CHOICE_LENGTH, seconds=count, credits=model.price.of(duration))
    return Choice(name=name, value=count)


def _task(task: Task, words: Words) -> str:
    state = words.short_state(task)
    prompt = one_line(task.prompt)[:60]
    return words.plain(Say.CHOICE_TASK, prompt=prompt, task_id=task.id, state=state)[:LONGEST_NAME]
