"""The command line: ``python -m bot`` runs the bot, ``python -m bot check`` verifies the set-up.

Reads the settings, sets up the logs, and turns a configuration error into one sentence and an exit
code. Never builds a part itself: ``bot.app`` does.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from bot import logs
from bot.app import check, run
from bot.errors import ConfigurationError
from bot.settings import forget, load


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Clapboard turns a sentence or a picture in Discord into a video.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["run", "check"],
        default="run",
        help="run the bot (default), or check token, intents, permissions, keys and database",
    )
    command = parser.parse_args().command
    try:
        settings = load(Path(".env"))
        forget()
        logs.setup(settings.log_level, settings.secrets())
        return asyncio.run(check(settings) if command == "check" else run(settings))
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
