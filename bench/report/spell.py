"""How figures are written: lengths of time, bytes, shares. Never works one out."""

from datetime import timedelta

from bench.figures import Outcome

_MILLISECOND = timedelta(milliseconds=1)
_MEBI, _KIBI = 1024 * 1024, 1024
_NONE = "–"


def length(duration: timedelta | None) -> str:
    """Write a length of time: `3.4 ms`, `240 ms`, `1.35 s`, `27 s`."""
    if duration is None:
        return _NONE
    seconds = duration.total_seconds()
    if seconds < 0.01:  # noqa: PLR2004
        return f"{duration / _MILLISECOND:.1f} ms"
    if seconds < 1:
        return f"{duration / _MILLISECOND:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004


def late(outcome: Outcome, share: float) -> str:
    """Write the delay that this share of the films kept to, or how late it was at the least."""
    found = outcome.delay(share)
    if found is not None or not outcome.films:
        return length(found)
    return f"> {length(outcome.at_least)}"


def size(count: float) -> str:
    """Write a number of bytes: `812 B`, `34 KiB`, `1.2 MiB`."""
    if count >= _MEBI:
        return f"{count / _MEBI:.1f} MiB"
    return f"{count / _KIBI:.0f} KiB" if count >= _KIBI else f"{count:.0f} B"


def share(part: float) -> str:
    """Write a share of one core: `31 %`, `0.4 %`."""
    return f"{100 * part:.0f} %" if part >= 0.1 else f"{100 * part:.1f} %"  # noqa: PLR2004
