"""`python -m sandbox`: see a video being made, with no account and no network.

Starts the local world and the bot, plays a newcomer's first session, prints the conversation as it
changes, and saves the films. It ignores `.env` and the environment.
"""

import argparse
import asyncio
import contextlib
import io
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import av

from sandbox import newcomer
from sandbox.discord import Attachment, Unplayable
from sandbox.stage import Stage
from sandbox.transcript import Transcript

FILMS = Path("films")
HINT = "A marker in the prompt decides its fate, as in: python -m sandbox 'a red kite [fail]'"
INTERRUPTED = 130


def main() -> int:
    """Play, and return the exit code: 0 when every film came and plays, 1 when one is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="See a video being made, with no account.",
        epilog=HINT,
    )
    parser.add_argument("prompt", nargs="?", help="a sentence of your own for the first video")
    parser.add_argument("--films", type=Path, default=FILMS, help="where films are saved")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):  # as it happens, also through a pipe
        sys.stdout.reconfigure(line_buffering=True, errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # no end leaves the bot behind
    try:
        with tempfile.TemporaryDirectory(prefix="clapboard-sandbox-") as folder:
            return asyncio.run(play(Path(folder), arguments.prompt, arguments.films))
    except KeyboardInterrupt:
        print("\nThe play was broken off.")
        return INTERRUPTED


async def play(folder: Path, prompt: str | None, films: Path) -> int:
    """Play the session in `folder`; save the films in `films`."""
    print("Clapboard's sandbox: a local Discord, two local video services, and the real bot.")
    async with Stage(folder) as stage:
        cast = newcomer.open_server(stage)
        transcript = Transcript(stage.discord, print)
        try:
            await stage.start_bot()
            async with _shown(transcript):
                transcript.scene("A sentence becomes a video")
                sentence = newcomer.a_sentence(cast, transcript, prompt or newcomer.SENTENCE)
                first = await _film(sentence, transcript)
                transcript.scene("A picture becomes a video")
                second = await _film(newcomer.a_picture(cast, transcript), transcript)
        except (newcomer.Stalled, TimeoutError) as error:
            print(f"\nThe play stopped: {error}\n\nThe bot's log ends with:\n{stage.bot.tail()}")
            return 1
    _save(films, [film for film in (first, second) if film])
    return 0 if first and second else 1


async def _film(scene: Awaitable[Attachment], transcript: Transcript) -> Attachment | None:
    """Play a scene; return its film, or say why there is none."""
    try:
        return await scene
    except (newcomer.NoFilm, Unplayable) as reason:
        transcript.note(f"No film in this scene: {reason}")
        return None


@asynccontextmanager
async def _shown(transcript: Transcript) -> AsyncIterator[None]:
    """Print every change of the conversation while the body plays."""
    following = asyncio.create_task(transcript.follow())
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        transcript.catch_up()


def _save(folder: Path, films: list[Attachment]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print("\nFilms:")
    for film in films:
        path = folder / film.name
        path.write_bytes(film.data)
        print(f"  {path.resolve()}  ({_describe(path)})")


def _describe(path: Path) -> str:
    """Decode the film from end to end; return what it is."""
    with av.open(path) as film:
        video = film.streams.video[0]
        frames = sum(1 for _ in film.decode(video))
        seconds = float((video.duration or 0) * (video.time_base or 0))
        size = f"{video.codec_context.width}×{video.codec_context.height}"
    return f"{seconds:.1f} s, {size}, {frames} frames, {path.stat().st_size // 1024} KiB"


if __name__ == "__main__":
    sys.exit(main())
