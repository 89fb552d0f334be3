"""Calls back to the `webhookUrl` of a create, on every change of a task's status.

Stands in for: "Callback URL for task status notifications". The document shows no body and no
signature; here it is `{"taskId", "status"}`, unsigned. One worker for all tasks; nothing is tried
twice, and no address beyond loopback is called.
"""

import asyncio
import heapq
from dataclasses import dataclass
from datetime import datetime
from itertools import count

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
    """Makes the calls that are due; a task costs something only when it changes."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._due: list[tuple[datetime, int, Job]] = []
        """When to look at a task next; the number keeps tasks of one instant in order."""
        self._numbers = count()
        self._changed = asyncio.Event()
        self._announced: dict[str, int] = {}
        self._calling: set[asyncio.Task[None]] = set()
        self._worker: asyncio.Task[None] | None = None
        self.calls: list[Called] = []
        """Every call made, in order."""

    def start(self) -> None:
        """Begin to work."""
        self._worker = asyncio.create_task(self._work(), name="webhooks")

    async def stop(self) -> None:
        """Stop in the middle of whatever it does."""
        busy = [*self._calling, *([self._worker] if self._worker else [])]
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)

    def watch(self, job: Job, *, anew: bool = True) -> None:
        """Look at a task that was made or turned; not `anew`: what it did so far is known."""
        if HEADER not in job.create.headers:
            return
        now = self._clock()
        if not anew:
            self._announced[job.id] = len(job.life.changes(now))
        self._look_again(job, now if anew else job.life.next_change(now))
        self._changed.set()

    async def settle(self) -> None:
        """Make every call that is due by now; all are answered when this returns."""
        self._begin_what_is_due()
        await asyncio.gather(*self._calling)

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
            self._begin_what_is_due()
            await self._until_next_change()

    def _begin_what_is_due(self) -> None:
        """Announce tasks side by side: one slow listener makes no other call late."""
        while self._due and self._due[0][0] <= self._clock():
            _, _, job = heapq.heappop(self._due)
            if self._jobs.find(job.id, job.owner) is job:
                self._look_again(job, job.life.next_change(self._clock()))
                call = asyncio.create_task(self.announce(job))
                self._calling.add(call)
                call.add_done_callback(self._calling.discard)

    def _look_again(self, job: Job, at: datetime | None) -> None:
        if at is not None:
            heapq.heappush(self._due, (at, next(self._numbers), job))

    async def _until_next_change(self) -> None:
        patience = (self._due[0][0] - self._clock()).total_seconds() if self._due else None
        try:
            async with asyncio.timeout(patience):
                await self._changed.wait()
        except TimeoutError:
            return

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
