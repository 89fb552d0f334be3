"""The listener itself: three kinds of address, and nothing else.

Beside the story. Let the outside reach only ``/hooks/``; health and metrics are for the operator.
Never logs a request, not even a malformed one: the address of a hook holds its secret.
"""

import logging

from aiohttp import web
from aiohttp.http import HttpProcessingError
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.errors import ConfigurationError, StoreUnavailable
from bot.web.health import Health
from bot.web.hooks import Hooks
from bot.web.metrics import Metrics

_BODY_LIMIT = 64 * 1024
_HEADER_LIMIT = 8 * 1024
_LINGER = 1.0
"""Seconds to let a visitor finish sending a body that nobody reads."""
_IDLE = 30.0
"""Seconds a visitor may stay connected and say nothing."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell a mistake of ours from a request that is no HTTP: of that, aiohttp quotes the lines."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


log = logging.getLogger(__name__)
log.addFilter(_is_ours)


class Listener:
    """Listens on ``host`` and ``port`` (0: any free one) between ``start`` and ``stop``."""

    def __init__(
        self, host: str, port: int, *, health: Health, metrics: Metrics, hooks: Hooks
    ) -> None:
        self._host = host
        self._asked_port = port
        self._health = health
        self._metrics = metrics
        self._hooks = hooks
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics_page)
        app.router.add_post("/hooks/{provider}/{secret}", self._hook)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=log,
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
            lingering_time=_LINGER,
            keepalive_timeout=_IDLE,
            auto_decompress=False,
            shutdown_timeout=_LINGER,
        )

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            ConfigurationError: the port is taken or the address is not this machine's.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._asked_port).start()
        except OSError as error:
            await self._runner.cleanup()
            reason = error.strerror or type(error).__name__
            raise ConfigurationError(
                f"HTTP_HOST {self._host} and HTTP_PORT {self._asked_port} cannot be listened on "
                f"({reason}): choose another port, stop what uses this one, or leave HTTP_PORT out."
            ) from None

    async def stop(self) -> None:
        """Stop listening and let running answers end."""
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is listened on; only after ``start``."""
        port: int = self._runner.addresses[0][1]
        return port

    async def _healthz(self, _request: web.Request) -> web.Response:
        healthy, report = await self._health.report()
        return web.json_response(report, status=200 if healthy else 503)

    async def _metrics_page(self, _request: web.Request) -> web.Response:
        try:
            text = await self._metrics.text()
        except StoreUnavailable as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _hook(self, request: web.Request) -> web.Response:
        known = request.match_info
        self._hooks.knock(known["provider"], known["secret"], request.remote or "")
        return web.Response(status=204)
