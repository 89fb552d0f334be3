"""One look at many jobs of the OpenAI-style dialect, a few at once.

Serves the Poller (step 4). The dialect's documents know no list: where there is none, every job is
asked for by its id, in the order given. Never decides what a sighting means.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import Clock
from bot.errors import JobNotFound, ProviderError, RateLimited, Unauthorised, Unavailable
from bot.providers.absence import Absences
from bot.providers.base import Job, Sighting
from bot.providers.openai_list_look import ListLooker, Shown

AT_ONCE = 4
"""The document names no limit; four queries at once are polite."""

A_LOOK = 12
"""Queries in one look at most: three seconds at four a second. What was not asked is still due, and
what has become urgent meanwhile goes first in the next look."""

BESIDE_OTHERS = 2
"""Of these, jobs that were last asked for in vain. No more, or a service that forgot a hundred of
our jobs would be asked for nothing else; no fewer, or in a long line their turn would never come.
"""

_ENOUGH_TROUBLE = 3
_REMEMBERED = timedelta(hours=1)


@dataclass(slots=True)
class _Look:
    line: Iterator[str]
    """The ids not yet asked for; the lookers share it."""
    shown: Shown
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

    It remembers which it asked for in vain, since they were in trouble or not known: they are asked
    last, for a look ends after three in trouble.
    """

    def __init__(
        self,
        provider: str,
        retrieve: Callable[[str], Awaitable[Sighting]],
        in_list: ListLooker,
        clock: Clock,
    ) -> None:
        self._retrieve = retrieve
        self._in_list = in_list
        self._clock = clock
        self._absences = Absences(provider, clock)
        self._in_vain: dict[str, timedelta] = {}
        """When it last asked for each of them."""

    async def look(self, due: Sequence[Job], also: Sequence[Job]) -> Sequence[Sighting]:
        """Return what could be seen; trouble is raised only where nothing was."""
        look = _Look(iter(()), Shown())
        try:
            await self._in_list.look(due, also, look.shown, most=A_LOOK)
        except (RateLimited, Unauthorised, Unavailable) as error:
            look.troubles.append(error)
        look.line = iter(self._line(due, look.shown))
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._look_along(look))
        seen = look.shown.seen
        if look.troubles and not seen:
            others = (error for error in look.troubles if not isinstance(error, Unavailable))
            raise next(others, look.troubles[0])
        return [*seen.values(), *self._absences.judge(seen, look.missing)]

    def _line(self, due: Sequence[Job], shown: Shown) -> list[str]:
        """Return whom to ask by id: what came to an end, the others as they are due, the vain."""
        now = self._clock.monotonic()
        self._in_vain = {key: at for key, at in self._in_vain.items() if now - at < _REMEMBERED}
        unseen = [job.upstream_id for job in due if job.upstream_id not in shown.seen]
        ids = dict.fromkeys((*shown.unproven, *unseen))
        in_vain = sorted(ids.keys() & self._in_vain.keys(), key=self._in_vain.__getitem__)
        room = max(0, A_LOOK - shown.pages)
        others = [upstream_id for upstream_id in ids if upstream_id not in self._in_vain]
        first = others[: room - min(room, BESIDE_OTHERS, len(in_vain))]
        return [*first, *in_vain[: room - len(first)]]

    async def _look_along(self, look: _Look) -> None:
        for upstream_id in look.line:
            if look.is_hopeless:
                return
            await self._look_at(upstream_id, look)

    async def _look_at(self, upstream_id: str, look: _Look) -> None:
        try:
            sighting = await self._retrieve(upstream_id)
        except JobNotFound:
            look.missing.append(upstream_id)
        except (RateLimited, Unauthorised, Unavailable) as error:
            look.troubles.append(error)
        else:
            look.shown.seen[upstream_id] = sighting
            self._in_vain.pop(upstream_id, None)
            if upstream_id in look.shown.unproven:
                self._in_list.learn(sighting)
            return
        self._in_vain[upstream_id] = self._clock.monotonic()
