"""Rows of step 5, its first half: the film comes from the service to the disk."""

import errno
from datetime import timedelta
from typing import Any

from bot.domain.task import TaskState
from bot.net.part_file import PartFile
from sandbox.services import CHALLENGE, Cut, Drip, Reply, Reset, Scenario
from tests.faults.table_acts import accepted, hold, order, then
from tests.faults.table_faults import CONTENT, apigo, do, film_fault, html, job
from tests.faults.table_row import Row, lost
from tests.faults.table_scene import Scene

S = TaskState
AVM, SORA = "Download, AI Video Maker", "Download, /v1/videos"
GONE = Reply(404, "<Error><Code>NoSuchKey</Code></Error>")
FORBIDDEN = Reply(403, "<Error><Code>AccessDenied</Code></Error>")
NO_FILM = lost("gone before I could fetch it", S.EXPIRED, flagged=True)
MOVED = Reply(302, "", {"Location": "http://169.254.169.254/latest/meta-data"})
NOT_A_FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(2000)


def _avm(fault: str, action: Any, *, times: int | None = 1, **more: Any) -> Row:
    play = then(film_fault(action, times=times), order())
    return Row(step=AVM, fault=fault, play=play, **more)


def _sora(fault: str, action: Any, *, times: int | None = 1, **more: Any) -> Row:
    play = then(apigo("GET", CONTENT, action, times=times), order("sora-2"))
    return Row(step=SORA, fault=fault, play=play, **{"spent": 40, **more})


def _small_limit(scene: Scene) -> None:
    scene.patch.setattr("bot.providers.films.FILM_LIMIT", 3000)


def _full_disk(times: int) -> Any:
    """Let so many writes to the disk fail."""

    def fill(scene: Scene) -> None:
        write, left = PartFile.write, [None] * times

        async def refuse(file: PartFile, data: bytes) -> None:
            if left:
                left.pop()
                raise OSError(errno.ENOSPC, "No space left on device")
            await write(file, data)

        scene.patch.setattr(PartFile, "write", refuse)

    return do(fill)


async def _away_for_a_day(scene: Scene) -> None:
    """Let the film be ready while the bot is away for longer than the service keeps it."""
    await scene.stop()
    scene.world.aivideomaker.finish(scene.world.aivideomaker.creates[0].id)
    scene.earth.skip(timedelta(hours=25))
    await scene.start()


ROWS = [
    _avm("404 once", GONE),
    _avm("404 for ever", GONE, times=None, **NO_FILM, rate=600),
    _avm("403 twice", FORBIDDEN, times=2),
    _avm("403 for ever", FORBIDDEN, times=None, **NO_FILM, rate=600),
    _avm("reset in the middle", Cut(0.5), times=2, suite=True),
    _avm("reset before the first byte", Reset(), times=2),
    _avm("503 for a while", html(503), times=4),
    _avm("a web page with status 200, twice", CHALLENGE, times=2),
    _avm("a web page with status 200, for ever", CHALLENGE, times=None, **NO_FILM),
    _avm("a slow drip without a length", Drip(20, timedelta(milliseconds=20))),
    _avm("a redirect to a private address, for ever", MOVED, times=None, **NO_FILM),
    Row(
        step=AVM,
        fault="it begins like a film and is none",
        play=then(job(Scenario(film=NOT_A_FILM)), order()),
        **NO_FILM,
    ),
    Row(
        step=AVM,
        fault="larger than any film may be",
        play=then(do(_small_limit), order()),
        **NO_FILM,
    ),
    Row(step=AVM, fault="the disk is full for a while", play=then(_full_disk(3), order())),
    Row(
        step=AVM,
        fault="the bot was away for longer than the service keeps films",
        play=then(do(hold), order(), accepted, _away_for_a_day),
        **NO_FILM,
        rate=600,
    ),
    _sora("404 twice: it is not there yet", GONE, times=2),
    _sora("404 for ever", GONE, times=None, **NO_FILM, rate=600),
    _sora("500 for a while", html(500), times=3),
    _sora("reset in the middle", Cut(0.5), times=2),
    _sora("JSON without an address, twice", Reply.json(200, {"status": "completed"}), times=2),
    _sora("a web page with status 200, twice", CHALLENGE, times=2),
    _sora("429 with Retry-After", html(429, Retry_After="20")),
]
