"""The OpenAI-style ``/v1/videos`` dialect: create, retrieve, content.

Serves steps 3 to 5 for the provider ``apigo``, be it APIGo, another gateway or a self-hosted
server. Never deletes a job: in this dialect that may cancel it, forget it, or be refused.
"""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from bot.clock import Clock
from bot.domain.catalog import Model
from bot.errors import OutcomeUnknown, Unavailable
from bot.net.downloads import Downloads
from bot.providers.account import Account
from bot.providers.base import Assignment, Job, JobStatus, LostCreate, Review, Sighting
from bot.providers.openai_content import Content
from bot.providers.openai_jobs import is_job, is_lost, read_job
from bot.providers.openai_list import VIDEOS, JobList, is_spoken_refusal
from bot.providers.openai_list_look import ListLooker
from bot.providers.openai_look import AT_ONCE, Looker
from bot.providers.pacer import Pacer
from bot.providers.query_hook import QueryHook
from bot.providers.reading.ids import read_id
from bot.providers.send_window import EARLIER
from bot.providers.service import Service
from bot.providers.spelling import as_form, spell

INTERVAL = timedelta(seconds=0.25)
"""Between two queries: the document names no limit; a quarter of a second is polite."""

_NO_JOB = "video_clapboard_check"
"""An id that no service gives out."""


class OpenAiVideos:
    """A provider that speaks the OpenAI-style dialect.

    What it and its parts remember need not survive a restart.
    """

    can_cancel = False

    def __init__(
        self,
        *,
        url: str,
        key: str,
        http: httpx.AsyncClient,
        downloads: Downloads,
        clock: Clock,
        name: str = "apigo",
        interval: timedelta = INTERVAL,
        on_query: QueryHook | None = None,
    ) -> None:
        key = key.strip()
        account = Account(name, url, key, {"Authorization": f"Bearer {key}"})
        pacer = Pacer(name, clock, interval, at_once=AT_ONCE)
        self.name = name
        self.key_fingerprint = account.fingerprint
        self._service = Service(account, http=http, clock=clock, pacer=pacer, on_query=on_query)
        self._content = Content(self._service, downloads)
        self._jobs = JobList(self._service, clock)
        in_list = ListLooker(self._jobs, self._service.verdicts, clock)
        self._looker = Looker(name, self._retrieve, in_list, clock)

    @property
    def last_good_answer(self) -> datetime | None:
        """When the service last answered sensibly."""
        return self._service.last_good_answer

    def recognises_repeats(self, model: Model) -> bool:
        """Tell that it does not: nothing in this dialect makes two equal creates one job."""
        return False

    async def submit(self, assignment: Assignment) -> Sighting:
        """Create the job, once, as a multipart form."""
        form = as_form(assignment.model, spell(assignment))
        answer = await self._service.create(*VIDEOS, files=form)
        job = answer.document or {}
        upstream_id = read_id(job.get("id") or job.get("task_id"))
        if upstream_id is None:
            raise OutcomeUnknown(self.name, "the answer names no job")
        word = self._service.verdicts.clean(str(job.get("status") or ""))
        return Sighting(upstream_id, JobStatus.WAITING, word)

    def until_turn(self) -> timedelta:
        """Return how long a query would wait for its turn if it were asked for now."""
        return self._service.until_turn()

    async def look(self, due: Sequence[Job], also: Sequence[Job] = ()) -> Sequence[Sighting]:
        """Ask for the most urgent, a few at once; for many by the list, where there is one."""
        return await self._looker.look(due, also)

    async def find(self, lost: LostCreate) -> Sighting | None:
        """Search the list where there is one; the dialect's documents know none."""
        async with aclosing(self._jobs.back_to(lost.sent_at - EARLIER)) as listed:
            async for job in listed:
                upstream_id = read_id(job.get("id"))
                if upstream_id is not None and is_lost(job, lost):
                    return read_job(upstream_id, job, self._service.verdicts)
        return None

    async def cancel(self, upstream_id: str) -> Sighting:
        """Return what the job is now: this dialect has no cancel."""
        return await self._retrieve(upstream_id)

    async def fetch(self, upstream_id: str, result_url: str | None, into: Path) -> int:
        """Download the film from the job's content, or from where that says it lies."""
        return await self._content.fetch(upstream_id, result_url, into)

    async def review(self, models: Sequence[Model]) -> Review:
        """Ask for a job that cannot be; who is told so has a key that is accepted.

        The dialect has no free question about models and prices.
        """
        await self._service.ask("retrieve", *VIDEOS, _NO_JOB, judge=is_spoken_refusal)
        return Review()

    async def _retrieve(self, upstream_id: str) -> Sighting:
        answer = await self._service.ask("retrieve", *VIDEOS, upstream_id, judge=is_job)
        if not is_job(answer):
            raise Unavailable(self.name, "the answer is no job")
        return read_job(upstream_id, answer.document or {}, self._service.verdicts)
