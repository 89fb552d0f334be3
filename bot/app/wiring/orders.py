"""Steps 1 and 2, wired: where orders are placed, and where members say no.

Never builds a loop: all of this is called by the doors.
"""

from collections.abc import Callable

from bot.app.wiring.parts import Parts
from bot.domain.task import Task
from bot.pipeline.consent import Consent
from bot.pipeline.desk import Desk
from bot.pipeline.openings import Openings
from bot.pipeline.pictures import Pictures


def desk(parts: Parts, wake: Callable[[str], None]) -> Desk:
    """Build the Desk; ``wake`` is called with the name of a provider that has work."""
    resources = parts.resources
    return Desk(
        store=resources.store,
        catalog=resources.catalog,
        providers=resources.providers,
        openings=_openings(parts),
        shelf=resources.shelf,
        films=parts.films,
        cards=parts.cards,
        clock=resources.clock,
        wake=wake,
    )


def consent(parts: Parts, at_desk: Desk, look_after: Callable[[Task], None]) -> Consent:
    """Build what heeds a no; ``look_after`` is called with a task that somebody took down."""
    resources = parts.resources
    return Consent(
        store=resources.store,
        desk=at_desk,
        cards=parts.cards,
        clock=resources.clock,
        wake=look_after,
    )


def _openings(parts: Parts) -> Openings:
    resources = parts.resources
    return Openings(
        store=resources.store,
        pictures=Pictures(resources.downloads, resources.shelf),
        films=parts.films,
        shelf=resources.shelf,
        mailbox=parts.mailbox,
        downloads=resources.downloads,
    )
