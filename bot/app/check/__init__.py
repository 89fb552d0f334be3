"""``python -m bot check``: what is in order, what is not, and how to mend it.

One line a finding, in the order of setting up: Discord, the disk, the catalogue, the services. A
part that fails does not stop the others. It connects to no gateway, makes no video and spends
nothing; the one thing it may change is the schema of a database that already exists, which is
brought to the present as at every start.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

import httpx

from bot.app.check.catalogue import read_catalogue
from bot.app.check.disk import check_data, check_database
from bot.app.check.findings import Finding, wrong
from bot.app.check.membership import check_discord
from bot.app.check.services import TITLES, check_service
from bot.app.resources import build_providers
from bot.clock import SystemClock
from bot.errors import ClapboardError
from bot.net.client import build_client
from bot.net.downloads import Downloads
from bot.settings import Settings

Section = Coroutine[None, None, Sequence[Finding]]

PATIENCE = timedelta(minutes=1)
"""Longer than a whole review of a service takes at the pace its query limit allows."""


async def check(
    settings: Settings, *, query_interval: timedelta | None = None, patience: timedelta = PATIENCE
) -> int:
    """Print all findings; return 1 if anything must be mended, else 0.

    Args:
        settings: what is checked.
        query_interval: replaces each provider's own pause between two queries.
        patience: how long one part may take, as a service may accept a connection and say nothing.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe may not know ✓
    async with AsyncExitStack() as stack:
        if settings.log_level != "DEBUG":
            stack.enter_context(_quiet())
        http = await stack.enter_async_context(build_client())
        downloads = Downloads(())
        stack.push_async_callback(downloads.aclose)
        sections = _sections(settings, http, downloads, query_interval)
        return 1 if await _print_all(sections, patience) else 0


def _sections(
    settings: Settings, http: httpx.AsyncClient, downloads: Downloads, interval: timedelta | None
) -> list[tuple[str, Section]]:
    models, catalogue = read_catalogue(settings)
    providers = build_providers(settings, http, downloads, SystemClock(), _unheard, interval)
    return [
        ("Discord", check_discord(settings, http)),
        ("Data", check_data(settings)),
        ("Database", check_database(settings)),
        ("Catalogue", _known(catalogue)),
        *(
            (TITLES[name], check_service(provider, [m for m in models if m.provider == name]))
            for name, provider in providers.items()
        ),
    ]


async def _print_all(sections: Sequence[tuple[str, Section]], patience: timedelta) -> bool:
    """Run all sections at once, print them in order; tell whether anything must be mended."""
    running = [asyncio.create_task(_findings(*section, patience)) for section in sections]
    broken = False
    for section in running:
        for finding in await section:
            sys.stdout.write(f"{finding}\n")
            broken |= finding.broken
        sys.stdout.flush()
    return broken


async def _findings(title: str, section: Section, patience: timedelta) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await section
    except TimeoutError:
        return [wrong(f"{title}: no answer within {patience.total_seconds():.0f} seconds.")]
    except ClapboardError as error:
        return [wrong(f"{title}: {error}")]


async def _known(findings: Sequence[Finding]) -> Sequence[Finding]:
    return findings


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the log tell errors only: what else it would say, the findings say."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _unheard(_provider: str, _route: str, _outcome: str) -> None:
    """Count nothing: there are no metrics here."""
