"""The naive loop: one for each task, that sleeps five seconds and asks how it is.

What nearly every bot does that was read for this project (sleeps of 0.5 to 10 s, five the most
common). It keeps to what a service asks for after a 429, which few do.
"""

import asyncio
import random
from typing import Any

import httpx
from typing_extensions import override

from bench.contenders.rival import Maker, Setting, play

EVERY = 5.0
"""Seconds."""


class NaiveLoop(Maker):
    """Asks AI Video Maker, as its document shows."""

    def __init__(self, setting: Setting) -> None:
        base = f"{setting.service_url}/api/v1"
        self._http = httpx.AsyncClient(
            base_url=base,
            headers={"key": setting.key},
            timeout=None,  # noqa: S113 - it waits for ever rather than lose a film
            limits=httpx.Limits(max_connections=None),
        )

    @override
    async def new(self, prompt: str) -> bytes:
        wish = {"prompt": prompt, "aspectRatio": "16:9", "duration": "5"}
        answer = await self._http.post("/generate/t2v", json=wish)
        return await self._film(answer.raise_for_status().json()["taskId"])

    @override
    async def begun(self, upstream_id: str) -> bytes:
        await asyncio.sleep(random.uniform(0, EVERY))  # noqa: S311 - they were not begun together
        return await self._film(upstream_id)

    async def _film(self, upstream_id: str) -> bytes:
        status = ""
        while status != "COMPLETED":
            await asyncio.sleep(EVERY)
            status = (await self._ask(f"/tasks/{upstream_id}/status"))["status"]
        details = await self._ask(f"/tasks/{upstream_id}")
        return (await self._http.get(details["output"]["url"])).content

    async def _ask(self, path: str) -> Any:
        while True:
            answer = await self._http.get(path)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer.raise_for_status().json()
            await asyncio.sleep(float(answer.headers["Retry-After"]))


if __name__ == "__main__":
    play(NaiveLoop)
