"""How long after one look at a job the next is due. All of the Poller's paces are here.

Serves step 4. Pure arithmetic: never asks a clock, a service or a row.

Three times in a job's life: nothing can be ready yet (calm), it may be ready any moment (quick),
it should long have been ready (the calmer, the later it is). Where nothing is known of such films
every job may be ready any moment, and is the less pressing the older it is.
"""

from datetime import timedelta

from bot.pipeline.durations import Usual

QUICK = timedelta(seconds=1)
"""A finished film waits half of this, on average. AI Video Maker's own limit makes it 1.1 s."""
CALM = timedelta(seconds=15)
"""While nothing can be ready only two things can be news: it began, or it failed at once."""
CALMEST = timedelta(minutes=1)
"""For what has been under way for hours: a minute more is nothing to it."""

SOONER, SPARE = 0.8, timedelta(seconds=2)
"""Quick from a fifth, and two seconds, before the shortest film of late: services get faster."""
LATER, LEEWAY = 2, timedelta(seconds=10)
"""Quick until twice the longest film of late, and ten seconds more: services get slower, and the
first films that are learned from are those that ended first."""
LATE_SHARE = 60
"""Then a look each sixtieth of the lateness: an hour late, once a minute."""
AGE_SHARE = 300
"""Without history a look each three-hundredth of the age: quick for five minutes, then a film comes
later by a third of a per cent of the time it took, at worst."""

SOON = timedelta(seconds=5)
"""After a webhook that comes while nothing can be ready: it tells of a beginning, or that it failed
at once, and those of several jobs are one look. Any other is worth a look of its own, now."""
NEWS = timedelta(seconds=30)
"""So long after a webhook a look may still find nothing new: it may run ahead of the service's own
books."""

NO_TIME = timedelta(0)


def may_be_ready(age: timedelta, usual: Usual | None) -> bool:
    """Tell whether a film of this age may be finished, as far as anybody knows."""
    return usual is None or age >= _opens(usual)


def rest(
    age: timedelta, usual: Usual | None, *, quick: timedelta = QUICK, heralded: bool = False
) -> timedelta:
    """Return how long a job rests after a look.

    Args:
        age: of the job at that look; below zero where the wall clock was set back.
        usual: how long such films take, where that is known or can be reckoned.
        quick: the shortest rest.
        heralded: webhooks tell of finished films, so that no look must find them.
    """
    if usual is None:
        pace = age / AGE_SHARE
    elif age < _opens(usual):
        return max(quick, min(CALM, _opens(usual) - age))
    else:
        pace = (age - usual.longest * LATER - LEEWAY) / LATE_SHARE
    return max(quick, min(pace, CALMEST), CALM if heralded else NO_TIME)


def _opens(usual: Usual) -> timedelta:
    return usual.shortest * SOONER - SPARE
