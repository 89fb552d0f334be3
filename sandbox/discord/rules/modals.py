"""Stands in for Discord's judgement of forms: title, labels and the inputs under them.

It never judges what a member types in: the driver does, as the client would.
"""

from typing import Any, Final

from sandbox.discord.problems import Path, Problems
from sandbox.discord.rules import components
from sandbox.discord.rules.components import ROW, SELECTS, TEXT_DISPLAY, TEXT_INPUT, Json

LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
INPUTS: Final = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX)
_TOP: Final = (ROW, TEXT_DISPLAY, LABEL)
_MOST_TITLE, _MOST_FIELDS, _MOST_LABEL, _MOST_TOLD, _MOST_TYPED = 45, 5, 45, 100, 4000


def check(data: dict[str, Any]) -> None:
    """Judge a form the bot wants to open.

    Raises:
        Refusal: 50035 with all mistakes.
    """
    problems = Problems()
    problems.length(("data", "custom_id"), data.get("custom_id"), 1, 100)
    problems.length(("data", "title"), data.get("title"), 1, _MOST_TITLE)
    path: Path = ("data", "components")
    top = data.get("components")
    problems.count(path, top, 1, _MOST_FIELDS)
    for index, component in enumerate(top or []):
        _top(problems, (*path, index), component)
    inputs = [((*path, n), _input(component)) for n, component in enumerate(top or [])]
    components.unique(problems, inputs, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    problems.done()


def _input(top: Json) -> Json:
    if top.get("type") == ROW:
        return next(iter(top.get("components") or []), {})
    found = top.get("component")
    return found if isinstance(found, dict) else {}


def _top(problems: Problems, path: Path, component: Json) -> None:
    problems.choice((*path, "type"), component.get("type"), _TOP)
    if component.get("type") == TEXT_DISPLAY:
        components.text_display(problems, path, component)
    elif component.get("type") == LABEL:
        problems.length((*path, "label"), component.get("label"), 1, _MOST_LABEL)
        if component.get("description"):
            problems.length((*path, "description"), component["description"], 1, _MOST_TOLD)
        _field(problems, (*path, "component"), _input(component), INPUTS)
    elif component.get("type") == ROW:
        _field(problems, (*path, "components", 0), _input(component), (TEXT_INPUT,))


def _field(problems: Problems, path: Path, field: Json, kinds: tuple[int, ...]) -> None:
    kind = field.get("type")
    problems.choice((*path, "type"), kind, kinds)
    problems.length((*path, "custom_id"), field.get("custom_id"), 1, 100)
    if kind in SELECTS:
        components.select(problems, path, field)
        if field.get("disabled"):
            told = "Selects may not be disabled in modals"
            problems.add((*path, "disabled"), "COMPONENT_DISABLED_IN_MODAL", told)
    if kind == TEXT_INPUT:
        _text_input(problems, path, field)
    if kind == RADIO:
        problems.count((*path, "options"), field.get("options"), 2, 10)
    if kind == CHECKBOXES:
        problems.count((*path, "options"), field.get("options"), 1, 10)


def _text_input(problems: Problems, path: Path, field: Json) -> None:
    problems.choice((*path, "style"), field.get("style"), (1, 2))
    if field.get("value"):
        problems.length((*path, "value"), field["value"], 0, _MOST_TYPED)
    if field.get("placeholder"):
        problems.length((*path, "placeholder"), field["placeholder"], 0, 100)
