"""Step 5, wired: who brings films to their members, and who takes them away again."""

from bot.app.wiring.parts import Parts
from bot.pipeline.courier import Courier
from bot.pipeline.eraser import Eraser
from bot.pipeline.fetcher import Fetcher


def courier(parts: Parts, eraser: Eraser) -> Courier:
    """Build the Courier; it wakes the Eraser where a film was taken down while it was posted."""
    resources = parts.resources
    fetcher = Fetcher(
        moves=parts.moves,
        providers=resources.providers,
        shelf=resources.shelf,
        films=parts.films,
        clock=resources.clock,
        gone_patience=parts.pace.gone_patience,
    )
    return Courier(
        store=resources.store,
        moves=parts.moves,
        fetcher=fetcher,
        mailbox=parts.mailbox,
        shelf=resources.shelf,
        films=parts.films,
        clock=resources.clock,
        wake_eraser=eraser.wake,
    )


def eraser(parts: Parts) -> Eraser:
    """Build the Eraser."""
    resources = parts.resources
    return Eraser(
        store=resources.store,
        moves=parts.moves,
        mailbox=parts.mailbox,
        shelf=resources.shelf,
        clock=resources.clock,
    )
