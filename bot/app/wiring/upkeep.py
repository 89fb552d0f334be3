"""Step 6, wired: what is left half-way is finished, old cards are repaired, the disk is tidied."""

from collections.abc import Callable
from datetime import timedelta

from bot.app.wiring.parts import Parts
from bot.pipeline.recovery import Recovery
from bot.pipeline.repair import CardRepair
from bot.pipeline.tidy import Tidy


def recovery(parts: Parts, wake: Callable[[str], None]) -> Recovery:
    """Build Recovery; ``wake`` is called with the name of a provider that has work again."""
    resources = parts.resources
    tidy = Tidy(
        resources.store,
        resources.shelf,
        resources.clock,
        life=timedelta(days=resources.settings.film_days),
        disk_megabytes=resources.settings.film_disk_mb,
    )
    return Recovery(
        store=resources.store,
        moves=parts.moves,
        providers=resources.providers.keys(),
        cards=parts.cards,
        repair=CardRepair(resources.store, parts.mailbox, parts.cards, resources.clock),
        tidy=tidy,
        clock=resources.clock,
        wake=wake,
    )
