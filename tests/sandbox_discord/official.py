"""Discord's official API description as a judge of what was said; it is never copied here."""

import functools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.discord import Exchange

Json = dict[str, Any]

_GOOD = range(200, 300)
DESCRIPTION = os.environ.get("DISCORD_OPENAPI") or None  # noqa: TID251 - not a setting of the bot


def objections(exchange: Exchange) -> list[str]:
    """Return what the description objects to in a request and its answer.

    Of a request that was refused only the answer is judged.
    """
    operation = _operation(exchange.method, exchange.path)
    if exchange.status not in _GOOD:
        return list(_judge(operation["responses"]["4XX"], exchange.answer))
    asked = [] if exchange.body is None else _judge(operation["requestBody"], exchange.body)
    told = operation["responses"].get(str(exchange.status))
    if told is None:
        return [*asked, f"{exchange.method} {exchange.path} never answers {exchange.status}"]
    answered = [] if exchange.answer is None else _judge(told, exchange.answer)
    return [*(f"request: {each}" for each in asked), *(f"answer: {each}" for each in answered)]


@functools.cache
def _description() -> Json:
    assert DESCRIPTION is not None
    found: Json = json.loads(Path(DESCRIPTION).read_text())
    # Discord takes and discord.py sends numbers where an id is expected
    found["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
    return found


@functools.cache
def _routes() -> list[tuple[re.Pattern[str], Json]]:
    """Return all paths as patterns, those with the fewest variable parts first."""
    paths = sorted(_description()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), found) for path, found in paths]


def _operation(method: str, path: str) -> Json:
    for pattern, found in _routes():
        if pattern.fullmatch(path) and method.lower() in found:
            operation: Json = found[method.lower()]
            return operation
    raise AssertionError(f"the description knows no {method} {path}")


def _judge(part: Json, body: Any) -> Iterator[str]:
    schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    whole = {**schema, "components": _description()["components"]}
    for error in Draft202012Validator(whole).iter_errors(body):
        yield f"{list(error.absolute_path)}: {error.message[:300]}"
