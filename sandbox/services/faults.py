"""A small seam for faults: rules that say which calls go wrong, and how.

Stands in for: nothing in the documents; this is the test's hand on the wire. One middleware
applies it; handlers know nothing of it.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.services.actions import Action


@dataclass(frozen=True)
class Fault:
    """The calls from number `first` on, `times` of them (None: all), answered by `action`.

    Attributes:
        method: an HTTP method, or "*".
        path: a pattern as in a shell, such as "/api/v1/tasks/*"; `*` also matches slashes.
        action: what happens instead, for example `Reset(after=True)`.
        first: the number of the first call concerned, counted per rule from 1.
        times: how many calls are concerned.
    """

    method: str
    path: str
    action: Action
    first: int = 1
    times: int | None = 1

    def matches(self, request: web.Request) -> bool:
        """Whether this rule counts the request."""
        return self.method in {"*", request.method} and fnmatchcase(request.path, self.path)

    def concerns(self, number: int) -> bool:
        """Whether the rule's `number`-th call goes wrong."""
        return number >= self.first and (self.times is None or number < self.first + self.times)


class Faults:
    """The rules in force. The first one that concerns a request wins; all that match count it."""

    def __init__(self) -> None:
        self._rules: list[tuple[Fault, list[str]]] = []

    def add(self, *rules: Fault) -> None:
        """Put rules in force, behind those already there."""
        self._rules += [(rule, []) for rule in rules]

    def clear(self) -> None:
        """Behave again."""
        self._rules.clear()

    @property
    def idle(self) -> list[Fault]:
        """The rules that have not concerned any call yet."""
        return [rule for rule, calls in self._rules if len(calls) < rule.first]

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Apply the rules to one request."""
        action = self._action(request)
        if action is None:
            return await handler(request)

        async def proceed() -> web.StreamResponse:
            return await handler(request)

        return await action(request, proceed)

    def _action(self, request: web.Request) -> Action | None:
        chosen = None
        for rule, calls in self._rules:
            if rule.matches(request):
                calls.append(request.path)
                if chosen is None and rule.concerns(len(calls)):
                    chosen = rule.action
        return chosen
