"""The table that the long run ends with: how much was tried, and what went wrong.

Counts and prints; never judges.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.task import TaskState
from tests.faults import judge
from tests.faults.world import Death, World

Row = tuple[str, object]
FAULTS = {
    "films": "films posted twice, or missing",
    "bought": "jobs bought twice",
    "stuck": "tasks that nobody moves",
    "lost": "films or jobs lost",
    "ledger": "accounts that do not add up",
    "card": "cards that show an old state",
}
"""The first word of a violation, and what it is called in the table."""
WIDTH = 46


@dataclass
class Verdict:
    """How one world ended."""

    world: World
    case: judge.Case
    violations: list[str]


def report(verdicts: list[Verdict], took: timedelta) -> str:
    """Return the table, and each violation in a line of its own."""
    problems = [line for verdict in verdicts for line in verdict.violations]
    kinds = Counter(line.split(":", 1)[0] for line in problems)
    rows = [
        *_deaths([death for verdict in verdicts for death in verdict.world.deaths]),
        *_tasks([verdict.case for verdict in verdicts]),
        *_lost_answers(verdicts),
        *((name, kinds[kind]) for kind, name in FAULTS.items()),
        ("minutes", f"{took / timedelta(minutes=1):.1f}"),
    ]
    return "\n".join([*(f"{name:<{WIDTH}}{value:>7}" for name, value in rows), *problems])


def _deaths(deaths: list[Death]) -> Iterator[Row]:
    at_steps = [death.at for death in deaths if death.reached and death.step]
    yield "kills, each followed by a restart", len(deaths)
    yield "  at a named step", len(at_steps)
    yield "  different steps", len(set(at_steps))
    yield "  with a create in flight", sum(bool(death.sending) for death in deaths)


def _tasks(cases: list[judge.Case]) -> Iterator[Row]:
    states = Counter(task.shown_state for case in cases for task in case.tasks)
    yield "orders", states.total()
    for state in TaskState:
        if states[state]:
            yield f"  {state.value.lower()}", states[state]


def _lost_answers(verdicts: list[Verdict]) -> Iterator[Row]:
    for provider in (judge.AIVIDEOMAKER, judge.APIGO):
        cases = [verdict.case for verdict in verdicts]
        lost = sum(len(judge.interrupted(case, provider)) for case in cases)
        yield f"answers to creates lost, {provider}", lost
        yield "  nothing to be found", sum(judge.must_be_lost(case, provider) for case in cases)
        yield "  given up (UNCONFIRMED)", sum(len(judge.given_up(case, provider)) for case in cases)
