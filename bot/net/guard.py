"""A transport that checks where every single request really goes, redirects included.

Serves downloads from addresses that strangers choose. It resolves the name itself, refuses what is
not public, and connects to the very address it checked: a name that answers differently the second
time (DNS rebinding) gains nothing. Host header, SNI and the certificate's check keep the name.
"""

from collections.abc import Iterable

import httpx
from typing_extensions import override

from bot.errors import AddressRefused
from bot.net.addresses import Origin, Resolver, public_addresses, resolve_host

_MOST_ADDRESSES = 4


class GuardedTransport(httpx.AsyncBaseTransport):
    """Lets requests through to trusted origins as they are, and to public hosts over https."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        trusted: Iterable[Origin],
        resolve: Resolver = resolve_host,
    ) -> None:
        self._inner = inner
        self._trusted = frozenset(trusted)
        self._resolve = resolve

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request.

        Raises:
            AddressRefused: the place is forbidden; nothing was sent.
            Interrupted: the name could not be resolved.
            httpx.TransportError: the network failed.
        """
        origin = Origin.of(request.url)
        if request.url.userinfo:
            raise AddressRefused("the address holds credentials")
        if origin in self._trusted:
            return await self._inner.handle_async_request(request)
        if origin.scheme != "https":
            raise AddressRefused(f"{origin.host} is not asked over {origin.scheme}")
        addresses = await public_addresses(origin, self._resolve)
        return await self._first_that_connects(request, addresses[:_MOST_ADDRESSES])

    async def _first_that_connects(
        self, request: httpx.Request, addresses: list[str]
    ) -> httpx.Response:
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, addresses[-1]))

    @override
    async def aclose(self) -> None:
        """Close the transport inside."""
        await self._inner.aclose()


def pinned_transport() -> httpx.AsyncHTTPTransport:
    """Build the network transport that belongs inside the guard.

    It keeps no idle connection: one made to an address for one host name, with that name's
    certificate, must not carry a request for another name that shares the address.
    """
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(limits=limits, trust_env=False)


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,  # with the Host header made from the name
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )
