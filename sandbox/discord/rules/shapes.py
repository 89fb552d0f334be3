"""Stands in for Discord's first look at a body: is each field the kind of thing it should be?

It never asks what a field means; and like Discord it lets fields pass that it does not know.
"""

from typing import Any, Final

from sandbox.discord.problems import Path, Problems

Shape = Any
"""`str`, `int`, `bool`; `ID`; a list with the shape of its items; a dict with those of its fields.

Every field may be left out or null: whether it is needed is asked later.
"""

ID: Final = object()

_MEDIA: Final = {"url": str}
_OPTION: Final = {"label": str, "value": str, "description": str, "default": bool}
_COMPONENT: dict[str, Shape] = {
    **dict.fromkeys(("type", "style", "id", "min_values", "max_values"), int),
    **dict.fromkeys(("custom_id", "label", "url", "content", "placeholder", "description"), str),
    "options": [_OPTION],
    "items": [{"media": _MEDIA, "description": str}],
    "media": _MEDIA,
    "file": _MEDIA,
    "emoji": {"name": str},
}
_COMPONENT |= {"components": [_COMPONENT], "component": _COMPONENT, "accessory": _COMPONENT}

_MESSAGE: Final[dict[str, Shape]] = {
    "content": str,
    "flags": int,
    "embeds": [{"title": str, "description": str, "fields": [{"name": str, "value": str}]}],
    "components": [_COMPONENT],
    "attachments": [{"id": ID, "filename": str, "description": str}],
    "message_reference": {"message_id": ID, "fail_if_not_exists": bool},
    "allowed_mentions": {"parse": [str], "users": [ID], "roles": [ID], "replied_user": bool},
    "enforce_nonce": bool,
}

_CHOICE: Final = {"name": str}
_COMMAND: dict[str, Shape] = {"name": str, "description": str, "type": int}
_COMMAND |= {"choices": [_CHOICE], "options": [_COMMAND], "default_member_permissions": ID}

_ANSWER: Final = {**_MESSAGE, "title": str, "custom_id": str, "choices": [_CHOICE]}

_BY_ROUTE: Final[dict[tuple[str, str], Shape]] = {
    ("PUT", "/applications/{application}/commands"): [_COMMAND],
    ("PUT", "/applications/{application}/guilds/{guild}/commands"): [_COMMAND],
    ("POST", "/interactions/{interaction}/{token}/callback"): {"type": int, "data": _ANSWER},
    ("POST", "/users/@me/channels"): {"recipient_id": ID},
}

_KINDS: Final[dict[type, tuple[str, str]]] = {
    str: ("STRING_TYPE_CONVERT", "Could not interpret value as a string."),
    int: ("NUMBER_TYPE_COERCE", "Value is not int."),
    bool: ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
}


def check(method: str, route: str, body: Any) -> None:
    """Look at the body of a request; what no route here claims is a message.

    Raises:
        Refusal: 50035 with all mistakes.
    """
    problems = Problems()
    _look(problems, (), body, _BY_ROUTE.get((method, route), _MESSAGE))
    problems.done()


def _look(problems: Problems, path: Path, value: Any, shape: Shape) -> None:
    if value is None:
        return
    if isinstance(shape, dict):
        _object(problems, path, value, shape)
    elif isinstance(shape, list):
        _list(problems, path, value, shape[0])
    elif shape is ID:
        _id(problems, path, value)
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        problems.add(path, *_KINDS[shape])


def _object(problems: Problems, path: Path, value: Any, shape: dict[str, Shape]) -> None:
    if not isinstance(value, dict):
        problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    for key, inner in shape.items():
        _look(problems, (*path, key), value.get(key), inner)


def _list(problems: Problems, path: Path, value: Any, inner: Shape) -> None:
    if not isinstance(value, list):
        problems.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    for index, item in enumerate(value):
        _look(problems, (*path, index), {} if item is None else item, inner)


def _id(problems: Problems, path: Path, value: Any) -> None:
    if isinstance(value, bool) or not str(value).isdigit():
        problems.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
