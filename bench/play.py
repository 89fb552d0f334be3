"""Plays one case from beginning to end, in a process of its own, and returns what was seen.

A fresh process for each case: nothing that one leaves behind slows the next. Never decides what is
played.
"""

import asyncio
import logging
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from bench.cases import Case
from bench.figures import Outcome, added, percentile
from bench.lane import Lane
from bench.meter import Lag
from bench.scene.plan import Plan

START = timedelta(seconds=3)
"""About how long a bot takes until it is ready, and has been so for a moment."""
EACH_LANE = timedelta(seconds=1.2)
"""More with each bot that starts beside it, on two cores."""
EACH_JOB = timedelta(milliseconds=1.5)
"""To write down what the bot knows of one that is under way."""


def play(case: Case, film: bytes, profile: Path | None = None) -> Outcome:
    """Play a case; `film` is what is delivered.

    Raises:
        TimeoutError: a bot was not ready in time.
    """
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(_play, case, film, profile).result()


def _play(case: Case, film: bytes, profile: Path | None) -> Outcome:
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # bots are stopped in mid-word
    with tempfile.TemporaryDirectory(prefix="clapboard-bench-") as folder:
        return asyncio.run(_lanes(case, film, Path(folder), profile))


async def _lanes(case: Case, film: bytes, folder: Path, profile: Path | None) -> Outcome:
    lag = Lag()
    start = datetime.now(UTC) + START + (EACH_LANE + case.in_flight * EACH_JOB) * case.lanes
    async with AsyncExitStack() as stack:
        lanes = []
        for number in range(case.lanes):
            home = folder / str(number)
            home.mkdir()
            plan = Plan(case.in_flight - case.lasting, case.gap, start, seed=number)
            lane = Lane(case, plan, home, film, profile if number == 0 else None)
            lanes.append(await stack.enter_async_context(lane))
        watching = asyncio.create_task(lag.watch())
        began, worked = time.monotonic(), _worked()
        outcome = added(await asyncio.gather(*(lane.play() for lane in lanes)))
        outcome.sandbox = (_worked() - worked) / (time.monotonic() - began)
        outcome.lag = percentile(lag.seen, 0.99) or timedelta(0)
        watching.cancel()
    return outcome


def _worked() -> float:
    times = os.times()
    return times.user + times.system
