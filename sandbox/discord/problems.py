"""Stands in for the `errors` tree of Discord's code 50035: what is wrong, and where.

It never stops at the first mistake: a form is read to its end and every problem is told.
"""

from typing import Any

from sandbox.discord.refusals import Refusal, refuse

Path = tuple[str | int, ...]


class Problems:
    """What is wrong with one form."""

    def __init__(self) -> None:
        self._found: list[tuple[Path, str, str]] = []

    def add(self, path: Path, code: str, message: str) -> None:
        """Note one problem at a place in the form."""
        self._found.append((path, code, message))

    def length(self, path: Path, value: object, least: int, most: int) -> None:
        """Note a value that is no string of the given length."""
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as a string.")
        elif least and not value:
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not least <= len(value) <= most:
            told = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", told)

    def count(self, path: Path, values: object, least: int, most: int) -> None:
        """Note a value that is no list of the given length."""
        if not isinstance(values, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        elif not least <= len(values) <= most:
            told = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", told)

    def choice(self, path: Path, value: object, allowed: tuple[object, ...]) -> None:
        """Note a value that is none of those allowed."""
        if value not in allowed:
            told = f"Value must be one of {{{', '.join(map(str, allowed))}}}."
            self.add(path, "BASE_TYPE_CHOICES", told)

    def done(self) -> None:
        """Close the form.

        Raises:
            Refusal: 50035 with the tree of errors, if anything is wrong.
        """
        if self._found:
            raise self.refusal()

    def refusal(self) -> Refusal:
        """Return the refusal that tells what was found so far."""
        plain = refuse(50035)
        return Refusal(plain.status, plain.code, plain.message, self._tree())

    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path, code, message in self._found:
            node = tree
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return tree


def invalid(path: Path, code: str, message: str) -> Refusal:
    """Return the refusal of a form with a single problem."""
    problems = Problems()
    problems.add(path, code, message)
    return problems.refusal()
