"""Which fate the next job meets: scripted for the next create, by prompt, or by marker.

Stands in for: luck, chosen by the test. It never touches a job that already exists.
"""

from collections import deque

from sandbox.services.markers import marked
from sandbox.services.scenario import Scenario


class Script:
    """The scenarios waiting to be used."""

    def __init__(self) -> None:
        self._next: deque[Scenario] = deque()
        self._matching: list[tuple[str, Scenario]] = []

    def add(self, scenario: Scenario, matching: str | None) -> None:
        """Queue a scenario for the next create, or for every prompt that contains `matching`."""
        if matching is None:
            self._next.append(scenario)
        else:
            self._matching.append((matching, scenario))

    def choose(self, prompt: str) -> Scenario:
        """Take the fate of an accepted create: by prompt, else the next in line, else markers."""
        for text, scenario in self._matching:
            if text in prompt:
                return scenario
        return self._next.popleft() if self._next else marked(prompt)
