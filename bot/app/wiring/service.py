"""Steps 3 and 4, wired: the loops that work with one video service, and wake one another.

What is sent is to be looked at; what has ended makes room to send; what was lost is sent again or
looked at. Never builds what works for all services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.app.wiring.parts import Parts
from bot.pipeline.line import Line
from bot.pipeline.poller import Poller
from bot.pipeline.search import Search
from bot.pipeline.submitter import Submitter
from bot.providers.base import Provider


@dataclass(frozen=True, slots=True)
class Service:
    """The loops of one provider."""

    submitter: Submitter
    line: Line | None
    """``None``: it takes all there is, and nobody waits."""
    poller: Poller
    search: Search


def service(parts: Parts, provider: Provider, wake_courier: Callable[[], None]) -> Service:
    """Build the loops of one provider; ``wake_courier`` is called when it has finished a film."""

    def wake_submitter() -> None:
        submitter.wake()

    poller = _poller(parts, provider, wake_courier, wake_submitter)
    line = None if parts.limits[provider.name] is None else _line(parts, provider)
    submitter = _submitter(parts, provider, poller, line)
    return Service(submitter, line, poller, _search(parts, provider, poller, submitter))


def _line(parts: Parts, provider: Provider) -> Line:
    return Line(
        provider.name,
        store=parts.resources.store,
        show=parts.cards.show_place,
        clock=parts.resources.clock,
        every=parts.pace.line_gap,
    )


def _submitter(parts: Parts, provider: Provider, poller: Poller, line: Line | None) -> Submitter:
    resources = parts.resources
    base = resources.settings.webhook_url
    return Submitter(
        provider,
        store=resources.store,
        moves=parts.moves,
        catalog=resources.catalog,
        shelf=resources.shelf,
        clock=resources.clock,
        in_flight=parts.limits[provider.name],
        hooks=None if base is None else partial(_hook, base.rstrip("/")),
        wake_poller=poller.wake,
        line_moved=_nobody_waits if line is None else line.wake,
    )


def _poller(
    parts: Parts,
    provider: Provider,
    wake_courier: Callable[[], None],
    wake_submitter: Callable[[], None],
) -> Poller:
    return Poller(
        provider,
        store=parts.resources.store,
        moves=parts.moves,
        durations=parts.durations,
        clock=parts.resources.clock,
        wake_courier=wake_courier,
        wake_submitter=wake_submitter,
        quick=parts.pace.look_interval,
    )


def _search(parts: Parts, provider: Provider, poller: Poller, submitter: Submitter) -> Search:
    return Search(
        provider,
        store=parts.resources.store,
        moves=parts.moves,
        catalog=parts.resources.catalog,
        clock=parts.resources.clock,
        wake_poller=poller.wake,
        wake_submitter=submitter.wake,
    )


def _nobody_waits() -> None:
    """Do nothing: this provider takes all there is."""


def _hook(base: str, provider: str, secret: str) -> str:
    return f"{base}/hooks/{provider}/{secret}"
