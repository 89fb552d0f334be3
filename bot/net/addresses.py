"""Which places we go to: exact origins that the operator named, else public addresses only.

Serves the guard around downloads. Never opens a connection itself.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from bot.errors import AddressRefused, Interrupted

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Turns host and port into numeric addresses, best first; ``OSError`` where it cannot."""

_HIGHEST_PORT = 65535
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what two addresses must share to trust each other."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str | httpx.URL) -> "Origin":
        """Return the origin of an absolute address.

        Raises:
            AddressRefused: it is no http(s) address with a host.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise AddressRefused("not an address") from error
        default = _DEFAULT_PORTS.get(parsed.scheme)
        if default is None or not parsed.host:
            raise AddressRefused(f"not an http address: {parsed.scheme[:20]!r}")
        if parsed.port is not None and not 0 < parsed.port <= _HIGHEST_PORT:
            raise AddressRefused(f"no such port: {parsed.port}")
        return cls(parsed.scheme, parsed.raw_host.decode("ascii"), parsed.port or default)


async def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system's resolver; the system orders the answers."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def public_addresses(origin: Origin, resolve: Resolver) -> list[str]:
    """Return the numeric addresses of ``origin``.

    Raises:
        AddressRefused: one of them is not public; a name with mixed answers is a trick.
        Interrupted: the name could not be resolved now.
    """
    try:
        addresses = await resolve(origin.host, origin.port)
    except (OSError, UnicodeError) as error:
        raise Interrupted(f"{origin.host} could not be resolved") from error
    if not addresses:
        raise Interrupted(f"{origin.host} has no address")
    if not all(is_public(address) for address in addresses):
        raise AddressRefused(f"{origin.host} is not a public host")
    return addresses


def is_public(address: str) -> bool:
    """Tell whether a numeric address belongs to the public internet.

    Private, loopback, link-local (where clouds keep their metadata), multicast and reserved
    addresses do not, nor do IPv6 addresses that merely wrap such an IPv4 address.
    """
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    inner = _wrapped(parsed)
    if inner is not None:
        return _is_public_v4(inner)
    return (
        parsed.is_global
        and not parsed.is_multicast
        and not parsed.is_reserved
        and not parsed.is_site_local
    )


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
