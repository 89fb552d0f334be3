"""What is played: the whole programme of half an hour, and a taste of it of two minutes.

Parts of the report, in order. Every number that a claim is about is chosen here. Never plays.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bench.cases import Case, Contender, Service

DELAYS, RARE, NEW, LIST, TALK, STANDING, BURST = (
    "delays",
    "rare",
    "new",
    "list",
    "talk",
    "standing",
    "burst",
)
"""The parts of the report."""

SIZES = (1, 10, 100, 1000)
MOST = 5000
"""In flight; as many only Clapboard is asked to bear."""
MINUTE = timedelta(minutes=1)


def whole() -> list[Case]:
    """Return every case, about half an hour of them."""
    return [*_delays(), *_others()]


def taste() -> list[Case]:
    """Return a few small cases, to see that it works; their figures prove nothing."""
    polling, second = Contender.POLLING, timedelta(seconds=1)
    small = Case(part=DELAYS, contender=polling, in_flight=10, gap=second / 2, films=20)
    return [
        replace(small, contender=Contender.NAIVE),
        small,
        replace(small, contender=Contender.WEBHOOK),
        replace(small, contender=Contender.PACKAGE, service=Service.APIGO),
        replace(small, part=TALK, in_flight=50, commands=20),
        replace(small, part=STANDING, in_flight=200, gap=None, watched=5 * second),
    ]


def _delays() -> Iterator[Case]:
    """Each contender where it applies, from one film in flight to five thousand."""
    for size in (*SIZES, MOST):
        for contender in (Contender.POLLING, Contender.WEBHOOK):
            yield _flow(contender, Service.AIVIDEOMAKER, size)
    for size in SIZES:
        # Its first minute's sixty queries are free; a hundred tasks use them up in a second.
        warm = MINUTE if size == SIZES[1] else timedelta(0)
        naive = _flow(Contender.NAIVE, Service.AIVIDEOMAKER, size)
        yield replace(naive, warm=warm, patience=timedelta(seconds=10))
        yield _flow(Contender.PACKAGE, Service.APIGO, size)
        yield _flow(Contender.POLLING, Service.APIGO, size)


def _flow(contender: Contender, service: Service, size: int) -> Case:
    """Four to five films a second on this machine, whoever brings them."""
    lanes, gap = {1: (10, 2.5), 10: (2, 0.5)}.get(size, (1, 0.2))
    return Case(
        part=DELAYS,
        contender=contender,
        service=service,
        in_flight=size,
        gap=timedelta(seconds=gap),
        lanes=lanes,
    )


def _others() -> Iterator[Case]:
    polling, webhook = Contender.POLLING, Contender.WEBHOOK
    every_two = timedelta(seconds=2)
    rare = Case(part=RARE, contender=webhook, in_flight=1000, gap=every_two, lanes=8)
    yield replace(rare, lasting=850)  # the others take five minutes, as at five a second
    yield Case(part=NEW, contender=polling, in_flight=1000, history=False)
    for listed in (0, 100_000):
        half = timedelta(seconds=0.5)
        yield Case(part=LIST, contender=polling, in_flight=10, gap=half, films=40, listed=listed)
    yield Case(part=TALK, contender=polling, in_flight=1000, commands=50)
    for size in (0, 1000, 10_000):
        yield Case(part=STANDING, contender=polling, in_flight=size, gap=None, history=size > 0)
    yield Case(
        part=BURST,
        contender=polling,
        in_flight=600,
        gap=timedelta(0),
        films=600,
        patience=3 * MINUTE,
    )
