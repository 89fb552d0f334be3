"""Which addresses are public, and which origins are the same."""

import pytest

from bot.errors import AddressRefused
from bot.net.addresses import Origin, is_public


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:1.1.1.1"],
)
def test_public(address: str) -> None:
    """Addresses of the public internet, also behind NAT64."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind to
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::1.2.3.4",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_not_public(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved, and IPv6 that wraps such an IPv4."""
    assert not is_public(address)


def test_origins_are_compared_whole() -> None:
    """Scheme, host and port; the default port and the case of the host do not matter."""
    assert Origin.of("https://CDN.example:443/a") == Origin.of("https://cdn.example/b?c")
    assert Origin.of("https://cdn.example:8443") != Origin.of("https://cdn.example")
    assert Origin.of("http://cdn.example") != Origin.of("https://cdn.example")
    assert Origin.of("https://cdn.example.evil") != Origin.of("https://cdn.example")


@pytest.mark.parametrize("url", ["", "/x", "file:///x", "ftp://a/b", "https://", "x"])
def test_no_origin(url: str) -> None:
    """What is no http address has no origin."""
    with pytest.raises(AddressRefused):
        Origin.of(url)
