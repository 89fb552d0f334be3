"""What the pipeline is built from, opened once and closed in order.

Part of starting up, before Discord is spoken to: data folder, catalogue, database, HTTP client,
providers. Never starts work.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.clock import Clock
from bot.domain.catalog import Catalog
from bot.errors import ConfigurationError
from bot.net.client import build_client
from bot.net.downloads import Downloads
from bot.pipeline.shelf import Shelf
from bot.providers import aivideomaker, openai_videos
from bot.providers.aivideomaker import AiVideoMaker
from bot.providers.base import Provider
from bot.providers.catalog import load as load_catalog
from bot.providers.openai_videos import OpenAiVideos
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything that is opened before the story can begin."""

    settings: Settings
    clock: Clock
    shelf: Shelf
    catalog: Catalog
    store: Store
    http: httpx.AsyncClient
    downloads: Downloads
    providers: Mapping[str, Provider]


@asynccontextmanager
async def open_resources(
    settings: Settings,
    clock: Clock,
    *,
    on_query: Callable[[str, str, str], None],
    query_interval: timedelta | None = None,
) -> AsyncIterator[Resources]:
    """Open everything; close it in reverse order at the end.

    ``query_interval`` replaces each provider's own pause between two queries.

    Raises:
        ConfigurationError: one sentence with what is wrong and the remedy.
    """
    shelf = _open_shelf(settings)
    catalog = load_catalog(settings.catalog_file)
    store = await Store.open(settings.database_url, default_credits=settings.default_server_credits)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        http = await stack.enter_async_context(build_client())
        downloads = Downloads(_trusted_origins(settings))
        stack.push_async_callback(downloads.aclose)
        providers = build_providers(settings, http, downloads, clock, on_query, query_interval)
        _withdraw_without_key(catalog, providers)
        yield Resources(settings, clock, shelf, catalog, store, http, downloads, providers)


def _open_shelf(settings: Settings) -> Shelf:
    shelf = Shelf(settings.data_dir)
    try:
        shelf.prepare()
    except OSError as error:
        message = (
            f"DATA_DIR {settings.data_dir} cannot be written ({error.strerror}): "
            "make it writable for this user or set DATA_DIR to a folder that is."
        )
        raise ConfigurationError(message) from error
    return shelf


def _trusted_origins(settings: Settings) -> list[str]:
    """Return the addresses that may be private, because the operator named them."""
    urls = [settings.discord_cdn_url]
    if settings.aivideomaker_api_key:
        urls.append(settings.aivideomaker_url)
    if settings.apigo_api_key:
        urls.append(settings.apigo_url)
    return urls


def build_providers(
    settings: Settings,
    http: httpx.AsyncClient,
    downloads: Downloads,
    clock: Clock,
    on_query: Callable[[str, str, str], None],
    interval: timedelta | None,
) -> dict[str, Provider]:
    """Build the providers that have a key, by name; asks nothing."""
    providers: dict[str, Provider] = {}
    if settings.aivideomaker_api_key:
        providers["aivideomaker"] = AiVideoMaker(
            url=settings.aivideomaker_url,
            key=settings.aivideomaker_api_key.get_secret_value(),
            http=http,
            downloads=downloads,
            clock=clock,
            interval=interval or aivideomaker.INTERVAL,
            on_query=on_query,
        )
    if settings.apigo_api_key:
        providers["apigo"] = OpenAiVideos(
            name="apigo",
            url=settings.apigo_url,
            key=settings.apigo_api_key.get_secret_value(),
            http=http,
            downloads=downloads,
            clock=clock,
            interval=interval or openai_videos.INTERVAL,
            on_query=on_query,
        )
    return providers


def _withdraw_without_key(catalog: Catalog, providers: Mapping[str, Provider]) -> None:
    for model in list(catalog):
        if model.provider not in providers:
            catalog.withdraw(model.name, f"{model.provider.upper()}_API_KEY is not set")
