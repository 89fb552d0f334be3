"""Puts the steps of the story together: who is built from what is in the files beside this one.

Who wakes whom across them is here and nowhere else. Never opens a resource, never starts a loop.
"""

from collections.abc import Callable

from bot.app.pipeline import Pipeline
from bot.app.wiring.films import courier, eraser
from bot.app.wiring.orders import consent, desk
from bot.app.wiring.parts import Parts
from bot.app.wiring.service import service
from bot.app.wiring.upkeep import recovery
from bot.domain.task import Task
from bot.pipeline.accounts import Accounts
from bot.pipeline.drafts import Drafts
from bot.pipeline.encores import Encores

__all__ = ["Parts", "wire"]


def wire(parts: Parts, on_error: Callable[[str], None]) -> Pipeline:
    """Build all steps; ``on_error`` is told the name of a loop that stumbled."""
    store, clock = parts.resources.store, parts.resources.clock
    the_eraser = eraser(parts)
    the_courier = courier(parts, the_eraser)
    services = {
        name: service(parts, provider, the_courier.wake)
        for name, provider in parts.resources.providers.items()
    }

    def wake(name: str) -> None:
        pipeline.wake(name)

    def look_after(task: Task) -> None:
        pipeline.wake(task.provider)
        the_courier.wake()
        the_eraser.wake()

    the_desk = desk(parts, wake)
    pipeline = Pipeline(
        desk=the_desk,
        accounts=Accounts(store, clock),
        encores=Encores(store),
        drafts=Drafts(store, clock),
        consent=consent(parts, the_desk, look_after),
        submitters={name: each.submitter for name, each in services.items()},
        lines={name: each.line for name, each in services.items() if each.line is not None},
        pollers={name: each.poller for name, each in services.items()},
        searches={name: each.search for name, each in services.items()},
        courier=the_courier,
        eraser=the_eraser,
        recovery=recovery(parts, wake),
    )
    for worker in pipeline.workers:
        worker.on_error = on_error
    return pipeline
