"""Field checks with strict JSON types: a number is not a string, however alike they look.

Stands in for: the schema validation (zod) the service's 400 answers come from; the document's
"Type" column says what each field must be. A check returns a hint, or None where all is well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Check = Callable[[object], str | None]
"""From a JSON value to what is wrong with it."""


@dataclass(frozen=True)
class Field:
    """One field of a request body."""

    check: Check
    required: bool = True


def hints(fields: Mapping[str, Field], body: Mapping[str, object], *, closed: bool) -> list[str]:
    """List what is wrong, field by field; `closed` also refuses fields nobody defined."""
    found = [f"{name}: {hint}" for name, hint in _each(fields, body) if hint]
    if closed:
        found += [f"{name}: Unrecognized key" for name in body if name not in fields]
    return found


def _each(fields: Mapping[str, Field], body: Mapping[str, object]) -> list[tuple[str, str | None]]:
    present = [(name, field.check(body[name])) for name, field in fields.items() if name in body]
    missing = [(n, "Required") for n, field in fields.items() if field.required and n not in body]
    return present + missing


def text(value: object) -> str | None:
    """A string with something in it."""
    if not isinstance(value, str):
        return f"Expected string, received {kind(value)}"
    return None if value.strip() else "String must contain at least 1 character(s)"


def text_or_null(value: object) -> str | None:
    """A string, empty or not, or null."""
    return None if value is None or isinstance(value, str) else _expected("string", value)


def one_of(*choices: str | int) -> Check:
    """Exactly one of these values, of exactly that type."""
    wanted = " | ".join(f"'{choice}'" for choice in choices)

    def check(value: object) -> str | None:
        if type(value) is not type(choices[0]):
            return _expected(kind(choices[0]), value)
        return None if value in choices else f"Expected {wanted}, received '{value}'"

    return check


def whole_number(least: int, most: int) -> Check:
    """An integer between these, both included."""

    def check(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return _expected("integer", value)
        return None if least <= value <= most else f"Number must be {least} to {most}"

    return check


def texts(least: int, most: int) -> Check:
    """An array of so many strings with something in them."""

    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return _expected("array", value)
        if not least <= len(value) <= most:
            return f"Array must contain {least} to {most} element(s)"
        return next((f"{n}: {hint}" for n, item in enumerate(value) if (hint := text(item))), None)

    return check


def boolean(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else _expected("boolean", value)


def either(*checks: Check) -> Check:
    """Whatever one of these accepts; the first one's hint otherwise."""

    def check(value: object) -> str | None:
        found = [one(value) for one in checks]
        return None if None in found else found[0]

    return check


def kind(value: object) -> str:
    """Name a value's JSON type."""
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")


def _expected(wanted: str, value: object) -> str:
    return f"Expected {wanted}, received {kind(value)}"
