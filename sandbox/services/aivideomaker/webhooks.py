"""Calls back to the `webhookUrl` of a create, on every change of a task's status.

Stands in for: "Callback URL for task status notifications". The document shows no body and no
signature; here it is `{"taskId", "status"}`, unsigned. One worker for all tasks; nothing is tried
twice, and no address beyond loopback is called.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from yarl import URL

from sandbox.services.aivideomaker.documents import WORDS
from sandbox.services.clock import Clock
from sandbox.services.jobs import Job, Jobs
from sandbox.services.life import Phase

HEADER = "webhookUrl"
"""The request header that asks for calls."""

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PATIENCE = aiohttp.ClientTimeout(total=5)
_HUGE = "x" * 5_000_000


@dataclass(frozen=True)
class Called:
    """One call made: when, where, with what; `status` is None where nobody answered."""

    at: datetime
    url: str
    payload: dict[str, str]
    status: int | None


class Webhooks:
    """Makes the calls that are due. `changed` wakes it when a task was made or turned."""

    def __init__(self, jobs: Jobs, clock: Clock, changed: asyncio.Event) -> None:
        self._jobs = jobs
        self._clock = clock
        self._changed = changed
        self._announced: dict[str, int] = {}
        self._busy = asyncio.Lock()
        self._worker: asyncio.Task[None] | None = None
        self.calls: list[Called] = []
        """Every call made, in order."""

    def start(self) -> None:
        """Begin to work."""
        self._worker = asyncio.create_task(self._work(), name="webhooks")

    async def stop(self) -> None:
        """Stop in the middle of whatever it does."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def settle(self) -> None:
        """Make every call that is due by now; all are answered when this returns."""
        async with self._busy:
            for job in self._listened():
                await self.announce(job)

    async def announce(self, job: Job) -> None:
        """Make the calls of one task that are due by now."""
        changes = job.life.changes(self._clock())
        done = self._announced.get(job.id, 0)
        self._announced[job.id] = len(changes)
        for _, phase in changes[done:]:
            for payload in _payloads(job, phase):
                await self._call(job.create.headers[HEADER], payload)

    async def _work(self) -> None:
        while True:
            self._changed.clear()
            await self.settle()
            await self._until_next_change()

    async def _until_next_change(self) -> None:
        now = self._clock()
        due = [at for job in self._listened() if (at := job.life.next_change(now))]
        patience = (min(due) - now).total_seconds() if due else None
        try:
            async with asyncio.timeout(patience):
                await self._changed.wait()
        except TimeoutError:
            return

    def _listened(self) -> Iterator[Job]:
        return (job for job in self._jobs if HEADER in job.create.headers)

    async def _call(self, url: str, payload: dict[str, str]) -> None:
        status = await _post(url, payload) if URL(url).host in _LOOPBACK else None
        self.calls.append(Called(self._clock(), url, payload, status))


async def _post(url: str, payload: dict[str, str]) -> int | None:
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.post(url, json=payload, allow_redirects=False) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return None


def _payloads(job: Job, phase: Phase) -> list[dict[str, str]]:
    """What one change is told as, in the style the scenario wants."""
    honest = {"taskId": job.id, "status": WORDS[phase]}
    styles = {
        "never": [],
        "twice": [honest, honest],
        "forged": [{**honest, "status": "COMPLETED"}],
        "wrong id": [{**honest, "taskId": "cknobodyknowsthistask"}],
        "huge": [{**honest, "padding": _HUGE}],
    }
    return styles.get(job.scenario.webhook, [honest])
