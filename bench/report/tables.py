"""The tables of the report, a part of the programme each. Never judges: `claims.py` does."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import fmean

from bench import programme
from bench.cases import Case
from bench.figures import Outcome, percentile
from bench.report.spell import late, length, share, size

Shown = tuple[Case, Outcome]
Column = tuple[str, Callable[[Case, Outcome], str]]

_WHO: Column = ("contender", lambda case, _: case.contender.value)
_SERVICE: Column = ("service", lambda case, _: case.service.value)
_SIZE: Column = ("in flight", lambda case, _: f"{case.in_flight:,}")
_FILMS: Column = ("films", lambda _, seen: f"{len(seen.delays)} of {seen.films}")
_MEDIAN: Column = ("median", lambda _, seen: late(seen, 0.5))
_P95: Column = ("p95", lambda _, seen: late(seen, 0.95))
_QUERIES: Column = ("queries a minute", lambda _, seen: f"{seen.per_minute:.0f}")
_LIMITED: Column = ("429", lambda _, seen: str(seen.count(429)))
_READ: Column = ("read a minute", lambda _, seen: f"{size(_a_minute(seen))}")
_CPU: Column = ("bot's CPU", lambda _, seen: share(fmean(load.cpu for load in seen.bot)))
_MEMORY: Column = ("memory", lambda _, seen: size(max(load.memory for load in seen.bot)))
_PEAK: Column = ("peak", lambda _, seen: size(max(load.peak for load in seen.bot)))
_READY: Column = ("ready after", lambda _, seen: length(max(seen.ready)))
_ASKED: Column = ("first look after", lambda _, seen: length(max(seen.asked, default=None)))
_DISCORD: Column = ("Discord's 429", lambda _, seen: str(seen.discord[429]))
_INSTRUMENT: Column = (
    "sandbox's CPU, lag p99",
    lambda _, seen: f"{share(seen.sandbox)}, {length(seen.lag)}",
)

TITLES = {
    programme.DELAYS: "Films as they are done",
    programme.RARE: "With a webhook, one film every two seconds",
    programme.NEW: "Without a history to learn from",
    programme.LIST: "A long list behind the tasks in flight",
    programme.TALK: "Commands while films are delivered",
    programme.STANDING: "At rest: memory, processor, start",
    programme.BURST: "All at once: films a minute",
}
_FLOW = (_SIZE, _WHO, _FILMS, _MEDIAN, _P95, _QUERIES, _LIMITED, _READ, _CPU, _PEAK, _DISCORD)
COLUMNS: dict[str, Sequence[Column]] = {
    programme.DELAYS: (_SERVICE, *_FLOW, _INSTRUMENT),
    programme.RARE: _FLOW,
    programme.NEW: _FLOW,
    programme.LIST: (
        ("old tasks", lambda case, _: f"{case.listed:,}"),
        ("the whole list", lambda _, seen: size(seen.listed_bytes) if seen.listed_bytes else "–"),
        ("bytes a look", lambda _, seen: size(look_bytes(seen))),
        ("time a look", lambda _, seen: length(look_time(seen))),
        _MEDIAN,
        _P95,
    ),
    programme.STANDING: (_SIZE, _READY, _ASKED, _CPU, _MEMORY, _PEAK, _QUERIES),
    programme.BURST: (
        _SIZE,
        _FILMS,
        ("films a minute", lambda _, seen: f"{burst_rate(seen):.0f}"),
        ("Discord would allow", lambda case, _: f"{allowed(case):.0f}"),
        _CPU,
        _PEAK,
        _DISCORD,
    ),
}


def table(part: str, shown: Sequence[Shown]) -> str:
    """Return one part's table in Markdown."""
    if part == programme.TALK:
        return "\n\n".join(_talk(case, outcome) for case, outcome in shown)
    columns = COLUMNS[part]
    rows = [[spell(case, outcome) for _, spell in columns] for case, outcome in shown]
    return grid([name for name, _ in columns], rows)


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; it is also readable as it stands."""
    widths = [max(len(text) for text in column) for column in zip(heads, *rows, strict=True)]
    lines = [[head.ljust(width) for head, width in zip(heads, widths, strict=True)]]
    lines.append(["-" * width for width in widths])
    lines += [[text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def look_bytes(outcome: Outcome) -> float:
    """Bytes of an answer to a look at the list, on average."""
    return fmean([query.bytes for query in outcome.looks] or [0])


def look_time(outcome: Outcome) -> timedelta | None:
    """How long the service was busy with a look at the list, the median."""
    return percentile([query.took for query in outcome.looks], 0.5)


def burst_rate(outcome: Outcome) -> float:
    """Films a minute, from the first moment to the last film that came."""
    return len(outcome.delays) / (max(outcome.delays, default=timedelta.max) / timedelta(minutes=1))


def allowed(case: Case) -> float:
    """Films a minute that Discord's limits allow: fifty requests a second, and two for each film.

    In one channel five messages may be posted in five seconds.
    """
    return 60 * min(50 / 2, float(case.channels))


def _a_minute(outcome: Outcome) -> float:
    return outcome.bytes / max(outcome.lasted / timedelta(minutes=1), 1e-9)


def _talk(case: Case, outcome: Outcome) -> str:
    rows = [
        [
            kind,
            str(len(took)),
            length(percentile(took, 0.5)),
            length(percentile(took, 0.99)),
        ]
        for kind, took in outcome.answers.items()
    ]
    everything = [took for each in outcome.answers.values() for took in each]
    half, most = percentile(everything, 0.5), percentile(everything, 0.99)
    rows.append(["all", str(len(everything)), length(half), length(most)])
    text = grid(["command", "times", "median", "p99"], rows)
    flow = grid([name for name, _ in _FLOW], [[spell(case, outcome) for _, spell in _FLOW]])
    return f"{case}; {outcome.unanswered} without an answer.\n\n{text}\n\n{flow}"
