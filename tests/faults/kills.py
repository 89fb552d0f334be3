"""The long run: hundreds of kills over mixed work in several worlds, then the judgement.

    python -m tests.faults.kills --kills 300 [--seed N]

Half of the kills are at named steps, half at random times. All that dice decide follows from the
printed seed. Exit code 0: nothing was lost, stuck, bought twice or posted twice.
"""

import argparse
import asyncio
import logging
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sandbox.services import Films
from tests.faults import judge
from tests.faults.report import Verdict, report
from tests.faults.steps import CREATES, STEPS
from tests.faults.world import DATABASE, Death, World, open_world, opened

WORLDS = 3
"""As many bots live at once as two cores can feed."""
LONGEST_LIFE = 9.0
"""Seconds; a random life is shorter, and some end before the bot is ready."""
AT_A_CREATE = 1 / 6
"""How many of the kills: there an answer that is lost costs money."""
AT_A_STEP = 1 / 2
SETTLING = timedelta(minutes=5)
"""The last life: what was lost has been searched for twice by then, and slow films are there."""
LOOK_AGAIN = 2.0
"""Seconds; another process's rows ring no bell."""


def main() -> int:
    """Run, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills")
    parser.add_argument("--kills", type=int, default=300, help="how often the bot dies")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="the dice")
    parser.add_argument("--folder", type=Path, help="keep the bots' logs and databases here")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # no end leaves a bot behind
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # it complains of each kill
    _say(f"{arguments.kills} kills with --seed {arguments.seed}")
    began = time.monotonic()
    with _folder(arguments.folder) as root:
        verdicts = asyncio.run(run(root, arguments.kills, arguments.seed))
    _say(report(verdicts, timedelta(seconds=time.monotonic() - began)))
    return 1 if any(verdict.violations for verdict in verdicts) else 0


async def run(root: Path, kills: int, seed: int) -> list[Verdict]:
    """Share the kills among several worlds, and judge each."""
    films = Films(longest_side=96, frame_rate=4)
    shares = [kills // WORLDS + (number < kills % WORLDS) for number in range(WORLDS)]
    try:
        async with asyncio.TaskGroup() as worlds:
            running = [
                worlds.create_task(_one_world(root / str(number), f"{seed}/{number}", films, share))
                for number, share in enumerate(shares)
            ]
    finally:
        films.close()
    return [world.result() for world in running]


async def _one_world(folder: Path, seed: str, films: Films, kills: int) -> Verdict:
    folder.mkdir(parents=True)
    async with open_world(folder, seed, films) as world:
        async with world.members_order():
            for number in range(1, kills + 1):
                death = await _one_life(world)
                missed = "" if death.reached else " (not reached)"
                _say(f"world {seed}, kill {number}: {death.at}{missed}")
        return await _judged(world)


async def _one_life(world: World) -> Death:
    chance = world.dice.random()
    if chance < AT_A_STEP:
        steps = CREATES if chance < AT_A_CREATE else STEPS
        return await world.live_until(world.dice.choice(steps))
    return await world.live_for(timedelta(seconds=world.dice.uniform(0, LONGEST_LIFE)))


async def _judged(world: World) -> Verdict:
    """Let the bot live until nothing more happens, then judge."""
    await world.stage.start_bot()
    until = time.monotonic() + SETTLING.total_seconds()
    async with opened(world.stage.folder / DATABASE) as store:
        while True:
            case = await judge.evidence(world, store)
            if judge.settled(case) or time.monotonic() > until:
                return Verdict(world, case, judge.violations(case))
            await asyncio.sleep(LOOK_AGAIN)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="clapboard-kills-") as folder:
        yield Path(folder)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
