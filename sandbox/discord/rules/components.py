"""Stands in for Discord's judgement of message components, of both generations.

It never checks whether a file exists that a component names: `rules.messages` knows the files.
"""

from collections.abc import Iterator
from typing import Any, Final

from sandbox.discord.problems import Path, Problems

Json = dict[str, Any]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS: Final = (3, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6

TOP: Final = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)
_INSIDE: Final[dict[int, tuple[int, ...]]] = {
    ROW: (BUTTON, *SELECTS),
    SECTION: (TEXT_DISPLAY,),
    CONTAINER: (ROW, TEXT_DISPLAY, SECTION, GALLERY, SEPARATOR, FILE),
}
_CHILDREN: Final = {ROW: (1, 5), SECTION: (1, 3), CONTAINER: (1, 40)}
_MOST_COMPONENTS, _MOST_TEXT, _MOST_ROWS = 40, 4000, 5


def check(problems: Problems, components: Any, *, modern: bool) -> None:
    """Note what is wrong with the components of a message; modern: with the V2 flag."""
    path: Path = ("components",)
    problems.count(path, components, 0, _MOST_COMPONENTS if modern else _MOST_ROWS)
    if isinstance(components, list):
        _each(problems, path, components, TOP if modern else (ROW,))
        _together(problems, path, components)


def inner(component: Json) -> Iterator[tuple[Path, Json]]:
    """Yield a component and all within it, with where each stands."""
    yield (), component
    children = component.get("components")
    for index, child in enumerate(children if isinstance(children, list) else ()):
        for path, found in inner(child):
            yield ("components", index, *path), found
    accessory = component.get("accessory")
    if isinstance(accessory, dict):
        for path, found in inner(accessory):
            yield ("accessory", *path), found


def _each(problems: Problems, path: Path, components: list[Json], kinds: tuple[int, ...]) -> None:
    for index, component in enumerate(components):
        _one(problems, (*path, index), component, kinds)


def _one(problems: Problems, path: Path, component: Json, kinds: tuple[int, ...]) -> None:
    kind = component.get("type")
    if kind not in kinds:
        told = f'Value of field "type" must be one of ({", ".join(map(str, kinds))}).'
        problems.add((*path, "type"), "UNION_TYPE_CHOICES", told)
        return
    if kind in _CHILDREN:
        children = component.get("components")
        problems.count((*path, "components"), children, *_CHILDREN[kind])
        if isinstance(children, list):
            _each(problems, (*path, "components"), children, _INSIDE[kind])
    judge = _JUDGES.get(kind)
    if judge is not None:
        judge(problems, path, component)


def _row(problems: Problems, path: Path, component: Json) -> None:
    children = component.get("components") or []
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        told = "The specified component exceeds the maximum width"
        problems.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", told)


def _section(problems: Problems, path: Path, component: Json) -> None:
    accessory = component.get("accessory")
    if not isinstance(accessory, dict):
        problems.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
        return
    _one(problems, (*path, "accessory"), accessory, (BUTTON, THUMBNAIL))


def _button(problems: Problems, path: Path, component: Json) -> None:
    style = component.get("style")
    problems.choice((*path, "style"), style, (1, 2, 3, 4, LINK, PREMIUM))
    if style == LINK:
        _link(problems, path, component)
    elif style != PREMIUM:
        problems.length((*path, "custom_id"), component.get("custom_id"), 1, 100)
    if component.get("label"):
        problems.length((*path, "label"), component["label"], 1, 80)
    elif not component.get("emoji") and style != PREMIUM:
        told = "A button must have at least one of: label, emoji"
        problems.add((*path, "label"), "BUTTON_COMPONENT_INVALID_LABEL", told)


def _link(problems: Problems, path: Path, component: Json) -> None:
    problems.length((*path, "url"), component.get("url"), 1, 512)
    _scheme(problems, (*path, "url"), component.get("url"), ("http", "https", "discord"))
    if component.get("custom_id"):
        told = "A custom id and url cannot both be specified"
        code = "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"
        problems.add((*path, "custom_id"), code, told)


def select(problems: Problems, path: Path, component: Json) -> None:
    """Note what is wrong with a menu, on a message or in a form."""
    problems.length((*path, "custom_id"), component.get("custom_id"), 1, 100)
    if component.get("placeholder"):
        problems.length((*path, "placeholder"), component["placeholder"], 1, 150)
    if component["type"] != STRING_SELECT:
        return
    options = component.get("options")
    problems.count((*path, "options"), options, 1, 25)
    for index, option in enumerate(options or []):
        place = (*path, "options", index)
        problems.length((*place, "label"), option.get("label"), 1, 100)
        problems.length((*place, "value"), option.get("value"), 1, 100)
        if option.get("description"):
            problems.length((*place, "description"), option["description"], 1, 100)


def text_display(problems: Problems, path: Path, component: Json) -> None:
    """Note what is wrong with a piece of text."""
    problems.length((*path, "content"), component.get("content"), 1, _MOST_TEXT)


def _gallery(problems: Problems, path: Path, component: Json) -> None:
    items = component.get("items")
    problems.count((*path, "items"), items, 1, 10)
    for index, item in enumerate(items or []):
        _media(problems, (*path, "items", index), item)


def _media(problems: Problems, path: Path, component: Json) -> None:
    place = (*path, "media", "url")
    _address(problems, place, component.get("media"), ("http", "https", "attachment"))
    if component.get("description"):
        problems.length((*path, "description"), component["description"], 1, 1024)


def _file(problems: Problems, path: Path, component: Json) -> None:
    _address(problems, (*path, "file", "url"), component.get("file"), ("attachment",))


def _address(problems: Problems, path: Path, media: Json | None, schemes: tuple[str, ...]) -> None:
    url = (media or {}).get("url")
    problems.length(path, url, 1, 2048)
    _scheme(problems, path, url, schemes)


def _scheme(problems: Problems, path: Path, url: object, schemes: tuple[str, ...]) -> None:
    found, divider, _ = str(url).partition("://")
    if not divider or found not in schemes:
        told = f"Scheme must be one of {schemes}."
        problems.add(path, "URL_TYPE_INVALID_SCHEME", told)


def _together(problems: Problems, path: Path, components: list[Json]) -> None:
    """Note what is wrong with all components as a whole."""
    everything = [
        ((*path, index, *place), found)
        for index, component in enumerate(components)
        for place, found in inner(component)
    ]
    if len(everything) > _MOST_COMPONENTS:
        told = f"Total number of components ({len(everything)}) exceeds {_MOST_COMPONENTS}"
        problems.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", told)
    size = sum(len(str(found.get("content", ""))) for _, found in everything)
    if size > _MOST_TEXT:
        told = f"Displayable text size ({size}) exceeds maximum size of {_MOST_TEXT}"
        problems.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", told)
    unique(problems, everything, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    unique(problems, everything, "id", "COMPONENT_ID_DUPLICATED")


def unique(problems: Problems, found: list[tuple[Path, Json]], key: str, code: str) -> None:
    """Note every component that repeats the value another one has under a key."""
    seen = set()
    for place, component in found:
        value = component.get(key)
        if value and value in seen:
            told = f"Component {key.replace('_', ' ')} cannot be duplicated"
            problems.add((*place, key), code, told)
        seen.add(value)


_JUDGES = {
    ROW: _row,
    SECTION: _section,
    BUTTON: _button,
    **dict.fromkeys(SELECTS, select),
    TEXT_DISPLAY: text_display,
    THUMBNAIL: _media,
    GALLERY: _gallery,
    FILE: _file,
}
