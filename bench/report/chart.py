"""The delays as a picture: an SVG drawn by hand, one panel a service, both axes logarithmic.

A dot is the median, the line above it goes up to the 95th percentile. Where not half of the films
came within the run there is no dot but an arrow at the upper edge. Never needs a library.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from xml.sax.saxutils import escape

from bench.cases import Case, Contender, Service
from bench.figures import Outcome

WIDTH, HEIGHT = 960, 420
TOP, BOTTOM, LEFT, GUTTER = 84, 60, 62, 140
"""The margins; each panel has a gutter at its right for the names of its lines."""
PANEL = (WIDTH - LEFT - 2 * GUTTER) / 2
BESIDE = 5
"""So far apart contenders stand, or their lines would hide each other."""
FASTEST, SLOWEST = 0.1, 30.0
"""Seconds: the ends of the upright axis."""
FEWEST, MOST = 0.7, 8000.0
"""In flight: the ends of the level axis."""
COLOURS = {
    Contender.NAIVE: "#b45309",
    Contender.PACKAGE: "#7c3aed",
    Contender.POLLING: "#2563eb",
    Contender.WEBHOOK: "#059669",
}
TITLES = {
    Service.AIVIDEOMAKER: "AI Video Maker (60 queries a minute)",
    Service.APIGO: "/v1/videos (no limit named)",
}
FONT = 'font-family="system-ui, sans-serif" fill="#334155"'
Shown = Sequence[tuple[Case, Outcome]]


def chart(shown: Shown) -> str:
    """Return the SVG of these cases."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff"/>',
        _text(LEFT, 28, "From “done” at the service to the film in the channel", size=17),
        _text(LEFT, 48, "dot: median · line: up to the 95th percentile · both axes logarithmic"),
    ]
    for number, service in enumerate(Service):
        left = LEFT + number * (PANEL + GUTTER)
        parts += _panel(left, service, [one for one in shown if one[0].service is service])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(left: float, service: Service, shown: Shown) -> Iterator[str]:
    yield _text(left, TOP - 12, TITLES[service], weight=600)
    yield from _grid(left)
    taken: list[float] = []
    for contender in Contender:
        line = sorted(
            (one for one in shown if one[0].contender is contender),
            key=lambda one: one[0].in_flight,
        )
        if line:
            yield from _line(left, contender, line, taken)


def _grid(left: float) -> Iterator[str]:
    for seconds in (0.1, 0.3, 1, 3, 10, 30):
        y = _y(seconds)
        yield f'<path d="M{left:.1f} {y:.1f}h{PANEL:.1f}" stroke="#e2e8f0"/>'
        yield _text(left - 8, y + 4, f"{seconds:g} s", anchor="end")
    for size in (1, 10, 100, 1000, 5000):
        yield _text(_x(left, size), HEIGHT - BOTTOM + 20, f"{size:,}", anchor="middle")
    yield _text(left + PANEL / 2, HEIGHT - BOTTOM + 42, "films in flight", anchor="middle")


def _line(left: float, contender: Contender, line: Shown, taken: list[float]) -> Iterator[str]:
    colour = COLOURS[contender]
    aside = (list(Contender).index(contender) - 1.5) * BESIDE
    dots = [(_x(left, case.in_flight) + aside, outcome.delay(0.5)) for case, outcome in line]
    path = " ".join(f"{x:.1f},{_height(median):.1f}" for x, median in dots)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for (x, median), (_, outcome) in zip(dots, line, strict=True):
        y, far = _height(median), _height(outcome.delay(0.95))
        yield f'<path d="M{x:.1f} {y:.1f}V{far:.1f}" stroke="{colour}" stroke-width="5" '
        yield 'stroke-opacity="0.3"/>'
        if median is None:
            came = f"{100 * len(outcome.delays) // outcome.films} % came"
            yield f'<path d="M{x - 6:.1f} {y + 9:.1f}l6 -10l6 10z" fill="{colour}"/>'
            yield _text(x, y + 24, came, anchor="middle", fill=colour, size=11)
        else:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    yield _text(
        dots[-1][0] + 12, _free(_height(dots[-1][1]) + 4, taken), contender.value, fill=colour
    )


def _free(y: float, taken: list[float]) -> float:
    """Return a height for a name that no other name stands at."""
    while any(abs(y - other) < 15 for other in taken):  # noqa: PLR2004 - a line of text
        y += 4
    taken.append(y)
    return y


def _height(delay: timedelta | None) -> float:
    return TOP if delay is None else _y(delay.total_seconds())


def _y(seconds: float) -> float:
    share = math.log(max(FASTEST, min(SLOWEST, seconds)) / FASTEST) / math.log(SLOWEST / FASTEST)
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)


def _x(left: float, size: float) -> float:
    return left + PANEL * math.log(max(size, 1) / FEWEST) / math.log(MOST / FEWEST)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    fill: str = "#334155",
    size: int = 13,
    weight: int = 400,
) -> str:
    style = f'text-anchor="{anchor}" fill="{fill}" font-size="{size}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'
