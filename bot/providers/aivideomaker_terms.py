"""What AI Video Maker says of our key, and of what it sells where it tells that.

Serves ``python -m bot check``. Account and quote are not in the documents: a service that answers
them oddly, or not at all, has simply not told, and nothing depends on it. Never makes a task.
"""

import math
from collections.abc import Mapping, Sequence

from bot.domain.catalog import Model
from bot.errors import ProviderError, RateLimited, Unavailable
from bot.providers.aivideomaker_reader import TASKS, TaskReader
from bot.providers.aivideomaker_tasks import ServiceTask
from bot.providers.base import Quote, Review
from bot.providers.catalog import specimens
from bot.providers.reading.complaints import read_complaint
from bot.providers.service import Service
from bot.providers.spelling import as_json, spell

_API = ("api", "v1")


async def prove_key(service: Service, reader: TaskReader) -> None:
    """Ask for the list of tasks, and hang up at the first.

    Raises:
        RateLimited, Unauthorised, Unavailable: the list was not had.
    """
    shown: list[ServiceTask] = []

    def one_is_enough(task: ServiceTask) -> bool:
        shown.append(task)
        return True

    await reader.read_list(one_is_enough)
    if shown:
        return
    # The documents let an error come with any status: no task may be an empty list, or none.
    document = (await service.ask("list", *TASKS)).document or {}
    if not isinstance(document.get("tasks"), list):
        words = service.verdicts.clean(read_complaint(document).words)
        raise Unavailable("aivideomaker", words or "the answer is no list")


async def read_terms(service: Service, models: Sequence[Model]) -> Review:
    """Return what the account tells and, where there is one, a quote for each model on offer."""
    try:
        account = (await service.ask("account", *_API, "account")).document
    except ProviderError:
        return Review()
    if account is None:
        return Review()
    offered = _names(account.get("supportedModels"))
    known = [model for model in models if offered is None or model.name in offered]
    quotes = await _quotes(service, known)
    return Review(_credits(account.get("currentBalance")), offered, quotes)


async def _quotes(service: Service, models: Sequence[Model]) -> Mapping[str, Quote]:
    quotes: dict[str, Quote] = {}
    for model in models:
        shortest = next(specimens(model))
        body = as_json(spell(shortest))
        try:
            answer = await service.post("quote", *_API, "quote", model.name, json=body)
        except RateLimited:
            break
        except ProviderError:
            continue
        price = _credits((answer.document or {}).get("credits"))
        if price is not None:
            quotes[model.name] = Quote(shortest.duration, price)
    return quotes


def _names(value: object) -> frozenset[str] | None:
    """Return the names in a list; ``None`` for what is no list of names."""
    names = value if isinstance(value, list) else []
    return frozenset(names) if names and all(isinstance(name, str) for name in names) else None


def _credits(value: object) -> int | None:
    """Return a number of credits as a whole one; ``None`` for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return math.ceil(value) if math.isfinite(value) and value >= 0 else None
