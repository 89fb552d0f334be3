"""What the bench must show: each claim with what was measured beside it. Never measures.

Only what was played is judged; a taste of the programme proves nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bench import programme
from bench.cases import Case, Contender, Service
from bench.figures import Outcome, percentile
from bench.report.spell import late, length, share, size
from bench.report.tables import look_bytes, look_time

Shown = Sequence[tuple[Case, Outcome]]

SECOND = timedelta(seconds=1)
BLINK = timedelta(milliseconds=10)
"""What is shorter depends on what else the machine did."""
MOST_MEMORY = 200 * 1024 * 1024


@dataclass(frozen=True)
class Claim:
    """One claim, what was seen, and whether it held."""

    text: str
    seen: str
    held: bool


def claims(shown: Shown) -> list[Claim]:
    """Return the claims that these cases can tell about."""
    return [
        *_flow(shown),
        *_rare(shown),
        *_sizes(shown),
        *_list(shown),
        *_talk(shown),
        *_standing(shown),
    ]


def _found(
    shown: Shown, part: str, contender: Contender, in_flight: int | None = None
) -> list[tuple[Case, Outcome]]:
    return [
        (case, seen)
        for case, seen in shown
        if (case.part, case.contender) == (part, contender)
        and case.service is Service.AIVIDEOMAKER
        and in_flight in (None, case.in_flight)
    ]


def _flow(shown: Shown) -> Iterator[Claim]:
    polling = _found(shown, programme.DELAYS, Contender.POLLING, 1000)
    webhook = _found(shown, programme.DELAYS, Contender.WEBHOOK, 1000)
    for _, seen in polling:
        refused = seen.count(429)
        yield Claim("1,000 in flight, 5 films a second: no 429", str(refused), refused == 0)
        yield _within("the same without webhook: p95 at most 3 s", seen, 3 * SECOND)
    for (_, seen), (_, hooked) in zip(polling, webhook, strict=False):
        usual, with_hook = seen.delay(0.95), hooked.delay(0.95)
        held = usual is not None and with_hook is not None and with_hook <= usual * 1.1
        text = "the same with webhook: p95 not worse (a tenth is the dice's)"
        yield Claim(text, f"{late(hooked, 0.95)} to {late(seen, 0.95)}", held)


def _rare(shown: Shown) -> Iterator[Claim]:
    for _, seen in _found(shown, programme.RARE, Contender.WEBHOOK):
        text = "with webhook, a film every 2 s: p95 at most 1.2 s"
        yield _within(text, seen, 1.2 * SECOND)


def _sizes(shown: Shown) -> Iterator[Claim]:
    for contender in (Contender.POLLING, Contender.WEBHOOK):
        few = _found(shown, programme.DELAYS, contender, 10)
        many = _found(shown, programme.DELAYS, contender, 1000)
        for (_, one), (_, other) in zip(few, many, strict=False):
            less, more = one.delay(0.5), other.delay(0.5)
            text = f"{contender.value}: medians at 10 and 1,000 within 20 % or 100 ms"
            held = less is not None and more is not None and _near(less, more)
            yield Claim(text, f"{late(one, 0.5)} and {late(other, 0.5)}", held)


def _list(shown: Shown) -> Iterator[Claim]:
    found = sorted(_found(shown, programme.LIST, Contender.POLLING), key=lambda one: one[0].listed)
    for (_, without), (case, seen) in pairwise(found):
        part = look_bytes(seen) / max(seen.listed_bytes, 1)
        text = f"{case.listed:,} old tasks: a look reads less than 1 % of the list"
        yield Claim(text, f"{100 * part:.2f} % of {size(seen.listed_bytes)}", part < 0.01)  # noqa: PLR2004
        usual, longer = look_time(without), look_time(seen)
        held = usual is not None and longer is not None and longer <= max(2 * usual, BLINK)
        text = "and takes no longer than twice the time without them, or 10 ms"
        yield Claim(text, f"{length(longer)} to {length(usual)}", held)


def _talk(shown: Shown) -> Iterator[Claim]:
    for case, seen in _found(shown, programme.TALK, Contender.POLLING, 1000):
        took = [each for kind in seen.answers.values() for each in kind]
        p99 = percentile(took, 0.99)
        held = p99 is not None and p99 < SECOND / 2 and not seen.unanswered
        text = f"{case.commands} commands a second meanwhile: p99 under 500 ms"
        yield Claim(text, length(p99), held)


def _standing(shown: Shown) -> Iterator[Claim]:
    for case, seen in _found(shown, programme.STANDING, Contender.POLLING):
        load = seen.bot[0]
        if case.in_flight == 0:
            yield Claim("nothing in flight: CPU under 1 %", share(load.cpu), load.cpu < 0.01)  # noqa: PLR2004
        if case.in_flight == 10_000:  # noqa: PLR2004
            text = "10,000 in flight: memory under 200 MiB"
            yield Claim(text, size(load.peak), load.peak < MOST_MEMORY)


def _within(text: str, seen: Outcome, limit: timedelta) -> Claim:
    delay = seen.delay(0.95)
    return Claim(text, late(seen, 0.95), delay is not None and delay <= limit)


def _near(one: timedelta, other: timedelta) -> bool:
    apart = abs(one - other)
    return apart <= SECOND / 10 or apart <= 0.2 * max(one, other)
