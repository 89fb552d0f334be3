"""A picture prepared in a process of its own, which ends with it.

Serves step 1: a decoder is where a stranger's bytes meet C code. In here it may crash, swell or
spin, and takes nothing with it but itself; the bot's own memory stays as it was. Never believes
what comes out to be more than two numbers or a refusal, and never keeps a process for the next
picture. Blocks: call it in a thread.
"""

import json
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from PIL import AvifImagePlugin

from bot.errors import BrokenInvariant, Refusal, Refused
from bot.media.bounds import check_bytes
from bot.media.images import PreparedPicture, prepare
from bot.media.sizes import Size

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

MEMORY = 768 * 1024 * 1024
"""Bytes of address space: twice what the largest picture takes (a WebP of 24 megapixels)."""
CPU = timedelta(seconds=15)
"""About ten times what the slowest picture allowed takes."""
PATIENCE = timedelta(seconds=60)
"""The most a picture may take altogether, on a machine that is busy with other things."""

_LONGEST_ANSWER = 4096
_KINDNESS = 5
"""How far the decoder steps back for the bot where both want the same core."""
_OUT_OF_BOUNDS = {-getattr(signal, name, 0) for name in ("SIGKILL", "SIGXCPU", "SIGXFSZ")}
"""How it ends that took too long or too much; every other signal is a crash."""

# Forked from a small process that has Pillow ready and nothing of the bot's: no threads, sockets
# or open files, and no keys, for those have left the environment by then (``settings.forget``).
# It is no jail: what runs in there is still the same user on the same machine.
if sys.platform == "win32":
    _ROOM = multiprocessing.get_context("spawn")
else:
    _ROOM = multiprocessing.get_context("forkserver")
_ROOM.set_forkserver_preload([__name__])


def develop(
    source: Path,
    into: Path,
    *,
    exact: Sequence[Size] = (),
    shortest: int = 1,
    longest: int = 2048,
) -> PreparedPicture:
    """Do what ``images.prepare`` does, within walls; the arguments and refusals are the same.

    Raises:
        Refused: also ``PICTURE_TOO_LARGE`` without fields where the walls were reached, and
            ``PICTURE_DAMAGED`` where the decoder crashed.
        FileNotFoundError: there is no ``source``.
        BrokenInvariant: it stumbled over a bug of ours; its traceback is in the log.
    """
    check_bytes(source)
    wishes = {"exact": list(exact), "shortest": shortest, "longest": longest}
    ours, theirs = _ROOM.Pipe(duplex=False)
    work = _ROOM.Process(target=_work, args=(theirs, MEMORY, source, into, wishes), daemon=True)
    with ours:
        work.start()
        theirs.close()
        try:
            return _read(ours, work)
        finally:
            work.kill()
            work.join()
            work.close()


def _read(answers: Connection, work: BaseProcess) -> PreparedPicture:
    if not answers.poll(PATIENCE.total_seconds()):
        log.warning("a picture was given up after %s", PATIENCE)
        raise Refused(Refusal.PICTURE_TOO_LARGE)
    try:
        answer = json.loads(answers.recv_bytes(_LONGEST_ANSWER))
    except EOFError:
        work.join()
        raise _verdict(work.exitcode) from None
    if "refusal" in answer:
        raise Refused(Refusal(answer["refusal"]), **answer["fields"])
    return PreparedPicture(answer["width"], answer["height"])


def _verdict(exit_code: int | None) -> Refused | BrokenInvariant:
    """Return what the end of a decoder that said nothing means for the member."""
    if exit_code is None or exit_code >= 0:
        return BrokenInvariant(f"preparing a picture ended with exit code {exit_code}")
    log.warning("a picture ended its decoder: signal %d", -exit_code)
    within = exit_code not in _OUT_OF_BOUNDS
    return Refused(Refusal.PICTURE_DAMAGED if within else Refusal.PICTURE_TOO_LARGE)


def _work(
    answers: Connection, memory: int, source: Path, into: Path, wishes: dict[str, object]
) -> None:
    """Prepare one picture; this is the other process."""
    _put_up_walls(memory)
    answer: dict[str, object]
    try:
        picture = prepare(source, into, **wishes)  # type: ignore[arg-type] # as develop took them
        answer = {"width": picture.width, "height": picture.height}
    except Refused as refused:
        answer = {"refusal": refused.code.value, "fields": refused.fields}
    except MemoryError:
        answer = {"refusal": Refusal.PICTURE_TOO_LARGE.value, "fields": {}}
    answers.send_bytes(json.dumps(answer).encode())


def _put_up_walls(memory: int) -> None:
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the other cores are the bot's
    if sys.platform == "win32":
        return
    os.nice(_KINDNESS)
    seconds = round(CPU.total_seconds())
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # the operator's own limit is lower
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):  # where memory is short, the kernel shall take this process first
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
