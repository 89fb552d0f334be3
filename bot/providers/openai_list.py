"""The list of jobs that some services of the OpenAI-style dialect have, page by page.

Serves the look and the search of ``openai_videos.py`` (steps 3 and 4). The dialect's documents know
no list: it is asked for politely, and a service that says it has none is left in peace for an hour.
Never knows which jobs are wanted.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.clock import Clock
from bot.errors import Unavailable
from bot.providers.doubt import Doubt
from bot.providers.openai_jobs import ServiceJob, created_at
from bot.providers.reading.answers import Answer
from bot.providers.reading.ids import read_id
from bot.providers.reading.verdicts import Hiccup
from bot.providers.service import Service

VIDEOS = ("v1", "videos")

NO_LIST = timedelta(hours=1)
"""So long a service that said it has no list is not asked for it again."""

PAGE = 100
"""Jobs on a page: the most that OpenAI's own service gave."""

MOST_PAGES = 20
"""A search ends here: a service may list the jobs of others, or the same page again and again."""

_REFUSED = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs, newest first, and whether older ones follow."""

    jobs: Sequence[ServiceJob] = ()
    more: bool = False


class JobList:
    """The list of one service, where there is one."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._none_until = clock.monotonic()
        self._in_trouble = Doubt(clock, times=2, span=timedelta(minutes=10))

    @property
    def hopeless(self) -> bool:
        """Whether the service said of late that it has no list."""
        return self._clock.monotonic() < self._none_until

    async def page(self, after: str | None = None) -> Page:
        """Return the newest jobs, or those older than the job ``after``; none without a list.

        A web page in its place may be trouble, or a service's way to say that it has no list: it is
        taken for trouble until it has been there for ten minutes.

        Raises:
            RateLimited, Unauthorised, Unavailable.
        """
        if self.hopeless:
            return Page()
        params = {"limit": str(PAGE), "order": "desc"} | ({"after": after} if after else {})
        try:
            answer = await self._service.ask("list", *VIDEOS, params=params, judge=_has_no_list)
        except Hiccup:
            raise
        except Unavailable:
            if self._in_trouble.confirms("list"):
                return Page()
            raise
        self._in_trouble.dispel("list")
        if not answer.good and after is None:  # with ``after``, it may not know that job
            self._none_until = self._clock.monotonic() + NO_LIST
        return _read_page(answer.document or {})

    async def back_to(self, earliest: datetime) -> AsyncGenerator[ServiceJob]:
        """Yield the listed jobs, newest first, until one was made before ``earliest``.

        Raises:
            RateLimited, Unauthorised, Unavailable.
        """
        after = None
        for _ in range(MOST_PAGES):
            page = await self.page(after)
            for job in page.jobs:
                made = created_at(job)
                if made is not None and made < earliest:
                    return
                yield job
            last = read_id(page.jobs[-1].get("id")) if page.jobs else None
            if last is None or last == after or not page.more:
                return
            after = last


def is_spoken_refusal(answer: Answer) -> bool:
    """Tell a service that says no from a web page at a wrong address."""
    return answer.status in _REFUSED and answer.document is not None


def _has_no_list(answer: Answer) -> bool:
    return answer.status == HTTPStatus.METHOD_NOT_ALLOWED or is_spoken_refusal(answer)


def _read_page(document: ServiceJob) -> Page:
    data = document.get("data")
    entries = data if isinstance(data, list) else []
    more = document.get("has_more", len(entries) >= PAGE)
    return Page([entry for entry in entries if isinstance(entry, dict)], more is True)
