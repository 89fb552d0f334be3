"""AI Video Maker: five endpoints, many models, one list that shows every task.

Serves steps 3 to 5 for the provider ``aivideomaker``. Sends what the documents define, plus
``Idempotency-Key``, harmless where unknown. Never believes a webhook, a link in an answer, or the
first 404.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from bot.clock import Clock
from bot.domain.catalog import Model
from bot.errors import (
    Failure,
    Gone,
    JobNotFound,
    OutcomeUnknown,
    Unauthorised,
    Unavailable,
)
from bot.net.downloads import Downloads
from bot.providers.account import Account
from bot.providers.aivideomaker_look import Looker
from bot.providers.aivideomaker_reader import TASKS, NoList, TaskReader, is_before
from bot.providers.aivideomaker_repeats import idempotency_key
from bot.providers.aivideomaker_tasks import (
    ServiceTask,
    created_at,
    credits_charged,
    is_lost,
)
from bot.providers.aivideomaker_terms import prove_key, read_terms
from bot.providers.base import Assignment, Job, JobStatus, LostCreate, Review, Sighting
from bot.providers.films import absolute, download_film
from bot.providers.pacer import Pacer
from bot.providers.query_hook import QueryHook
from bot.providers.reading.ids import read_id
from bot.providers.reading.statuses import read_status
from bot.providers.send_window import EARLIER
from bot.providers.service import Service
from bot.providers.spelling import as_json, spell

log = logging.getLogger(__name__)

INTERVAL = timedelta(seconds=1.1)
"""Between two queries: the documents allow 60 a minute per IP."""
CREDIT = 3
"""Queries in a row, where there was none for a while: a webhook or a cancel need not wait."""


class AiVideoMaker:
    """The provider ``aivideomaker``. What its parts remember need not survive a restart."""

    name = "aivideomaker"
    can_cancel = True

    def __init__(
        self,
        *,
        url: str,
        key: str,
        http: httpx.AsyncClient,
        downloads: Downloads,
        clock: Clock,
        interval: timedelta = INTERVAL,
        on_query: QueryHook | None = None,
    ) -> None:
        key = key.strip()
        account = Account(self.name, url, key, {"key": key})
        pacer = Pacer(self.name, clock, interval, credit=CREDIT)
        self.key_fingerprint = account.fingerprint
        self._service = Service(account, http=http, clock=clock, pacer=pacer, on_query=on_query)
        self._downloads = downloads
        self._url = url
        self._reader = TaskReader(self.name, self._service, clock)
        self._looker = Looker(self.name, self._reader, clock)

    @property
    def last_good_answer(self) -> datetime | None:
        """When the service last answered sensibly."""
        return self._service.last_good_answer

    def recognises_repeats(self, model: Model) -> bool:
        """Tell whether the service has shown, for ``model``, that it keeps our keys."""
        return self._reader.repeats.proved(model.name)

    async def submit(self, assignment: Assignment) -> Sighting:
        """Create the job, once; a create that the service knows already is the job it has made."""
        body = await asyncio.to_thread(_body, assignment)  # megabytes of picture, perhaps
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key(assignment),
        }
        if assignment.webhook_url is not None:
            headers["webhookUrl"] = assignment.webhook_url
        route = ("api", "v1", "generate", assignment.model.name)
        answer = await self._service.create(*route, content=body, headers=headers)
        document = answer.document or {}
        upstream_id = read_id(document.get("taskId") or document.get("id"))
        if upstream_id is None:
            raise OutcomeUnknown(self.name, "the answer names no task")
        if self._reader.repeats.note_create(assignment.model.name, document):
            log.info("the create was known: no second job", extra={"task": assignment.task_id})
        word = self._service.verdicts.clean(str(document.get("status") or ""))
        charged = credits_charged(document)
        return Sighting(upstream_id, JobStatus.WAITING, word, charged=charged)

    def until_turn(self) -> timedelta:
        """Return how long a query would wait for its turn if it were asked for now."""
        return self._service.until_turn()

    async def look(self, due: Sequence[Job], also: Sequence[Job] = ()) -> Sequence[Sighting]:
        """Learn what became of jobs: from the list, by their ids, or both, as it costs less."""
        return await self._looker.look(due, also)

    async def find(self, lost: LostCreate) -> Sighting | None:
        """Search the list for a job made at about the time its create was sent."""
        similar: list[ServiceTask] = []
        earliest = lost.sent_at - EARLIER

        def enough(task: ServiceTask) -> bool:
            if self._reader.id_of(task) and is_lost(task, lost):
                similar.append(task)
                return task.get("idempotencyKey") is not None
            return is_before(task, earliest)

        try:
            await self._reader.read_list(enough)
        except NoList as error:
            log.debug("Nowhere to search: %s", error)
        if not similar:
            return None
        best = min(similar, key=lambda task: _distance(task, lost.sent_at))
        return self._reader.judge(str(best["id"]), best)

    async def cancel(self, upstream_id: str) -> Sighting:
        """Ask for a cancel, then believe the status and nothing else."""
        try:
            await self._service.put("cancel", *TASKS, upstream_id, "cancel")
        except (JobNotFound, Unauthorised, Unavailable) as error:
            # Too late has no documented code. What the job is now says it all.
            log.debug("A cancel was not taken: %s", error)
        route = (*TASKS, upstream_id, "status")
        answer = await self._service.ask("status", *route, urgent=True)
        word = (answer.document or {}).get("status")
        status = read_status(word)
        if status in {JobStatus.DONE, JobStatus.FAILED}:
            return self._reader.judge(upstream_id, await self._reader.details(upstream_id))
        failure = Failure.CANCELLED_UPSTREAM if status is JobStatus.CANCELLED else None
        text = self._service.verdicts.clean(str(word or ""))
        return Sighting(upstream_id, status, text, failure=failure)

    async def fetch(self, upstream_id: str, result_url: str | None, into: Path) -> int:
        """Download the film; an address that went stale is asked for afresh, once."""
        url = result_url or await self._fresh_url(upstream_id)
        try:
            return await self._download(url, into)
        except Gone:
            fresh = await self._fresh_url(upstream_id) if result_url else url
            if fresh == url:
                raise
        return await self._download(fresh, into)

    async def review(self, models: Sequence[Model]) -> Review:
        """Learn whether the key is accepted, and the terms where the live service tells them."""
        await prove_key(self._service, self._reader)
        return await read_terms(self._service, models)

    async def _fresh_url(self, upstream_id: str) -> str:
        try:
            task = await self._reader.details(upstream_id)
        except JobNotFound as error:
            raise Gone("the service no longer knows the job") from error
        url = self._reader.read(upstream_id, task).result_url
        if url is None:
            raise Gone("the service names no film")
        return url

    async def _download(self, url: str, into: Path) -> int:
        return await download_film(self._downloads, absolute(self._url, url), into)


def _body(assignment: Assignment) -> bytes:
    return json.dumps(as_json(spell(assignment))).encode()


def _distance(task: ServiceTask, instant: datetime) -> timedelta:
    made = created_at(task)
    return timedelta.max if made is None else abs(made - instant)
