"""One look at many jobs of the OpenAI-style dialect, a few at once.

Serves the Poller (step 4). The dialect's documents know no list, so every job is asked for by its
id. Never decides what a sighting means.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.errors import JobNotFound, ProviderError, RateLimited, Unauthorised, Unavailable
from bot.providers.absence import Absences
from bot.providers.base import Job, Sighting

AT_ONCE = 4
"""The document names no limit; four queries at once are polite."""

_ENOUGH_TROUBLE = 3


@dataclass(slots=True)
class _Look:
    line: Iterator[str]
    """The ids not yet asked for; the lookers share it."""
    seen: dict[str, Sighting] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    troubles: list[ProviderError] = field(default_factory=list)

    @property
    def is_hopeless(self) -> bool:
        """One job may be in trouble by itself; three, a refused key or a limit concern all."""
        return len(self.troubles) >= _ENOUGH_TROUBLE or any(
            not isinstance(trouble, Unavailable) for trouble in self.troubles
        )


class Looker:
    """Looks at jobs.

    It remembers which were in trouble: they are asked last, since a look ends after three.
    """

    def __init__(
        self, provider: str, retrieve: Callable[[str], Awaitable[Sighting]], clock: Clock
    ) -> None:
        self._retrieve = retrieve
        self._absences = Absences(provider, clock)
        self._troubled: set[str] = set()

    async def look(self, jobs: Sequence[Job]) -> Sequence[Sighting]:
        """Return what could be seen; trouble is raised only where nothing was."""
        ids = list(dict.fromkeys(job.upstream_id for job in jobs))
        self._troubled &= set(ids)
        look = _Look(iter(sorted(ids, key=lambda upstream_id: upstream_id in self._troubled)))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(AT_ONCE, len(ids))):
                group.create_task(self._look_along(look))
        if look.troubles and not look.seen:
            others = (error for error in look.troubles if not isinstance(error, Unavailable))
            raise next(others, look.troubles[0])
        return [*look.seen.values(), *self._absences.judge(look.seen, look.missing)]

    async def _look_along(self, look: _Look) -> None:
        for upstream_id in look.line:
            if look.is_hopeless:
                return
            await self._look_at(upstream_id, look)

    async def _look_at(self, upstream_id: str, look: _Look) -> None:
        try:
            look.seen[upstream_id] = await self._retrieve(upstream_id)
        except JobNotFound:
            look.missing.append(upstream_id)
        except (RateLimited, Unauthorised, Unavailable) as error:
            look.troubles.append(error)
            self._troubled.add(upstream_id)
            return
        self._troubled.discard(upstream_id)
