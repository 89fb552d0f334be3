"""One origin on loopback: an aiohttp application that knows its own address.

Stands in for: a host name with a certificate. It never listens anywhere but on 127.0.0.1.
"""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

_HOST = "127.0.0.1"
_LARGEST_REQUEST = 64 * 1024 * 1024
_PATIENCE_AT_STOP = 0.05


def application(*middlewares: Middleware) -> web.Application:
    """Build an application that accepts pictures (64 MiB) and runs these, outermost first."""
    return web.Application(middlewares=middlewares, client_max_size=_LARGEST_REQUEST)


class Listener:
    """Serves applications on a port; 0 takes a free one at the first start and keeps it.

    A stopped application cannot run again, so each start asks `build` for a new one.
    """

    def __init__(self, build: Callable[[], web.Application], port: int = 0) -> None:
        self._build = build
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The origin, without a slash at the end.

        Raises:
            RuntimeError: the port is not known before the first start.
        """
        if not self._port:
            raise RuntimeError("the address is known once the service has started")
        return f"http://{_HOST}:{self._port}"

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        self._runner = web.AppRunner(
            self._build(), access_log=None, shutdown_timeout=_PATIENCE_AT_STOP
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port and every connection; requests still waiting are given up."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
