"""Stands in for Discord's judgement of application commands.

It never knows localisations beyond counting their length.
"""

import re
from typing import Any, Final

from sandbox.discord.problems import Path, Problems

Json = dict[str, Any]

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER, ATTACHMENT = 1, 2, 3, 4, 10, 11
_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_MOST: Final = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
_MOST_OPTIONS, _MOST_CHOICES, _MOST_SIZE = 25, 25, 8000


def check(commands: list[Json]) -> None:
    """Judge all commands of one scope.

    Raises:
        Refusal: 50035 with all mistakes.
    """
    problems = Problems()
    for kind, most in _MOST.items():
        names = [each.get("name") for each in commands if each.get("type", SLASH) == kind]
        if len(names) > most:
            problems.add((), "APPLICATION_COMMAND_TOO_MANY", f"At most {most} of type {kind}.")
        if len(set(names)) < len(names):
            told = "Application command names must be unique"
            problems.add((), "APPLICATION_COMMANDS_DUPLICATE_NAME", told)
    for index, command in enumerate(commands):
        _command(problems, (index,), command)
    problems.done()


def _command(problems: Problems, path: Path, command: Json) -> None:
    kind = command.get("type", SLASH)
    problems.choice((*path, "type"), kind, tuple(_MOST))
    if kind == SLASH:
        _named(problems, path, command)
        _options(problems, path, command.get("options"))
    else:
        problems.length((*path, "name"), command.get("name"), 1, 32)
        if command.get("description") or command.get("options"):
            told = "Context menu commands cannot have description or options"
            problems.add(path, "APPLICATION_COMMAND_INVALID_DESCRIPTION", told)
    if _size(command) > _MOST_SIZE:
        told = f"Command exceeds maximum size of {_MOST_SIZE}"
        problems.add(path, "APPLICATION_COMMAND_TOO_LARGE", told)


def _named(problems: Problems, path: Path, thing: Json) -> None:
    name = thing.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
        problems.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    problems.length((*path, "description"), thing.get("description"), 1, 100)


def _options(problems: Problems, path: Path, options: list[Json] | None) -> None:
    place: Path = (*path, "options")
    problems.count(place, options or [], 0, _MOST_OPTIONS)
    names = [option.get("name") for option in options or []]
    if len(set(names)) < len(names):
        told = "Option names must be unique"
        problems.add(place, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", told)
    optional = False
    for index, option in enumerate(options or []):
        if option.get("required") and optional:
            told = "Required options must be placed before non-required options"
            problems.add((*place, index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", told)
        optional = optional or not option.get("required")
        _option(problems, (*place, index), option)


def _option(problems: Problems, path: Path, option: Json) -> None:
    _named(problems, path, option)
    kind = option.get("type")
    problems.choice((*path, "type"), kind, tuple(range(1, 12)))
    if kind in {SUBCOMMAND, GROUP}:
        _options(problems, path, option.get("options"))
        return
    choices = option.get("choices") or []
    problems.count((*path, "choices"), choices, 0, _MOST_CHOICES)
    if option.get("autocomplete") and (choices or kind not in {STRING, INTEGER, NUMBER}):
        told = "Autocomplete is for strings and numbers without choices"
        problems.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", told)
    for index, choice in enumerate(choices):
        choice_at(problems, (*path, "choices", index), choice)


def choice_at(problems: Problems, path: Path, choice: Json) -> None:
    """Note what is wrong with one choice, declared or suggested."""
    problems.length((*path, "name"), choice.get("name"), 1, 100)
    if isinstance(choice.get("value"), str):
        problems.length((*path, "value"), choice["value"], 1, 100)


def suggestions(choices: Any) -> None:
    """Judge the answer to an autocomplete.

    Raises:
        Refusal: 50035 with all mistakes.
    """
    problems = Problems()
    path: Path = ("data", "choices")
    problems.count(path, choices, 0, _MOST_CHOICES)
    for index, choice in enumerate(choices if isinstance(choices, list) else ()):
        choice_at(problems, (*path, index), choice)
    problems.done()


def _size(thing: Json) -> int:
    """Count the characters of names, descriptions and values, the longest language of each."""
    size = sum(
        max(len(str(text)) for text in (thing.get(key) or "", *_languages(thing, key)))
        for key in ("name", "description")
    )
    size += len(thing["value"]) if isinstance(thing.get("value"), str) else 0
    nested = [*(thing.get("options") or []), *(thing.get("choices") or [])]
    return size + sum(_size(each) for each in nested)


def _languages(thing: Json, key: str) -> list[str]:
    return list((thing.get(f"{key}_localizations") or {}).values())
