"""Which strangers knock how often: each source has an allowance, and none uses up another's.

Serves the listener. Remembers a bounded number of sources, whoever they are, and nothing of what
they asked for. Never reads a header: behind a proxy all visitors are one source.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address

from bot.clock import Clock

BURST = 60
"""A service that tells of films once more, after they were found, is not a flood."""
REFILL = timedelta(milliseconds=50)
"""One more every so often: twenty a second."""
SOURCES = 1000
"""So many are remembered; the one that was quiet for longest is forgotten first."""
HOME_BITS = 64
"""Of an IPv6 address, its last: whoever has one address has all that begin likewise."""


@dataclass(slots=True)
class _Allowance:
    left: float
    counted_at: timedelta


class Visitors:
    """Counts visits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._allowances: OrderedDict[str, _Allowance] = OrderedDict()

    def admit(self, address: str) -> bool:
        """Count a visit from an IP address; tell whether it is within the source's allowance."""
        now, source = self._clock.monotonic(), _source(address)
        allowance = self._allowances.pop(source, None) or _Allowance(BURST, now)
        self._allowances[source] = allowance
        if len(self._allowances) > SOURCES:
            self._allowances.popitem(last=False)
        gained = (now - allowance.counted_at) / REFILL
        allowance.left = min(BURST, allowance.left + gained)
        allowance.counted_at = now
        if allowance.left < 1:
            return False
        allowance.left -= 1
        return True


def _source(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:  # a Unix socket has none
        return ""
    if isinstance(ip, IPv4Address) or ip.ipv4_mapped:
        return str(ip)
    return str(int(ip) >> HOME_BITS)
